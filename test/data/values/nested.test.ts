import { describe, expect, test } from "bun:test";
import { prefetch, prepared, related } from "../../../src/data/index.ts";
import { onEveryDatabase } from "./databases.ts";
import { type Kind, shown, VALUES } from "./kinds.ts";

const KINDS = Object.keys(VALUES) as Kind[];
const CASES = KINDS.flatMap((kind) => VALUES[kind].map((value) => [kind, shown(value), value] as const));

onEveryDatabase((db, name) => {
  const holding = async (kind: Kind, value: unknown): Promise<void> => {
    await db().deleteFrom("holders").execute();
    await db().deleteFrom("things").execute();
    await db()
      .insertInto("things")
      .values({ [kind]: value })
      .execute();
    const { id } = await db().selectFrom("things").select("id").executeTakeFirstOrThrow();
    await db().insertInto("holders").values({ json: {}, thing: id }).execute();
  };
  const joined = () =>
    db()
      .selectFrom("holders")
      .select(related(db(), "holders", "held").as("held"));

  describe("a value in JSON that the database made of a related row is what it is in the row", () => {
    test.each(CASES)("%s %s", async (kind, _, given) => {
      await holding(kind, given);
      const expected = Object.is(given, -0) ? 0 : given;
      const { held } = await joined().executeTakeFirstOrThrow();
      expect(held?.[kind]).toEqual(expected as never);
      const kept = await prepared(db(), () => joined()).one();
      expect(kept.held?.[kind]).toEqual(expected as never);
    });

    test.each(KINDS)("null in a column of kind %s", async (kind) => {
      await holding(kind, null);
      expect((await joined().executeTakeFirstOrThrow()).held?.[kind]).toBeNull();
    });
  });

  test("a value that is fetched in a query of its own is the same", async () => {
    for (const kind of KINDS) {
      const given = VALUES[kind].at(-1);
      await holding(kind, given);
      const rows = await db().selectFrom("holders").selectAll().execute();
      const [row] = await prefetch(db(), "holders", rows, { held: true });
      expect([name, kind, row?.held?.[kind]]).toEqual([name, kind, given] as never);
    }
  });
});
