import { describe, expect, test } from "bun:test";
import type { Kysely } from "kysely";
import { bulkInsert, prepared } from "../../../src/data/index.ts";
import { onEveryDatabase, type Things } from "./databases.ts";
import { type Kind, shown, VALUES } from "./kinds.ts";

const KINDS = Object.keys(VALUES) as Kind[];
/** What can be compared, so unions, `distinct` and `max` take it on every database. */
const COMPARABLE = KINDS.filter((kind) => !["json", "boolean", "bytes", "uuid"].includes(kind));

/** The ways in which a value gets into a column. */
const WRITERS: Readonly<Record<string, (db: Things, kind: Kind, value: unknown) => Promise<unknown>>> = {
  values: (db, kind, value) => db.insertInto("things").values(row(kind, value)).execute(),
  "several rows": (db, kind, value) =>
    db
      .insertInto("things")
      .values([row(kind, value), { text: "other" }])
      .execute(),
  prepared: async (db, kind, value) => {
    const insert = prepared(db, (q, p) =>
      q
        .insertInto("things")
        .values({ [kind]: p[kind === "int32" ? "integer" : kind === "enum" ? "text" : kind]("value") }),
    );
    await insert.run({ value });
  },
  bulkInsert: (db, kind, value) => bulkInsert(db, "things", [row(kind, value)]),
  update: async (db, kind, value) => {
    await db.insertInto("things").values({ text: "before" }).execute();
    await db.updateTable("things").set(row(kind, value)).execute();
  },
  transaction: (db, kind, value) =>
    db.transaction().execute((trx) => trx.insertInto("things").values(row(kind, value)).execute()),
};

const row = (kind: Kind, value: unknown): object => ({ [kind]: value });

type Read = (db: Kysely<any>, kind: Kind) => unknown;

/** The ways in which it is read. */
const READERS: Readonly<Record<string, Read>> = {
  "selectAll()": async (db, kind) => (await db.selectFrom("things").selectAll().executeTakeFirstOrThrow())[kind],
  "an alias": (db, kind) => value(db.selectFrom("things").select(`${kind} as value`)),
  "an alias of the table": (db, kind) => value(db.selectFrom("things as t").select(`t.${kind} as value`)),
  "a join": (db, kind) =>
    value(db.selectFrom("things as a").innerJoin("things as b", "b.id", "a.id").select(`b.${kind} as value`)),
  "a join with all columns": async (db, kind) =>
    (
      await db
        .selectFrom("things as a")
        .leftJoin("things as b", "b.id", "a.id")
        .selectAll("b")
        .executeTakeFirstOrThrow()
    )[kind],
  "a subquery": (db, kind) =>
    value(db.selectFrom((eb) => eb.selectFrom("things").select(`${kind} as inner`).as("s")).select("s.inner as value")),
  "a scalar subquery": (db, kind) =>
    value(
      db
        .selectFrom("things as t")
        .select((eb) => eb.selectFrom("things as o").select(`o.${kind}`).whereRef("o.id", "=", "t.id").as("value")),
    ),
  "a common table expression": (db, kind) =>
    value(
      db
        .with("w", (q) => q.selectFrom("things").select(`${kind} as inner`))
        .selectFrom("w")
        .select("inner as value"),
    ),
  "a named common table expression": (db, kind) =>
    value(
      db
        .with("w(named)", (q) => q.selectFrom("things").select(kind) as never)
        .selectFrom("w")
        .select("named as value"),
    ),
  case: (db, kind) =>
    value(
      db
        .selectFrom("things")
        .select((eb) => eb.case().when("id", ">", 0).then(eb.ref(kind)).else(null).end().as("value")),
    ),
  coalesce: (db, kind) => value(db.selectFrom("things").select((eb) => eb.fn.coalesce(kind, kind).as("value"))),
  prepared: async (db, kind) =>
    (await prepared(db, (q) => q.selectFrom("things").select(`${kind} as value`)).one()).value,
  "prepared, one by one": async (db, kind) => {
    for await (const found of prepared(db, (q) => q.selectFrom("things").select(`${kind} as value`)).iterate())
      return found.value;
  },
  "a stream": async (db, kind) => {
    for await (const found of db.selectFrom("things").select(`${kind} as value`).stream(1)) return found.value;
  },
  "a transaction": (db, kind) =>
    db.transaction().execute((trx) => value(trx.selectFrom("things").select(`${kind} as value`))),
};

const COMPARING: Readonly<Record<string, Read>> = {
  "a union": (db, kind) =>
    value(
      db
        .selectFrom("things")
        .select(`${kind} as value`)
        .union((eb) => eb.selectFrom("things").select(kind) as never),
    ),
  distinct: (db, kind) => value(db.selectFrom("things").select(`${kind} as value`).distinct()),
  max: (db, kind) => value(db.selectFrom("things").select((eb) => eb.fn.max(kind).as("value"))),
};

interface Query {
  executeTakeFirstOrThrow(): Promise<any>;
}

const value = async (query: Query): Promise<unknown> => (await query.executeTakeFirstOrThrow()).value;

onEveryDatabase((db, name) => {
  const cases = KINDS.flatMap((kind) => VALUES[kind].map((value) => [kind, shown(value), value] as const));

  describe("a value survives", () => {
    test.each(cases)("%s %s", async (kind, _, given) => {
      // A database keeps no negative zero in an integer.
      const expected = Object.is(given, -0) ? 0 : given;
      for (const [way, write] of Object.entries(WRITERS)) {
        await db().deleteFrom("things").execute();
        await write(db(), kind, given);
        expect([way, await value(db().selectFrom("things").select(`${kind} as value`).orderBy("id").limit(1))]).toEqual(
          [way, expected],
        );
      }
      await db().deleteFrom("things").execute();
      await db().insertInto("things").values(row(kind, given)).execute();
      const readers = COMPARABLE.includes(kind) ? { ...READERS, ...COMPARING } : READERS;
      for (const [way, read] of Object.entries(readers)) expect([way, await read(db(), kind)]).toEqual([way, expected]);
    });

    test.each(KINDS)("null in a column of kind %s", async (kind) => {
      for (const [way, write] of Object.entries(WRITERS)) {
        await db().deleteFrom("things").execute();
        await write(db(), kind, null);
        expect([way, await READERS["selectAll()"]!(db(), kind)]).toEqual([way, null]);
        const found = await db().selectFrom("things").select("id").where(kind, "is", null).execute();
        expect([way, found.length > 0]).toEqual([way, true]);
      }
      for (const [way, read] of Object.entries(READERS)) expect([way, await read(db(), kind)]).toEqual([way, null]);
    });

    // Kysely returns no rows of a write to MySQL.
    test.skipIf(name === "MariaDB").each(KINDS)(
      "in what an insert, an update and a delete return: %s",
      async (kind) => {
        const given = VALUES[kind].at(-1);
        const returned = async (query: Query) => (await query.executeTakeFirstOrThrow())[kind];
        await db().deleteFrom("things").execute();
        expect(await returned(db().insertInto("things").values(row(kind, given)).returning(kind))).toEqual(given);
        expect(await returned(db().updateTable("things").set(row(kind, given)).returningAll())).toEqual(given);
        expect(await returned(db().deleteFrom("things").returning([kind, "id"]))).toEqual(given);
      },
    );
  });

  describe("is found by its value", () => {
    const found = KINDS.filter((kind) => kind !== "json" && kind !== "number");
    test.each(found)("%s", async (kind) => {
      await db().deleteFrom("things").execute();
      // In MySQL's comparisons spaces at the end do not count.
      const left = name === "MariaDB" ? [-0, " "] : [-0];
      const values = VALUES[kind].filter((given) => !left.some((one) => Object.is(one, given)));
      for (const given of values) await db().insertInto("things").values(row(kind, given)).execute();
      for (const given of values) {
        const rows = await db()
          .selectFrom("things")
          .select(kind)
          .where(kind, "=", given as never)
          .execute();
        expect(rows).toEqual([{ [kind]: given }] as never);
      }
    });
  });
});
