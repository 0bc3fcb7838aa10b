import { expect, test } from "bun:test";
import type { Row } from "../../../src/data/engine/index.ts";
import { ask, change, first, onEach, outcome } from "./kinds.ts";

onEach("a statement", (kind, { engine }) => {
  const [one, two] = [kind.mark(1), kind.mark(2)];

  test("gives all rows, the first, or what it changed", async () => {
    const db = engine();
    await change(db, `create table people (id ${kind.identity}, name varchar(50) not null unique, age int)`);
    const insert = `insert into people (name, age) values (${one}, ${two})`;
    expect(await change(db, insert, ["Ada", 36])).toEqual({
      affected: 1,
      insertId: kind.name === "MariaDB" ? 1 : undefined,
    });
    await change(db, insert, ["Bob", 20]);
    expect([...(await ask(db, "select name, age from people order by id"))]).toEqual([
      { name: "Ada", age: 36 },
      { name: "Bob", age: 20 },
    ]);
    expect(await first(db, `select age from people where name = ${one}`, ["Bob"])).toEqual({ age: 20 });
    expect(await first(db, `select age from people where name = ${one}`, ["Eve"])).toBeUndefined();
    const update = `update people set age = ${one} where name = ${two}`;
    expect(await change(db, update, [21, "Bob"])).toEqual({ affected: 1, insertId: undefined });
    expect(await change(db, update, [21, "Bob"])).toEqual({ affected: 1, insertId: undefined });
    expect(await change(db, update, [21, "Eve"])).toEqual({ affected: 0, insertId: undefined });
    expect(await change(db, "delete from people")).toEqual({ affected: 2, insertId: undefined });
  });

  test("of raw SQL gives its rows, or what it changed", async () => {
    const db = engine();
    const maria = kind.name === "MariaDB";
    await change(db, `create table raw (id ${kind.identity}, n int)`);
    const outcomes: [text: string, rows: Row[], affected: number | undefined][] = [
      ["insert into raw (n) values (1), (2)", [], 2],
      ["insert into raw (n) values (3) returning n", [{ n: 3 }], maria ? undefined : 1],
      ["update raw set n = 9 where n < 3", [], 2],
      ["delete from raw where n > 100", [], 0],
      ["select n from raw order by id", [{ n: 9 }, { n: 9 }, { n: 3 }], undefined],
      ["select n from raw where n > 100", [], undefined],
      ["with one as (select 1 as one) select one from one", [{ one: 1 }], undefined],
      ["create table raw_too (n int)", [], maria ? 0 : undefined],
    ];
    const session = await db.reserve();
    for (const link of [db, session]) {
      for (const [text, rows, affected] of outcomes) {
        const outcome = await link.prepare(text, { reads: undefined, returns: undefined }).outcome?.([]);
        expect([text, [...(outcome?.rows ?? [])], outcome?.affected]).toEqual([text, rows, affected]);
      }
      await change(db, "delete from raw");
      await change(db, "drop table raw_too");
    }
    session.release();
  });

  test("of the same text is the same statement", () => {
    const db = engine();
    const traits = { reads: true, returns: true };
    expect(db.prepare("select 1 as one", traits)).toBe(db.prepare("select 1 as one", traits));
  });

  test("that breaks a constraint fails with the driver's own error", async () => {
    const db = engine();
    await change(db, "create table codes (code int primary key)");
    await change(db, "insert into codes values (1)");
    const error: unknown = await change(db, "insert into codes values (1)").catch((error: unknown) => error);
    expect(error).toMatchObject({ errno: kind.name === "MariaDB" ? 1062 : "23505" });
  });

  test("runs in UTC, whatever the server's zone is", async () => {
    const text =
      kind.name === "MariaDB" ? "select @@session.time_zone as zone" : "select current_setting('TimeZone') as zone";
    expect(await first(engine(), text)).toEqual({ zone: kind.name === "MariaDB" ? "+00:00" : "UTC" });
  });

  test("does not put a value that does not fit in another form", async () => {
    const db = engine();
    await change(db, "create table narrow (name varchar(3))");
    expect(await outcome(change(db, `insert into narrow values (${one})`, ["four"]))).toContain("long");
  });

  test("cannot begin a transaction on whichever connection is free", async () => {
    const db = engine({ max: 1 });
    const traits = { reads: undefined, returns: undefined };
    expect(() => db.prepare("BEGIN", traits)).toThrow(
      '"BEGIN" would reach any connection of the pool; use transaction(db, …)',
    );
    expect(() => db.prepare("start  transaction", traits)).toThrow("use transaction(db, …)");
    const before = await first(db, kind.connection);
    await ask(db, "select 1 as one; begin");
    // The connection that was left in a transaction is gone, and the transaction with it.
    expect(await first(db, kind.connection)).not.toEqual(before);
  });

  test("is kept by the server: its text is read once", async () => {
    const db = engine({ max: 1 });
    const text = `select ${kind.name === "MariaDB" ? one : `${one}::int`} as kept`;
    for (let n = 0; n < 5; n++) await ask(db, text, [n]);
    const count =
      kind.name === "MariaDB"
        ? "select variable_value as count from information_schema.session_status where variable_name = 'Com_stmt_prepare'"
        : "select count(*) as count from pg_prepared_statements where statement like '%as kept'";
    expect(await first(db, count)).toEqual({ count: "1" });
  });

  test("may hold more parameters than a page of a table", async () => {
    const db = engine();
    const marks = Array.from({ length: 10_000 }, (_, n) => kind.mark(n + 1));
    const values = marks.map((_, n) => n);
    expect(await first(db, `select 9999 in (${marks.join(", ")}) as found`, values)).toMatchObject({
      found: kind.name === "MariaDB" ? 1 : true,
    });
  });
});
