import { describe, expect, test } from "bun:test";
import type { DialectName } from "../../../src/data/index.ts";
import { ENCODERS } from "../../../src/data/codec/encode.ts";
import { onEveryDatabase } from "./databases.ts";
import { type Kind } from "./kinds.ts";

const DIALECTS: readonly DialectName[] = ["sqlite", "postgres", "mysql"];

/** What no parameter may be, the databases that it is refused for, and why. */
const REFUSED: readonly (readonly [value: unknown, told: string, dialects: readonly DialectName[]])[] = [
  [undefined, "undefined; use null for SQL's null", DIALECTS],
  [() => 1, "a function", DIALECTS],
  [Symbol("a"), "a symbol", DIALECTS],
  [Number.NaN, "NaN: SQLite has none, and would keep null", ["sqlite"]],
  [Number.NaN, "NaN: MySQL has none, and would keep null", ["mysql"]],
  [Number.NEGATIVE_INFINITY, "-Infinity: MySQL has none, and would keep null", ["mysql"]],
  [2n ** 63n, "a bigint of more than 64 bits", ["sqlite"]],
  [-(2n ** 63n) - 1n, "a bigint of more than 64 bits", ["sqlite"]],
];

describe("a parameter is refused that is", () => {
  const cases = REFUSED.flatMap(([value, told, dialects]) =>
    dialects.map((dialect) => [told, dialect, value] as const),
  );
  test.each(cases)("%s, for %s", (told, dialect, value) => {
    expect(() => ENCODERS[dialect](value)).toThrow(new TypeError(`A parameter of a query is ${told}`));
  });
});

/** What goes to SQLite in another form: it has none of these types. */
const ENCODED: readonly (readonly [what: string, value: unknown, sent: unknown])[] = [
  ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
  ["an object", { a: [1] }, '{"a":[1]}'],
  ["an array", [1, "b"], '[1,"b"]'],
  ["a buffer", new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2])],
  ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  ["infinity", Infinity, Infinity],
  ["a 64-bit integer", -(2n ** 63n), -(2n ** 63n)],
];

test.each(ENCODED)("%s goes to SQLite in its own form", (_, value, sent) => {
  expect(ENCODERS.sqlite(value)).toEqual(sent);
});

onEveryDatabase((db, name) => {
  const insert = (kind: Kind, value: unknown) =>
    db()
      .insertInto("things")
      .values({ [kind]: value })
      .execute()
      .then(
        () => "kept",
        (error: { code?: unknown; errno?: unknown }) =>
          String(error.code === "ERR_POSTGRES_SERVER_ERROR" ? error.errno : (error.code ?? error)),
      );

  /** What each database says to a value that it cannot hold. */
  const CANNOT: readonly (readonly [
    what: string,
    kind: Kind,
    value: unknown,
    sqlite: string,
    postgres: string,
    mariadb: string,
  ])[] = [
    ["a NUL in a text", "text", "a\0b", "kept", "22021", "kept"],
    ["a NUL in JSON", "json", { a: "b\0c" }, "kept", "22P05", "kept"],
    [
      "an invalid date",
      "timestamp",
      new Date(Number.NaN),
      "RangeError: Invalid Date",
      "22007",
      "ERR_INVALID_ARG_VALUE",
    ],
    ["a text that is none of the enum", "enum", "z", "SQLITE_CONSTRAINT_CHECK", "23514", "ERR_MYSQL_SERVER_ERROR"],
    ["an integer of more than 32 bits", "int32", 2147483648, "kept", "22003", "ERR_MYSQL_SERVER_ERROR"],
    ["a day that is none", "date", "2026-02-30", "kept", "22008", "ERR_MYSQL_SERVER_ERROR"],
  ];

  test.each(CANNOT)("%s", async (_, kind, value, sqlite, postgres, mariadb) => {
    expect(await insert(kind, value)).toBe({ SQLite: sqlite, PostgreSQL: postgres, MariaDB: mariadb }[name]);
    if (sqlite !== "kept" || name === "PostgreSQL") return;
    const row = await db().selectFrom("things").select(kind).where(kind, "is not", null).executeTakeFirst();
    if (row !== undefined) expect(row).toEqual({ [kind]: value } as never);
    await db().deleteFrom("things").execute();
  });
});
