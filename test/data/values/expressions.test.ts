import { describe, expect, test } from "bun:test";
import { type Expression, type ExpressionBuilder, sql } from "kysely";
import { prepared } from "../../../src/data/index.ts";
import { onEveryDatabase } from "./databases.ts";

type Build = (eb: ExpressionBuilder<any, any>) => Expression<any>;

const DAY = new Date("2026-11-22T08:00:00.123Z");

/** One row is in the table: what an expression over it comes to, everywhere. */
const EXPRESSIONS: Readonly<Record<string, readonly [build: Build, expected: unknown]>> = {
  "count(*)": [(eb) => eb.fn.countAll(), 1],
  "count of a column": [(eb) => eb.fn.count("bigint"), 1],
  "sum of integers": [(eb) => eb.fn.sum("integer"), 7],
  "sum of 32-bit integers": [(eb) => eb.fn.sum("int32"), 32],
  "sum of bigints": [(eb) => eb.fn.sum("bigint"), 2n ** 53n + 1n],
  "sum of numbers": [(eb) => eb.fn.sum("number"), 2.5],
  "avg of integers": [(eb) => eb.fn.avg("integer"), 7],
  "avg of numbers": [(eb) => eb.fn.avg("number"), 2.5],
  "min of timestamps": [(eb) => eb.fn.min("timestamp"), DAY],
  "a window": [(eb) => eb.fn.max("timestamp").over((over) => over.partitionBy("text")), DAY],
  "coalesce, whose first is a literal": [(eb) => eb.fn.coalesce(sql.lit(null), "timestamp"), DAY],
  "case, whose first is null": [(eb) => eb.case().when("id", "<", 0).then(null).else(eb.ref("timestamp")).end(), DAY],
  "arithmetic of bigints": [(eb) => eb("bigint", "+", 1n), 2n ** 53n + 2n],
  "arithmetic of integers": [(eb) => eb("integer", "*", 6), 42],
  "a negative": [(eb) => eb.neg(eb.ref("bigint")), -(2n ** 53n) - 1n],
  "a comparison": [(eb) => eb("integer", "=", 7), true],
  "a comparison that fails": [(eb) => eb("text", "=", "other"), false],
  "a comparison with null": [(eb) => eb("decimal", "=", "1"), null],
  "and, or": [(eb) => eb.or([eb("integer", "=", 1), eb.and([eb("integer", "=", 7), eb("text", "=", "text")])]), true],
  not: [(eb) => eb.not(eb("integer", "=", 7)), false],
  exists: [(eb) => eb.exists(eb.selectFrom("things as t").select("t.id")), true],
  "in a subquery": [(eb) => eb("integer", "in", eb.selectFrom("things as t").select("t.integer")), true],
  "a literal boolean": [(eb) => eb.lit(true), true],
  "the column of a query around it": [(eb) => eb.selectFrom("holders").select("things.timestamp"), DAY],
};

onEveryDatabase((db, name) => {
  const only = async (build: Build): Promise<unknown> => {
    const query = db()
      .selectFrom("things")
      .select((eb) => (build(eb) as any).as("value"));
    return ((await query.executeTakeFirstOrThrow()) as { value: unknown }).value;
  };

  const prepare = async (): Promise<void> => {
    await db().deleteFrom("holders").execute();
    await db().deleteFrom("things").execute();
    await db()
      .insertInto("things")
      .values({
        integer: 7,
        int32: 32,
        bigint: 2n ** 53n + 1n,
        number: 2.5,
        text: "text",
        timestamp: DAY,
        json: { a: { b: ["c"] } },
      })
      .execute();
    const { id } = await db().selectFrom("things").select("id").executeTakeFirstOrThrow();
    await db().insertInto("holders").values({ json: null, thing: id }).execute();
  };

  describe("an expression is of the kind of what it is made of", () => {
    test.each(Object.keys(EXPRESSIONS))("%s", async (title) => {
      await prepare();
      const [build, expected] = EXPRESSIONS[title]!;
      expect(await only(build)).toEqual(expected);
    });

    test.skipIf(name === "MariaDB")("a place in JSON is JSON, or its text", async () => {
      await prepare();
      const ref = (operator: "->" | "->>") => (eb: ExpressionBuilder<any, any>) =>
        (eb.ref("json", operator) as any).key("a").key("b");
      expect(await only(ref("->"))).toEqual(["c"]);
      expect(JSON.parse((await only(ref("->>"))) as string)).toEqual(["c"]);
    });
  });

  describe("JSON's null", () => {
    test("is what a column holds that has no other, and SQL's where it has", async () => {
      await prepare();
      expect(await db().selectFrom("holders").select("json").execute()).toEqual([{ json: null }]);
      expect(await db().selectFrom("holders").select("id").where("json", "is", null).execute()).toEqual([]);
      await db().updateTable("things").set({ json: null }).execute();
      expect(await db().selectFrom("things").select("id").where("json", "is", null).execute()).toHaveLength(1);
    });
  });

  describe("rows that differ in their columns", () => {
    test("have the database's own value for what they lack", async () => {
      await prepare();
      await db().deleteFrom("holders").execute();
      await db().deleteFrom("things").execute();
      await db()
        .insertInto("things")
        .values([{ text: "a" }, { integer: 1 }])
        .execute();
      const rows = await db().selectFrom("things").select(["text", "integer"]).orderBy("id").execute();
      expect(rows).toEqual([
        { text: "a", integer: null },
        { text: null, integer: 1 },
      ]);
    });
  });

  test("a row that is there is changed by what would have been inserted", async () => {
    await prepare();
    const { id } = await db().selectFrom("things").select("id").executeTakeFirstOrThrow();
    const changed = { json: "text", timestamp: new Date(0), boolean: false };
    const insert = db()
      .insertInto("things")
      .values({ id, ...changed, text: "not this" });
    await (
      name === "MariaDB"
        ? insert.onDuplicateKeyUpdate(changed)
        : insert.onConflict((on) => on.column("id").doUpdateSet(changed))
    ).execute();
    const row = await db().selectFrom("things").select(["json", "timestamp", "boolean", "text"]).executeTakeFirst();
    expect(row).toEqual({ ...changed, text: "text" });
  });

  test("a decimal is kept to its column's scale, and rounded to it", async () => {
    const change = prepared(db(), (q, p) => q.updateTable("things").set({ decimal: p.decimal("to") }));
    for (const [given, kept] of [
      ["1.5", "1.5000000000"],
      ["-0", "0.0000000000"],
      ["0.00000000005", "0.0000000001"],
    ] as const) {
      await prepare();
      await db().updateTable("things").set({ decimal: given }).execute();
      const values = [await db().selectFrom("things").select("decimal").executeTakeFirst()];
      await change.run({ to: given });
      values.push(await db().selectFrom("things").select("decimal").executeTakeFirst());
      expect(values).toEqual([{ decimal: kept }, { decimal: kept }]);
    }
  });

  test("a UUID is kept in lower case", async () => {
    await prepare();
    await db().updateTable("things").set({ uuid: "0191D2C5-7E3A-7C1E-9D2B-ABCDEFABCDEF" }).execute();
    const row = await db().selectFrom("things").select("uuid").executeTakeFirst();
    expect(row).toEqual({ uuid: "0191d2c5-7e3a-7c1e-9d2b-abcdefabcdef" });
  });
});
