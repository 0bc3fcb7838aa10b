import { SQL } from "bun";

let marking: SQL | undefined;

/**
 * A parameter for a JSON column of PostgreSQL: every kind of JSON as itself. Bare, a text would be encoded once more, and a number is
 * refused. Not `Bun.sql.json`: where DATABASE_URL names MySQL or SQLite that gives a text, which PostgreSQL then stores as one.
 */
export function postgresJson(value: unknown): unknown {
  // Never connects: what makes the parameter is a method of a client.
  marking ??= new SQL("postgres://localhost", { max: 1 });
  return marking.json(value);
}
