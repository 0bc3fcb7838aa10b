import { describe, expect, test } from "bun:test";
import { type Compilable, sql } from "kysely";
import { t } from "bolide";
import { database, executorOf, model, sqlite, type StatementTraits } from "../../../src/data/index.ts";

const User = model("users", {
  id: t.PrimaryKey(),
  name: t.String(),
  balance: t.BigInt(),
  born: t.Nullable(t.Timestamp()),
});
const Note = model("notes", {
  id: t.PrimaryKey(),
  userId: t.ForeignKey("users.id"),
  active: t.Boolean(),
  at: t.Timestamp(),
});
const db = database(sqlite(":memory:"), { users: User, notes: Note });
const { codec } = executorOf(db)!.core;
const reading = (query: Compilable) => codec.read(query.compile().query);

const users = db.selectFrom("users");
const insert = db.insertInto("users").values({ name: "a", balance: 1n });

/** Queries, and what whoever runs them has to know. */
const TRAITS: Readonly<Record<string, readonly [query: Compilable, traits: StatementTraits]>> = {
  "a select": [users.select("name"), { reads: true, returns: true, wide: false }],
  "a select of a bigint": [users.select("balance"), { reads: true, returns: true, wide: true }],
  "a select with a row lock": [users.select("id").forUpdate(), { reads: false, returns: true, wide: false }],
  "a select from an insert": [
    db
      .with("made", () => insert.returning("id"))
      .selectFrom("made")
      .selectAll(),
    { reads: false, returns: true, wide: false },
  ],
  "a select from a select": [
    db
      .with("all", (q) => q.selectFrom("users").select("id"))
      .selectFrom("all")
      .selectAll(),
    { reads: true, returns: true, wide: false },
  ],
  "an insert": [insert, { reads: false, returns: false, wide: false }],
  "an insert that returns": [insert.returning("id"), { reads: false, returns: true, wide: false }],
  "an insert that returns a bigint": [insert.returningAll(), { reads: false, returns: true, wide: true }],
  "an update": [db.updateTable("users").set({ name: "b" }), { reads: false, returns: false, wide: false }],
  "a delete that returns": [db.deleteFrom("users").returning("name"), { reads: false, returns: true, wide: false }],
  "an insert that is explained": [
    {
      compile: () => ({
        ...insert.compile(),
        query: { ...insert.toOperationNode(), explain: { kind: "ExplainNode" } },
      }),
    } as never,
    { reads: false, returns: true, wide: false },
  ],
  "a table that is made": [
    db.schema.createTable("t").addColumn("a", "text"),
    { reads: false, returns: false, wide: false },
  ],
};

describe("of a query it is known whether it reads, returns rows, and has 64-bit integers", () => {
  test.each(Object.keys(TRAITS))("%s", (title) => {
    const [query, traits] = TRAITS[title]!;
    expect(reading(query).traits).toEqual(traits);
  });
});

/** A result as SQLite gives it, and what becomes of it. */
const DECODED: Readonly<Record<string, readonly [query: Compilable, row: object, decoded: object | "as it is"]>> = {
  "columns that need nothing": [users.select(["id", "name"]), { id: 1, name: "a" }, "as it is"],
  "a timestamp that is null": [users.select("born"), { born: null }, { born: null }],
  "a wide row": [users.select(["id", "balance"]), { id: 1n, balance: 2n }, { id: 1, balance: 2n }],
  "two tables with columns of the same name, the last of which counts": [
    db.selectFrom("notes").innerJoin("users", "users.id", "notes.userId").selectAll(),
    { id: 1n, active: 1n, at: "1970-01-01T00:00:00.000Z", userId: 1n, name: "a", balance: 1n, born: null },
    { id: 1, active: true, at: new Date(0), userId: 1, name: "a", balance: 1n, born: null },
  ],
  "a column that a common table expression hides": [
    db
      .with("notes", (q) => q.selectFrom("users").select("name as at"))
      .selectFrom("notes")
      .select("at"),
    { at: "Ada" },
    "as it is",
  ],
  "a recursive expression": [
    db
      .withRecursive("tree", (q) =>
        q
          .selectFrom("notes")
          .select(["id", "at"])
          .unionAll((eb) => eb.selectFrom("tree" as "notes").select(["id", "at"])),
      )
      .selectFrom("tree")
      .selectAll(),
    { id: 1, at: "1970-01-01T00:00:00.000Z" },
    { id: 1, at: new Date(0) },
  ],
  "a union whose first query says nothing": [
    users.select((eb) => eb.val(null).as("at")).unionAll(db.selectFrom("notes").select("at") as never),
    { at: "1970-01-01T00:00:00.000Z" },
    { at: new Date(0) },
  ],
  "what an update returns of a joined table": [
    db.updateTable("notes").from("users").set({ active: true }).returning(["users.born", "notes.active"]),
    { born: "1970-01-01T00:00:00.000Z", active: 1 },
    { born: new Date(0), active: true },
  ],
  "what a delete returns of a table that it uses": [
    db.deleteFrom("notes").using("users").returning("users.born as b"),
    { b: "1970-01-01T00:00:00.000Z" },
    { b: new Date(0) },
  ],
  "raw SQL": [users.select(sql<string>`born`.as("born")), { born: "1970-01-01T00:00:00.000Z" }, "as it is"],
  "a plan, which has columns of its own": [
    {
      compile: () => ({
        ...users.selectAll().compile(),
        query: { ...users.selectAll().toOperationNode(), explain: { kind: "ExplainNode" } },
      }),
    } as never,
    { id: 3, detail: "SCAN users" },
    "as it is",
  ],
};

describe("a row becomes what the models say of its columns", () => {
  test.each(Object.keys(DECODED))("%s", (title) => {
    const [query, row, decoded] = DECODED[title]!;
    const { decode } = reading(query);
    if (decoded === "as it is") return expect(decode).toBeUndefined();
    const copy = { ...row };
    decode!(copy);
    expect(copy).toEqual(decoded);
  });
});

describe("a time that a database wrote", () => {
  const TIMES: readonly (readonly [text: string | number, iso: string])[] = [
    ["2026-11-22T08:00:00.123Z", "2026-11-22T08:00:00.123Z"],
    ["2026-11-22 08:00:00", "2026-11-22T08:00:00.000Z"],
    ["2026-11-22T08:00:00.123456", "2026-11-22T08:00:00.123Z"],
    ["2026-11-22T08:00:00+05:30", "2026-11-22T02:30:00.000Z"],
    ["2026-11-22T08:00:00-08:00", "2026-11-22T16:00:00.000Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
    [1_700_000_000_000, "2023-11-14T22:13:20.000Z"],
  ];

  test.each(TIMES)("%j is in UTC unless it says otherwise, wherever the program runs", (text, iso) => {
    const zone = process.env["TZ"];
    process.env["TZ"] = "America/New_York";
    try {
      const row: { at: unknown } = { at: text };
      reading(db.selectFrom("notes").select("at")).decode!(row);
      expect([new Date(2026, 0, 1).getTimezoneOffset(), row.at]).toEqual([300, new Date(iso)]);
    } finally {
      process.env["TZ"] = zone ?? "Etc/UTC";
    }
  });
});
