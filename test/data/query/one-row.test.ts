import { beforeEach, describe, expect, expectTypeOf, test } from "bun:test";
import { getOrCreate, updateOrCreate } from "../../../src/data/query/index.ts";
import { transaction } from "../../../src/data/transaction/index.ts";
import { blog } from "./blog.ts";
import { onEach } from "./stages.ts";

onEach(blog, (stage) => {
  beforeEach(async () => {
    for (const table of ["users", "tags", "articles"] as const) await stage.db.deleteFrom(table).execute();
  });

  const emails = async () =>
    (await stage.db.selectFrom("users").select("email").orderBy("email").execute()).map(({ email }) => email);

  describe("getOrCreate", () => {
    test("makes the row that is missing, and finds it after that", async () => {
      const made = await getOrCreate(stage.db, "users", { email: "ada@x" }, { name: "Ada" });
      expectTypeOf(made.row.active).toEqualTypeOf<boolean>();
      expect([made.created, made.row.email, made.row.name, made.row.active]).toEqual([true, "ada@x", "Ada", true]);
      const found = await getOrCreate(stage.db, "users", { email: "ada@x" }, { name: "Other" });
      expect(found).toEqual({ row: made.row, created: false });
    });

    test("gives many that ask at once the same row", async () => {
      const asked = Array.from({ length: 20 }, () => getOrCreate(stage.db, "tags", { name: "bun" }, {}));
      const answers = await Promise.all(asked);
      expect(new Set(answers.map(({ row }) => row.id)).size).toBe(1);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
    });

    test("works inside transactions that run at once", async () => {
      const asked = Array.from({ length: 5 }, () =>
        transaction(stage.db, (trx) => getOrCreate(trx, "tags", { name: "zig" }, {})),
      );
      const answers = await Promise.all(asked);
      expect(new Set(answers.map(({ row }) => row.id)).size).toBe(1);
    });

    test("finds null by null", async () => {
      const first = await getOrCreate(stage.db, "articles", { title: "one", rating: null }, {});
      const second = await getOrCreate(stage.db, "articles", { title: "one", rating: null }, {});
      expect([first.created, second.created, second.row.id]).toEqual([true, false, first.row.id]);
    });

    test("leaves the violation of another constraint an error", async () => {
      const { row } = await getOrCreate(stage.db, "users", { email: "ada@x" }, {});
      const attempt = getOrCreate(stage.db, "users", { email: "bob@x" }, { id: row.id });
      expect(
        await attempt.then(
          () => "made",
          () => "violation",
        ),
      ).toBe("violation");
      expect(await emails()).toEqual(["ada@x"]);
    });

    test("refuses to look for undefined, or for nothing", async () => {
      const by = (where: object) =>
        getOrCreate(stage.db, "tags", where as { name: string }, {}).catch((error: Error) => error.message);
      expect(await by({ name: undefined })).toBe('A row of "tags" is looked for by "name", which is undefined');
      expect(await by({})).toBe('A row of "tags" is looked for by no column');
    });

    test("is typed: no unknown column, and no column that is missing", () => {
      // @ts-expect-error -- there is no such column
      void (() => getOrCreate(stage.db, "tags", { nam: "bun" }, { name: "bun" }));
      // @ts-expect-error -- a title is needed
      void (() => getOrCreate(stage.db, "articles", { authorId: 1 }, {}));
    });
  });

  describe("updateOrCreate", () => {
    test("makes the row that is missing, and changes it after that", async () => {
      const made = await updateOrCreate(stage.db, "users", { email: "ada@x" }, { name: "Ada" });
      expect([made.created, made.row.name, made.row.updatedAt]).toEqual([true, "Ada", null]);
      const changed = await updateOrCreate(stage.db, "users", { email: "ada@x" }, { name: "Countess" });
      expect([changed.created, changed.row.name, changed.row.id]).toEqual([false, "Countess", made.row.id]);
      expect(changed.row.updatedAt).toBeInstanceOf(Date);
    });

    test("makes it with other values than it would change", async () => {
      const ask = () => updateOrCreate(stage.db, "users", { email: "ada@x" }, { active: false }, { name: "Ada" });
      const { row: made } = await ask();
      expect([made.name, made.active]).toEqual(["Ada", true]);
      const { row: changed } = await ask();
      expect([changed.name, changed.active]).toEqual(["Ada", false]);
    });

    test("may change the columns that it looks by", async () => {
      await getOrCreate(stage.db, "users", { email: "ada@x" }, {});
      const { row } = await updateOrCreate(stage.db, "users", { email: "ada@x" }, { email: "ada@y" }, {});
      expect(row.email).toBe("ada@y");
    });

    test("finds a row that is as it should be already", async () => {
      await updateOrCreate(stage.db, "tags", { name: "bun" }, {});
      const again = await updateOrCreate(stage.db, "tags", { name: "bun" }, {});
      expect(again.created).toBe(false);
    });

    test("gives many that ask at once the same row", async () => {
      const asked = Array.from({ length: 10 }, (_, n) =>
        updateOrCreate(stage.db, "users", { email: "ada@x" }, { name: `no ${n}` }),
      );
      const answers = await Promise.all(asked);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(await emails()).toEqual(["ada@x"]);
    });
  });
});
