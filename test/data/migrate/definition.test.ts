import { expect, test } from "bun:test";
import { parseTable, printTable } from "../../../src/data/migrate/sqlite/definition.ts";

const TABLE: readonly (readonly [
  what: string,
  sql: string,
  columns: readonly unknown[],
  constraints: readonly unknown[],
])[] = [
  [
    "columns with types of several words, and none",
    "create table t (a, b timestamp text not null, [c d] varchar(10))",
    [
      ["a", "", []],
      ["b", "timestamp text", ["not null"]],
      ["c d", "varchar(10)", []],
    ],
    [],
  ],
  [
    "defaults: signed, in parentheses, text with a comma and quotes, a number with an exponent",
    "create table t (a int default -1, b text default (lower('X, )')), c text default 'it''s, ok', d real default 1.5e-3 not null)",
    [
      ["a", "int", ["default -1"]],
      ["b", "text", ["default (lower('X, )'))"]],
      ["c", "text", ["default 'it''s, ok'"]],
      ["d", "real", ["default 1.5e-3", "not null"]],
    ],
    [],
  ],
  [
    "references with actions that are made of keywords",
    "create table t (a int references u (id) on delete set null on update set default not deferrable initially deferred not null, b int references u)",
    [
      [
        "a",
        "int",
        ["references u (id) on delete set null on update set default not deferrable initially deferred", "not null"],
      ],
      ["b", "int", ["references u"]],
    ],
    [],
  ],
  [
    "named constraints of columns, conflict clauses, collations and generated columns",
    "create table t (a integer constraint pk primary key desc on conflict abort autoincrement, b text collate nocase unique, c int generated always as (a * 2) stored, d int as (1))",
    [
      ["a", "integer", ["constraint pk primary key desc on conflict abort autoincrement"]],
      ["b", "text", ["collate nocase", "unique"]],
      ["c", "int", ["generated always as (a * 2) stored"]],
      ["d", "int", ["as (1)"]],
    ],
    [],
  ],
  [
    "constraints of the table, comments, and columns that are called like keywords",
    'create table "my t" ("check" int, "primary" int, -- a, comment\n constraint c check ("check" in (1, 2)), primary key ("check"), foreign key ("primary") references u (x, y) /* , */)',
    [
      ["check", "int", []],
      ["primary", "int", []],
    ],
    [
      ["check", "c"],
      ["primary key", "check"],
      ["foreign key", "primary"],
    ],
  ],
];

test.each(TABLE)("a definition is taken apart: %s", (_, sql, columns, constraints) => {
  const definition = parseTable(sql);
  const taken = definition.columns.map(({ name, type, clauses }) => [name, type, clauses.map(({ text }) => text)]);
  expect(taken as unknown).toEqual([...columns]);
  const parts = definition.constraints.map(({ kind, name, columns: over }) => [
    kind,
    ...(name === undefined ? [] : [name]),
    ...over,
  ]);
  expect(parts as unknown).toEqual([...constraints]);
});

test("a definition that is put together again keeps every part, and what stands behind it", () => {
  const sql =
    "CREATE TABLE t (a integer primary key, b text /* why */ default 'x', constraint u unique (b)) strict, without rowid";
  expect(printTable("n", parseTable(sql))).toBe(
    `create table "n" ("a" integer primary key, "b" text default 'x', constraint u unique (b)) strict, without rowid`,
  );
});
