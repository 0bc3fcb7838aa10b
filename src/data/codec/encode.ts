import type { DialectName } from "../engine/index.ts";

/** Turns a parameter into what the driver takes, by the value alone; what a column's kind decides is done in `compiler.ts`. */
export type Encode = (value: unknown) => unknown;

/** `bun:sqlite` refuses dates, objects and arrays, and would bind `undefined` as null. */
function forSqlite(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value === undefined ? missing() : value;
  if (value instanceof Date) return value.toISOString();
  return ArrayBuffer.isView(value) ? value : JSON.stringify(value);
}

function forServer(value: unknown): unknown {
  return value === undefined ? missing() : value;
}

function missing(): never {
  throw new TypeError("A parameter of a query is undefined; use null for SQL's null");
}

/** The encoder of each dialect. */
export const ENCODERS: Readonly<Record<DialectName, Encode>> = {
  sqlite: forSqlite,
  postgres: forServer,
  mysql: forServer,
};
