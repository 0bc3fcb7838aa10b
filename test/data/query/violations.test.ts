import { beforeAll, expect, test } from "bun:test";
import { sql } from "kysely";
import { model } from "../../../src/data/index.ts";
import { t } from "../../../src/index.ts";
import { databaseError } from "../../../src/http/index.ts";
import { onEach } from "./stages.ts";

const Parent = model("parents", { id: t.PrimaryKey(), name: t.String({ unique: true }) });

onEach({ parents: Parent }, (stage) => {
  beforeAll(async () => {
    await sql`create table ${sql.table("children")} (
      ${sql.ref("id")} bigint primary key,
      ${sql.ref("parentId")} bigint,
      ${sql.ref("code")} varchar(3) not null,
      ${sql.ref("age")} smallint,
      constraint ${sql.ref("children_age")} check (${sql.ref("age")} < 100),
      foreign key (${sql.ref("parentId")}) references ${sql.table("parents")} (${sql.ref("id")})
    )`.execute(stage.db);
    await stage.db.insertInto("parents").values({ id: 1, name: "one" }).execute();
  });

  const CHILDREN: readonly (readonly [
    told: string,
    child: Readonly<Record<string, unknown>>,
    status: number,
    constraint: string,
    /** SQLite keeps whatever it is given, of any length and size. */
    elsewhere?: boolean,
  ])[] = [
    ["a parent that does not exist", { parentId: 9, code: "a", age: 1 }, 409, "foreign_key"],
    ["a value that is missing", { parentId: 1, code: null, age: 1 }, 422, "not_null"],
    ["a value that a check refuses", { parentId: 1, code: "a", age: 100 }, 422, "check"],
    ["a text that is too long", { parentId: 1, code: "abcd", age: 1 }, 422, "too_long", true],
    ["a number that is out of range", { parentId: 1, code: "a", age: 100_000 }, 422, "range", true],
  ];

  const answerTo = (statement: { execute(): Promise<unknown> }) =>
    statement.execute().then(
      () => undefined,
      (error: unknown) => {
        const answer = databaseError(error);
        return [answer?.status, (answer?.extra as { constraint: string } | undefined)?.constraint];
      },
    );

  for (const [told, child, status, constraint, elsewhere] of CHILDREN) {
    if (elsewhere === true && stage.dialect === "sqlite") continue;
    test(`${told} is ${status}`, async () => {
      const values = sql`(1, ${child["parentId"]}, ${child["code"]}, ${child["age"]})`;
      expect(
        await answerTo({ execute: () => sql`insert into ${sql.table("children")} values ${values}`.execute(stage.db) }),
      ).toEqual([status, constraint]);
    });
  }

  test("a value that is taken is 409", async () => {
    expect(await answerTo(stage.db.insertInto("parents").values({ id: 2, name: "one" }))).toEqual([409, "unique"]);
  });
});
