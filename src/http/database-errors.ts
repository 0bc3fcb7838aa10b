import { Conflict, type HttpError, type HttpErrorOptions, NotFound, UnprocessableEntity } from "./errors.ts";

type Violation = "unique" | "foreign_key" | "not_null";

/** SQLite's extended codes, SQLSTATEs, MySQL's numbers: what each means. */
const VIOLATIONS: Readonly<Record<string, Violation>> = {
  SQLITE_CONSTRAINT_UNIQUE: "unique",
  SQLITE_CONSTRAINT_PRIMARYKEY: "unique",
  SQLITE_CONSTRAINT_FOREIGNKEY: "foreign_key",
  SQLITE_CONSTRAINT_NOTNULL: "not_null",
  "23505": "unique",
  "23503": "foreign_key",
  "23502": "not_null",
  "1062": "unique",
  "1451": "foreign_key",
  "1452": "foreign_key",
  "1048": "not_null",
  "1364": "not_null",
};

/**
 * The answer that a database's error deserves: Kysely's `NoResultError` is 404, a violated unique or foreign key 409, a missing
 * value 422; `extra` names the constraint and its columns, never a value. `undefined` for every other error.
 *
 * Reads the fields that bun:sqlite, Bun.SQL, pg and mysql2 put on their errors; needs none of them.
 */
export function databaseError(error: unknown): HttpError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "NoResultError" || error.constructor.name === "NoResultError")
    return new NotFound(undefined, { cause: error });
  const fields = error as Error & { code?: unknown; errno?: unknown; column?: unknown; detail?: unknown };
  const violation = VIOLATIONS[String(fields.code)] ?? VIOLATIONS[String(fields.errno)];
  if (violation === undefined) return undefined;
  const options = { cause: error, extra: { constraint: violation, columns: columnsOf(fields) } };
  return ANSWERS[violation](options);
}

const ANSWERS: Readonly<Record<Violation, (options: HttpErrorOptions) => HttpError>> = {
  unique: (options) => new Conflict("Already exists", options),
  foreign_key: (options) => new Conflict("Refers to something that does not exist, or is referred to", options),
  not_null: (options) => new UnprocessableEntity("A required value is missing", options),
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
