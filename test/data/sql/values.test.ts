import { describe, expect, test } from "bun:test";
import { postgresJson } from "../../../src/data/sql/index.ts";
import { change, first, onEach } from "./kinds.ts";

/** What a column of each kind is declared as, what is sent to it, and what comes back: what the codecs count on. */
type Case = readonly [type: string, sent: unknown, back: unknown];

const LONG = "long 😀 ".repeat(125_000);
const BYTES = Uint8Array.from({ length: 256 }, (_, n) => n);
const MOMENT = new Date("2024-02-29T23:59:59.999Z");
const JSON_VALUES: readonly unknown[] = [
  { a: [1, null, "é😀"], b: { c: true } },
  [],
  "text",
  "42",
  '{"a":1}',
  42,
  1.5,
  true,
  false,
];

const POSTGRES: readonly Case[] = [
  ["bigint", 5, "5"],
  ["bigint", 9007199254740993n, "9007199254740993"],
  ["bigint", "-9223372036854775808", "-9223372036854775808"],
  ["integer", -2147483648, -2147483648],
  ["double precision", 0.1, 0.1],
  ["double precision", 3, 3],
  ["double precision", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["numeric(38,10)", "1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"],
  ["numeric(10,2)", "1.5", "1.50"],
  ["text", "", ""],
  ["text", "a'b\"c\\d 😀 \u{10ffff}", "a'b\"c\\d 😀 \u{10ffff}"],
  ["text", LONG, LONG],
  ["text", null, null],
  ["boolean", true, true],
  ["timestamptz(3)", MOMENT, MOMENT],
  ["timestamptz(3)", new Date(-62_135_596_800_000), new Date("0001-01-01T00:00:00.000Z")],
  ["timestamptz(3)", new Date(8.64e15), new Date(8.64e15)],
  ["date", "2024-02-29", new Date("2024-02-29T00:00:00.000Z")],
  ["bytea", BYTES, Buffer.from(BYTES)],
  ["bytea", new Uint8Array(0), Buffer.alloc(0)],
  ["uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ...JSON_VALUES.map((value): Case => ["jsonb", postgresJson(value), value]),
  ["jsonb", postgresJson(null), null],
];

const MARIADB: readonly Case[] = [
  ["bigint", 5, 5],
  ["bigint", 2 ** 31, "2147483648"],
  ["bigint", 9007199254740993n, "9007199254740993"],
  ["bigint", "-9223372036854775808", "-9223372036854775808"],
  ["int", -2147483648, -2147483648],
  ["double", 0.1, 0.1],
  ["decimal(38,10)", "1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"],
  ["decimal(10,2)", "1.5", "1.50"],
  ["longtext", "", ""],
  ["longtext", "a'b\"c\\d 😀 \0 \u{10ffff}", "a'b\"c\\d 😀 \0 \u{10ffff}"],
  ["longtext", LONG, LONG],
  ["longtext", null, null],
  ["tinyint(1)", true, 1],
  ["tinyint(1)", false, 0],
  ["datetime(3)", MOMENT, MOMENT],
  ["timestamp(3) null", MOMENT, MOMENT],
  ["datetime(3)", new Date("0001-01-01T00:00:00.000Z"), new Date("0001-01-01T00:00:00.000Z")],
  ["date", "2024-02-29", new Date("2024-02-29T00:00:00.000Z")],
  ["longblob", BYTES, Buffer.from(BYTES)],
  ["longblob", new Uint8Array(0), Buffer.alloc(0)],
  ["char(36)", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"],
  ...JSON_VALUES.map((value): Case => ["json", JSON.stringify(value), value]),
  ["json", "null", null],
];

onEach("a value", (kind, { engine }) => {
  const cases = kind.name === "MariaDB" ? MARIADB : POSTGRES;
  const charset = kind.name === "MariaDB" ? " default charset utf8mb4" : "";
  let tables = 0;

  test.each(cases.map((row) => [row[0], shown(row[1]), row] as const))("of %s survives: %s", async (_, __, row) => {
    const [type, sent, back] = row;
    const db = engine({ max: 1 });
    const table = `value_${++tables}`;
    await change(db, `create table ${table} (v ${type})${charset}`);
    await change(db, `insert into ${table} values (${kind.mark(1)})`, [sent]);
    expect((await first(db, `select v from ${table} where 1 = ${kind.mark(1)}`, [1]))?.["v"]).toEqual(back);
    // The other form in which a server sends values.
    expect((await first(db, `select v from ${table}`))?.["v"]).toEqual(back);
  });

  test("of JSON's null is another than SQL's", async () => {
    const db = engine({ max: 1 });
    const type = kind.name === "MariaDB" ? "json" : "jsonb";
    await change(db, `create table nothing (v ${type})${charset}`);
    const insert = `insert into nothing values (${kind.mark(1)})`;
    await change(db, insert, [kind.name === "MariaDB" ? "null" : postgresJson(null)]);
    await change(db, insert, [null]);
    expect(await first(db, "select count(v) as json, count(*) as all_rows from nothing")).toEqual(
      kind.name === "MariaDB" ? { json: 1, all_rows: 2 } : { json: "1", all_rows: "2" },
    );
  });
});

describe("postgresJson", () => {
  test.each(["mysql://localhost/x", "sqlite://x.db", "postgres://localhost/x"])(
    "does not depend on the environment: DATABASE_URL=%s",
    async (url) => {
      const door = new URL("../../../src/data/sql/index.ts", import.meta.url).pathname;
      const script = `const { postgresJson } = await import(${JSON.stringify(door)}); console.log(typeof postgresJson({}))`;
      const child = Bun.spawn([process.execPath, "--eval", script], { env: { ...process.env, DATABASE_URL: url } });
      expect(await new Response(child.stdout).text()).toBe("object\n");
    },
  );
});

const shown = (value: unknown): string => (Bun.inspect(value) ?? "").replaceAll(/\s+/g, " ").slice(0, 60);
