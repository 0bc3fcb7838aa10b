import { ColumnDefinitionBuilder, ColumnDefinitionNode, sql } from "kysely";
import { type Alter, type BuildColumn, simpleStep } from "./step.ts";

/** One statement for each step; a changed column is defined as a whole. */
export const alterMysql: Alter = async (db, table, steps) => {
  for (const step of steps) {
    const builder = db.schema.alterTable(table);
    if (step.kind === "changeColumn") {
      await builder.modifyColumn(step.name, step.type, withoutKey(step.build)).execute();
    } else if (step.kind === "dropIndex") {
      await db.schema.dropIndex(step.name).on(table).execute();
    } else if (step.kind === "changePrimaryKey") {
      const columns = sql.join(step.columns.map((column) => sql.ref(column)));
      await sql`alter table ${sql.table(table)} drop primary key, add primary key (${columns})`.execute(db);
    } else {
      await simpleStep(builder, step).execute();
    }
  }
};

/** The key stays as it is: to name it again would add another. */
const withoutKey =
  (build: BuildColumn): BuildColumn =>
  (column) => {
    const node = build(column).toOperationNode();
    return new ColumnDefinitionBuilder(
      ColumnDefinitionNode.cloneWith(node, {
        primaryKey: false,
        notNull: node.primaryKey === true || node.notNull === true,
      }),
    );
  };
