import type { DialectName } from "../engine/index.ts";

/** Turns a parameter into what the driver takes, by the value alone; what a column's kind decides is done in `write.ts`. */
export type Encode = (value: unknown) => unknown;

/** `bun:sqlite` refuses dates, objects and arrays, and would change other values without a word. */
function forSqlite(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isNaN(value) ? refuse("NaN: SQLite has none, and would keep null") : value;
    case "bigint":
      return BigInt.asIntN(64, value) === value ? value : refuse("a bigint of more than 64 bits");
    case "object":
      if (value === null || ArrayBuffer.isView(value)) return value;
      if (value instanceof Date) return value.toISOString();
      return value instanceof ArrayBuffer ? new Uint8Array(value) : JSON.stringify(value);
    default:
      return other(value);
  }
}

function forPostgres(value: unknown): unknown {
  return typeof value === "undefined" || typeof value === "function" || typeof value === "symbol"
    ? other(value)
    : value;
}

function forMysql(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value))
    return refuse(`${value}: MySQL has none, and would keep null`);
  return forPostgres(value);
}

const other = (value: unknown): never =>
  refuse(value === undefined ? "undefined; use null for SQL's null" : `a ${typeof value}`);

function refuse(told: string): never {
  throw new TypeError(`A parameter of a query is ${told}`);
}

/** The encoder of each dialect. */
export const ENCODERS: Readonly<Record<DialectName, Encode>> = {
  sqlite: forSqlite,
  postgres: forPostgres,
  mysql: forMysql,
};
