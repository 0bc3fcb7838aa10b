import { describe, expect, test } from "bun:test";
import { t } from "bolide";
import {
  type Builders,
  database,
  type DialectName,
  model,
  mysql,
  postgres,
  prepared,
  sqlite,
} from "../../../src/data/index.ts";
import type { TSchema } from "../../../src/schema/index.ts";

const Thing = model("things", { id: t.PrimaryKey(), value: t.Json(), label: t.String() });
const open = {
  sqlite: () => database(sqlite(":memory:"), { things: Thing }),
  postgres: () => database(postgres("postgres://127.0.0.1:1/none"), { things: Thing }),
  mysql: () => database(mysql("mysql://127.0.0.1:1/none"), { things: Thing }),
} as const;

/** The text behind `where "value" in`, by dialect: one parameter, whatever the list's length. */
const LISTS: Readonly<
  Record<
    string,
    readonly [named: (p: Builders) => unknown, schema: TSchema, texts: Readonly<Record<DialectName, string>>]
  >
> = {
  integers: [
    (p) => p.integers("list"),
    t.Array(t.Integer()),
    {
      sqlite: "(select value from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::bigint)",
      mysql: "(select value from json_table(?, '$[*]' columns (value bigint path '$')) as list)",
    },
  ],
  numbers: [
    (p) => p.numbers("list"),
    t.Array(t.Number()),
    {
      sqlite: "(select value from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::double precision)",
      mysql: "(select value from json_table(?, '$[*]' columns (value double path '$')) as list)",
    },
  ],
  bigints: [
    (p) => p.bigints("list"),
    t.Array(t.BigInt()),
    {
      sqlite: "(select cast(value as integer) from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::bigint)",
      mysql: "(select value from json_table(?, '$[*]' columns (value bigint path '$')) as list)",
    },
  ],
  texts: [
    (p) => p.texts("list"),
    t.Array(t.String()),
    {
      sqlite: "(select value from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::text)",
      mysql:
        "(select value from json_table(?, '$[*]' columns (value longtext character set utf8mb4 path '$')) as list)",
    },
  ],
  uuids: [
    (p) => p.uuids("list"),
    t.Array(t.Uuid()),
    {
      sqlite: "(select value from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::uuid)",
      mysql: "(select value from json_table(?, '$[*]' columns (value char(36) path '$')) as list)",
    },
  ],
};

/** Lists that are only declared. */
const DECLARED: Readonly<Record<string, readonly [schema: TSchema, texts: Readonly<Record<DialectName, string>>]>> = {
  bytes: [
    t.Array(t.Bytes()),
    {
      sqlite: "(select unhex(value) from json_each(?))",
      postgres: "(select decode(value, 'hex') from jsonb_array_elements_text($1::text::jsonb) as list(value))",
      mysql:
        "(select unhex(value) from json_table(?, '$[*]' columns (value longtext character set utf8mb4 path '$')) as list)",
    },
  ],
  timestamps: [
    t.Array(t.Timestamp()),
    {
      sqlite: "(select value from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::timestamptz)",
      mysql: "(select value from json_table(?, '$[*]' columns (value datetime(3) path '$')) as list)",
    },
  ],
  enums: [
    t.Array(t.StringEnum(["a"])),
    {
      sqlite: "(select value from json_each(?))",
      postgres: "(select jsonb_array_elements_text($1::text::jsonb)::text)",
      mysql:
        "(select value from json_table(?, '$[*]' columns (value longtext character set utf8mb4 path '$')) as list)",
    },
  ],
};

const DIALECTS = Object.keys(open) as DialectName[];
const quoted = (dialect: DialectName, name: string) => (dialect === "mysql" ? `\`${name}\`` : `"${name}"`);

describe.each(DIALECTS)("on %s", (dialect) => {
  const db = open[dialect]();
  const before = `select ${quoted(dialect, "id")} from ${quoted(dialect, "things")} where ${quoted(dialect, "value")}`;
  const select = (p: unknown) =>
    db
      .selectFrom("things")
      .select("id")
      .where("value", "in", p as never);

  test.each(Object.keys(LISTS))("a list of %s is one parameter, named in place or declared", (name) => {
    const [named, schema, texts] = LISTS[name]!;
    expect(prepared(db, (_, p) => select(named(p))).sql).toBe(`${before} in ${texts[dialect]}`);
    expect(prepared(db, { list: schema }, (_, p) => select(p.list)).sql).toBe(`${before} in ${texts[dialect]}`);
  });

  test.each(Object.keys(DECLARED))("a declared list of %s is one parameter", (name) => {
    const [schema, texts] = DECLARED[name]!;
    expect(prepared(db, { list: schema }, (_, p) => select(p.list)).sql).toBe(`${before} in ${texts[dialect]}`);
  });

  test("any other parameter is the dialect's own", () => {
    const mark = dialect === "postgres" ? ["$1", "$2"] : ["?", "?"];
    const query = prepared(db, (q, p) =>
      q.selectFrom("things").select("id").where("id", "=", p.integer("id")).where("label", "=", p.text("label")),
    );
    expect(query.sql).toBe(
      before.replace(/ where .*/, "") +
        ` where ${quoted(dialect, "id")} = ${mark[0]} and ${quoted(dialect, "label")} = ${mark[1]}`,
    );
  });
});
