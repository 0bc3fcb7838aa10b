import {
  Conflict,
  type HttpError,
  type HttpErrorOptions,
  NotFound,
  ServiceUnavailable,
  UnprocessableEntity,
} from "./errors.ts";

type Violation = "unique" | "foreign_key" | "not_null" | "check" | "range" | "too_long" | "character";

/** SQLite's extended codes, SQLSTATEs, the numbers of MySQL and MariaDB: what each means. */
const VIOLATIONS: Readonly<Record<string, Violation>> = {
  SQLITE_CONSTRAINT_UNIQUE: "unique",
  SQLITE_CONSTRAINT_PRIMARYKEY: "unique",
  SQLITE_CONSTRAINT_FOREIGNKEY: "foreign_key",
  SQLITE_CONSTRAINT_NOTNULL: "not_null",
  SQLITE_CONSTRAINT_CHECK: "check",
  "23505": "unique",
  "23503": "foreign_key",
  "23502": "not_null",
  "23514": "check",
  "22003": "range",
  "22001": "too_long",
  // PostgreSQL has no NUL in a text, nor in JSON.
  "22021": "character",
  "22P05": "character",
  "1062": "unique",
  "1451": "foreign_key",
  "1452": "foreign_key",
  "1048": "not_null",
  "1364": "not_null",
  "3819": "check",
  "4025": "check",
  "1264": "range",
  "1406": "too_long",
  "1366": "character",
};

/**
 * What passes: a transaction lost against another one as often as it was tried, a lock was not to be had in time, a statement
 * took too long. Bolide's own databases say the last two by themselves; pg and mysql2 do not.
 */
const PASSING =
  /^(?:40001|40P01|55P03|57014|1205|1213|1020|1969|3024|ER_LOCK_DEADLOCK|ER_LOCK_WAIT_TIMEOUT|SQLITE_(?:BUSY|LOCKED)\w*)$/;

/** Kysely's class of that name; a bundler numbers it where another class has the name too. */
const NO_RESULT = /^NoResultError\d*$/;

/** Seconds after which a client may try again. */
const RETRY_AFTER = "1";

/**
 * The answer that a database's error deserves: Kysely's `NoResultError` is 404; a violated unique or foreign key 409; a missing value,
 * one that is too long, out of range or cannot be kept, and a violated check 422, where `extra` names the constraint and its columns, never a value;
 * a deadlock, a lost race and a timeout 503. `undefined` for every other error.
 *
 * Reads the fields that bun:sqlite, Bun.SQL, pg and mysql2 put on their errors; needs none of them.
 */
export function databaseError(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (NO_RESULT.test(error.name) || NO_RESULT.test(error.constructor.name))
    return new NotFound(undefined, { cause: error });
  const fields = error as Error & { code?: unknown; errno?: unknown; column?: unknown; detail?: unknown };
  const codes = [String(fields.code), String(fields.errno)];
  if (codes.some((code) => PASSING.test(code)))
    return new ServiceUnavailable("The database is busy", { cause: error, headers: { "retry-after": RETRY_AFTER } });
  const violation = codes.map((code) => VIOLATIONS[code]).find((known) => known !== undefined);
  if (violation === undefined) return undefined;
  // SQLite and MariaDB name a check where they else name columns.
  const columns = violation === "check" ? [] : columnsOf(fields);
  return ANSWERS[violation]({ cause: error, extra: { constraint: violation, columns } });
}

const ANSWERS: Readonly<Record<Violation, (options: HttpErrorOptions) => HttpError>> = {
  unique: (options) => new Conflict("Already exists", options),
  foreign_key: (options) => new Conflict("Refers to something that does not exist, or is referred to", options),
  not_null: (options) => new UnprocessableEntity("A required value is missing", options),
  check: (options) => new UnprocessableEntity("A value is not allowed", options),
  range: (options) => new UnprocessableEntity("A number is out of range", options),
  too_long: (options) => new UnprocessableEntity("A value is too long", options),
  character: (options) => new UnprocessableEntity("A text has a character that the database cannot keep", options),
};

function columnsOf(error: Error & { column?: unknown; detail?: unknown }): string[] {
  if (typeof error.column === "string" && error.column !== "") return [error.column];
  const postgres = typeof error.detail === "string" ? /^Key \(([^)]*)\)=/.exec(error.detail) : null;
  const sqlite = /constraint failed: ([\w.," ]+)$/.exec(error.message);
  const mysql = /for key '([^']+)'|[Cc]olumn '([^']+)'|FOREIGN KEY \(`([^`]+)`\)|Field '([^']+)'/.exec(error.message);
  const found = postgres?.[1] ?? sqlite?.[1] ?? mysql?.slice(1).find((group) => group !== undefined) ?? "";
  return found
    .split(",")
    .map((name) => name.trim().replaceAll('"', "").replace(/^.*\./, ""))
    .filter((name) => name !== "");
}
