import { type AnyDatabase, columnTypes } from "bolide/data";

export async function up(db: AnyDatabase): Promise<void> {
  const type = columnTypes(db);
  await db.schema
    .createTable("countries")
    .addColumn("country", type.keyText, (column) => column.notNull().primaryKey())
    .addColumn("places", type.integer, (column) => column.notNull())
    .addColumn("population", type.integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("places")
    .addColumn("id", type.integer, (column) => column.notNull().primaryKey())
    .addColumn("name", type.text(200), (column) => column.notNull())
    .addColumn("country", type.text(), (column) => column.notNull())
    .addColumn("admin", type.text(20))
    .addColumn("feature", type.text(), (column) => column.notNull().defaultTo(type.literal("PPL")))
    .addColumn("population", type.integer, (column) => column.notNull().defaultTo(0))
    .addColumn("latitude", type.number, (column) => column.notNull())
    .addColumn("longitude", type.number, (column) => column.notNull())
    .addColumn("x", type.number, (column) => column.notNull())
    .addColumn("y", type.number, (column) => column.notNull())
    .addColumn("z", type.number, (column) => column.notNull())
    .addColumn("folded", type.text(), (column) => column.notNull())
    .execute();
}

export async function down(db: AnyDatabase): Promise<void> {
  await db.schema.dropTable("places").execute();
  await db.schema.dropTable("countries").execute();
}
