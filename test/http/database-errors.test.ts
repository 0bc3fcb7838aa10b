import { describe, expect, test } from "bun:test";
import { NoResultError } from "kysely";
import { databaseError } from "../../src/http/index.ts";

/** Errors as the drivers throw them, and what a client is told. */
const ERRORS: readonly (readonly [told: string, fields: object, message: string, status: number, extra: unknown])[] = [
  // bun:sqlite
  [
    "unique, SQLite",
    { code: "SQLITE_CONSTRAINT_UNIQUE" },
    "UNIQUE constraint failed: users.email",
    409,
    unique("email"),
  ],
  [
    "key, SQLite",
    { code: "SQLITE_CONSTRAINT_PRIMARYKEY" },
    "UNIQUE constraint failed: a.b, a.c",
    409,
    unique("b", "c"),
  ],
  [
    "foreign key, SQLite",
    { code: "SQLITE_CONSTRAINT_FOREIGNKEY" },
    "FOREIGN KEY constraint failed",
    409,
    violation("foreign_key"),
  ],
  [
    "null, SQLite",
    { code: "SQLITE_CONSTRAINT_NOTNULL" },
    "NOT NULL constraint failed: users.name",
    422,
    violation("not_null", "name"),
  ],
  ["check, SQLite", { code: "SQLITE_CONSTRAINT_CHECK" }, "CHECK constraint failed: users_age", 422, violation("check")],
  ["busy, SQLite", { code: "SQLITE_BUSY" }, "database is locked", 503, undefined],
  ["snapshot, SQLite", { code: "SQLITE_BUSY_SNAPSHOT" }, "database is locked", 503, undefined],
  // Bun.SQL has the SQLSTATE in errno, pg in code.
  [
    "unique, PostgreSQL",
    { errno: "23505", detail: "Key (email)=(secret) already exists." },
    "duplicate key",
    409,
    unique("email"),
  ],
  [
    "unique, pg",
    { code: "23505", detail: "Key (a, b)=(1, 2) already exists." },
    "duplicate key",
    409,
    unique("a", "b"),
  ],
  [
    "foreign key, PostgreSQL",
    { errno: "23503", detail: "Key (authorId)=(9) is not present." },
    "violates",
    409,
    violation("foreign_key", "authorId"),
  ],
  ["null, PostgreSQL", { errno: "23502", column: "name" }, "null value", 422, violation("not_null", "name")],
  [
    "check, PostgreSQL",
    { errno: "23514", constraint: "users_age" },
    "violates check constraint",
    422,
    violation("check"),
  ],
  ["out of range, PostgreSQL", { errno: "22003" }, "integer out of range", 422, violation("range")],
  [
    "too long, PostgreSQL",
    { errno: "22001" },
    "value too long for type character varying(3)",
    422,
    violation("too_long"),
  ],
  [
    "NUL, PostgreSQL",
    { errno: "22021" },
    'invalid byte sequence for encoding "UTF8": 0x00',
    422,
    violation("character"),
  ],
  ["NUL in JSON, PostgreSQL", { errno: "22P05" }, "unsupported Unicode escape sequence", 422, violation("character")],
  ["lost race, PostgreSQL", { errno: "40001" }, "could not serialize access", 503, undefined],
  ["deadlock, PostgreSQL", { errno: "40P01" }, "deadlock detected", 503, undefined],
  ["lock not to be had, PostgreSQL", { errno: "55P03" }, "could not obtain lock", 503, undefined],
  ["too slow, pg", { code: "57014" }, "canceling statement due to statement timeout", 503, undefined],
  // MySQL and MariaDB
  ["unique, MySQL", { errno: 1062 }, "Duplicate entry 'secret' for key 'users.email'", 409, unique("email")],
  [
    "foreign key, MySQL",
    { errno: 1452 },
    "Cannot add (… FOREIGN KEY (`authorId`) REFERENCES …)",
    409,
    violation("foreign_key", "authorId"),
  ],
  ["null, MySQL", { errno: 1048 }, "Column 'name' cannot be null", 422, violation("not_null", "name")],
  [
    "no default, MySQL",
    { errno: 1364 },
    "Field 'name' doesn't have a default value",
    422,
    violation("not_null", "name"),
  ],
  ["check, MySQL", { errno: 3819 }, "Check constraint 'users_age' is violated.", 422, violation("check")],
  ["check, MariaDB", { errno: 4025 }, "CONSTRAINT `users_age` failed for `shop`.`users`", 422, violation("check")],
  [
    "out of range, MySQL",
    { errno: 1264 },
    "Out of range value for column 'age' at row 1",
    422,
    violation("range", "age"),
  ],
  ["too long, MySQL", { errno: 1406 }, "Data too long for column 'name' at row 1", 422, violation("too_long", "name")],
  [
    "a character of another set, MySQL",
    { errno: 1366 },
    "Incorrect string value: '\\xF0\\x9F' for column 'name' at row 1",
    422,
    violation("character", "name"),
  ],
  ["deadlock, MySQL", { errno: 1213 }, "Deadlock found when trying to get lock", 503, undefined],
  ["lock not to be had, MySQL", { errno: 1205 }, "Lock wait timeout exceeded", 503, undefined],
  ["too slow, MySQL", { errno: 3024 }, "Query execution was interrupted", 503, undefined],
  [
    "too slow, MariaDB",
    { errno: 1969 },
    "Query execution was interrupted (max_statement_time exceeded)",
    503,
    undefined,
  ],
];

function violation(constraint: string, ...columns: string[]) {
  return { constraint, columns };
}

function unique(...columns: string[]) {
  return violation("unique", ...columns);
}

describe("a database's error is answered", () => {
  test.each(ERRORS)("%s", (_, fields, message, status, extra) => {
    const error = Object.assign(new Error(message), fields);
    const answer = databaseError(error);
    expect([answer?.status, answer?.extra, answer?.cause]).toEqual([status, extra, error]);
    expect(JSON.stringify([answer?.detail, answer?.extra])).not.toContain("secret");
    expect(answer?.headers).toEqual(status === 503 ? { "retry-after": "1" } : undefined);
  });

  test("no result is 404", () => {
    expect(databaseError(new NoResultError({} as never))?.status).toBe(404);
  });

  test.each([
    ["a plain error", new Error("UNIQUE constraint failed: users.email")],
    ["a syntax error", Object.assign(new Error("syntax error"), { errno: "42601" })],
    ["something thrown that is no error", { errno: 1062 }],
    ["nothing", undefined],
  ])("%s is not", (_, error) => {
    expect(databaseError(error)).toBeUndefined();
  });
});
