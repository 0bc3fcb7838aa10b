import type { AnyModel, Kysely } from "../../data/index.ts";

type Values = Readonly<Record<string, unknown>>;

/** Inserts a row and gives it as the database has it, whether or not that can do both in one statement. */
export async function insertRow(db: Kysely<any>, model: AnyModel, values: Values): Promise<Values> {
  const { table, primaryKey } = model;
  const empty = Object.keys(values).length === 0;
  const insert = empty ? db.insertInto(table).defaultValues() : db.insertInto(table).values(values);
  if (db.getExecutor().adapter.supportsReturning) return insert.returningAll().executeTakeFirstOrThrow();
  const { insertId } = await insert.executeTakeFirstOrThrow();
  let query = db.selectFrom(table).selectAll();
  for (const name of primaryKey) query = query.where(name, "=", values[name] ?? Number(insertId));
  return query.executeTakeFirstOrThrow();
}
