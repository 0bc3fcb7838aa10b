import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  Kysely,
  MysqlQueryCompiler,
  PostgresQueryCompiler,
  type QueryCompiler,
  sql,
  SqliteQueryCompiler,
} from "kysely";
import type { DialectName } from "../../../src/data/index.ts";
import { type Order, partsBehind, type Position } from "../../../src/views/pagination/seek.ts";
import { DATABASES, type ItemsDb } from "./databases.ts";

const up = (reference: string, nullable = false): Order => ({ reference, nullable, descending: false });
const down = (reference: string, nullable = false): Order => ({ reference, nullable, descending: true });

const behind = (values: readonly unknown[], fewTies = false, inclusive = false): Position => ({
  value: (at) => sql`${values[at]}`,
  isNull: (at) => values[at] === null,
  fewTies,
  inclusive,
});

const COMPILERS: Readonly<Record<DialectName, QueryCompiler>> = {
  sqlite: new SqliteQueryCompiler(),
  postgres: new PostgresQueryCompiler(),
  mysql: new MysqlQueryCompiler(),
};

const written = (dialect: DialectName, order: readonly Order[], position: Position): string[] =>
  partsBehind(dialect, order, position).map(({ where: part }) => {
    const { sql: text, parameters } = COMPILERS[dialect].compileQuery(part.toOperationNode(), { queryId: "" });
    let at = 0;
    return text.replaceAll(/\?|\$\d+/g, () => String(parameters[at++]));
  });

const same = (text: string) => ({ sqlite: [text], postgres: [text], mysql: [text.replaceAll('"', "`")] });

describe("the rows behind a position", () => {
  const table: readonly (readonly [
    name: string,
    order: readonly Order[],
    position: Position,
    expected: Readonly<Record<DialectName, readonly string[]>>,
  ])[] = [
    ["one column", [up("id")], behind([7]), same('"id" > 7')],
    ["one column, downwards", [down("id")], behind([7]), same('"id" < 7')],
    ["the position's own row as well", [down("id")], behind([7], false, true), same('"id" <= 7')],
    [
      "two columns of one direction",
      [down("at"), down("id")],
      behind([5, 7]),
      {
        sqlite: ['("at" = 5 and "id" < 7)', '"at" < 5'],
        postgres: ['("at", "id") < (5, 7)'],
        mysql: ["(`at` <= 5 and (`at` < 5 or (`at` = 5 and `id` < 7)))"],
      },
    ],
    [
      "the same where the first has few ties",
      [down("at"), down("id")],
      behind([5, 7], true),
      {
        sqlite: ['("at", "id") < (5, 7)'],
        postgres: ['("at", "id") < (5, 7)'],
        mysql: ["(`at` <= 5 and (`at` < 5 or (`at` = 5 and `id` < 7)))"],
      },
    ],
    [
      "two columns of two directions",
      [down("at"), up("id")],
      behind([5, 7]),
      {
        sqlite: ['("at" = 5 and "id" > 7)', '"at" < 5'],
        postgres: ['("at" <= 5 and ("at" < 5 or ("at" = 5 and "id" > 7)))'],
        mysql: ["(`at` <= 5 and (`at` < 5 or (`at` = 5 and `id` > 7)))"],
      },
    ],
    [
      "a column with nulls, upwards",
      [up("rank", true), up("id")],
      behind([5, 7]),
      {
        sqlite: ['("rank" = 5 and "id" > 7)', '"rank" > 5'],
        postgres: ['("rank", "id") > (5, 7)', '"rank" is null'],
        mysql: ["(`rank` >= 5 and (`rank` > 5 or (`rank` = 5 and `id` > 7)))"],
      },
    ],
    [
      "a column with nulls, downwards",
      [down("rank", true), down("id")],
      behind([5, 7]),
      {
        sqlite: ['("rank" = 5 and "id" < 7)', '"rank" < 5', '"rank" is null'],
        postgres: ['("rank", "id") < (5, 7)'],
        mysql: ["(`rank` <= 5 and (`rank` < 5 or (`rank` = 5 and `id` < 7)))", "`rank` is null"],
      },
    ],
    [
      "a null, upwards",
      [up("rank", true), up("id")],
      behind([null, 7]),
      {
        sqlite: ['("rank" is null and "id" > 7)', '"rank" is not null'],
        postgres: ['("rank" is null and "id" > 7)'],
        mysql: ["(`rank` is null and `id` > 7)", "`rank` is not null"],
      },
    ],
    [
      "a null in the second column",
      [up("at"), down("rank", true), up("id")],
      behind([5, null, 7]),
      {
        sqlite: ['("at" = 5 and "rank" is null and "id" > 7)', '"at" > 5'],
        postgres: [
          '("at" >= 5 and ("at" > 5 or ("at" = 5 and ("rank" is not null or ("rank" is null and "id" > 7)))))',
        ],
        mysql: ["(`at` >= 5 and (`at` > 5 or (`at` = 5 and (`rank` is null and `id` > 7))))"],
      },
    ],
  ];

  test.each(table)("%s", (_, order, position, expected) => {
    for (const dialect of ["sqlite", "postgres", "mysql"] as const)
      expect({ dialect, parts: written(dialect, order, position) }).toEqual({ dialect, parts: [...expected[dialect]] });
  });
});

/** How a database says that it goes straight to its place in an index, and what it says when it does not. */
const EXPLAIN: Readonly<Record<DialectName, { command: string; seeks: RegExp; scans: RegExp }>> = {
  sqlite: {
    command: "explain query plan",
    seeks: /SEARCH items USING (?:COVERING )?INDEX/,
    scans: /TEMP B-TREE|SCAN items/,
  },
  postgres: { command: "explain (costs off)", seeks: /Index Cond/, scans: /Sort|Seq Scan|Bitmap/ },
  mysql: {
    command: "explain format=json",
    seeks: /"access_type": "(?:range|ref)"/,
    scans: /filesort|"access_type": "(?:ALL|index)"/,
  },
};

const FILLS: Readonly<Record<DialectName, string>> = {
  sqlite: `with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
    insert into items select i, strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i / 3, 'unixepoch'), case when i % 10 = 0 then null else i % 4 end, '1', i, '', '' from n`,
  postgres: `insert into items select i, to_timestamp(1767225600 + i / 3), case when i % 10 = 0 then null else i % 4 end, 1, i, '00000000-0000-4000-8000-000000000000', '' from generate_series(1, 20000) i`,
  mysql: `insert into items select seq, from_unixtime(1767225600 + seq div 3), case when seq % 10 = 0 then null else seq % 4 end, 1, seq, '', '' from seq_1_to_20000`,
};

for (const { dialect, missing, start } of DATABASES) {
  describe.skipIf(missing)(`on ${dialect} a page deep in a list of 20,000 begins at its place in the index`, () => {
    let db: ItemsDb;
    beforeAll(async () => {
      db = await start();
      const rank = dialect === "mysql" ? "`rank`" : "rank";
      for (const text of [
        FILLS[dialect],
        "create index items_at on items (at, id)",
        `create index items_rank on items (${rank}, id)`,
        `create index items_mixed on items (at desc, id asc)`,
        { sqlite: "analyze", postgres: "analyze items", mysql: "analyze table items" }[dialect],
      ])
        await sql.raw(text).execute(db);
    }, 60_000);
    afterAll(() => db.destroy());

    const at = new Date(Date.UTC(2026, 0, 1) + 3_000_000);
    const table: readonly (readonly [name: string, order: readonly Order[], position: Position])[] = [
      ["by a moment", [down("at"), down("id")], behind([at, 9000], true)],
      ["by a moment, the other way", [up("at"), up("id")], behind([at, 9000], true)],
      ["in two directions", [down("at"), up("id")], behind([at, 9000], true)],
      ["by a column with nulls and ties", [down("rank", true), down("id")], behind([2, 9002])],
      ["by the same, upwards", [up("rank", true), up("id")], behind([2, 9002])],
      ["among the nulls", [up("rank", true), up("id")], behind([null, 9000])],
    ];

    test.each(table)("%s", async (_, order, position) => {
      for (const { where, fixed } of partsBehind(dialect, order, position)) {
        const query = order
          .slice(fixed)
          .reduce(
            (ordered, { reference, descending }) => ordered.orderBy(reference as "id", descending ? "desc" : "asc"),
            (db as Kysely<any>).selectFrom("items").select("id").where(where).limit(21),
          );
        const { command, seeks, scans } = EXPLAIN[dialect];
        const compiled = query.compile();
        const bound = compiled.parameters.map((value) =>
          value instanceof Date && dialect === "sqlite" ? value.toISOString() : value,
        );
        const { rows } = await db.executeQuery({
          ...compiled,
          sql: `${command} ${compiled.sql}`,
          parameters: bound,
          query: sql`x`.toOperationNode() as never,
        });
        const plan = JSON.stringify(rows).replaceAll("\\", "");
        expect(plan).toMatch(seeks);
        expect(plan).not.toMatch(scans);
      }
    });
  });
}
