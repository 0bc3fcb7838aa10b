import { describe, expect, test } from "bun:test";
import { type DebugQuery, debugJson, debugPage, repeatedQueries } from "../../../src/http/debug/index.ts";
import { parameterColumns } from "../../../src/http/debug/parameters.ts";
import { MASK } from "../../../src/http/debug/secrets.ts";

describe("the column of each parameter", () => {
  const table: readonly (readonly [sql: string, columns: readonly (string | undefined)[]])[] = [
    ['select * from "users" where "email" = ? and "age" > ?', ["email", "age"]],
    ['select * from "users" as "u" where "u"."password" = $2 or "u"."id" = $1', ["id", "password"]],
    ["select * from `users` where `token` in (?, ?) and `name` like ?", ["token", "token", "name"]],
    ["select * from users where password = crypt(?, password)", ["password"]],
    ['select * from "t" where "a" between ? and ? limit ?', ["a", "a", "limit"]],
    ['insert into "users" ("email", "password") values (?, ?), (?, ?)', ["email", "password", "email", "password"]],
    ['insert into "t" ("a", "b") values (jsonb(?), coalesce(?, 1)) returning "a"', ["a", "b"]],
    [
      'insert into "users" ("id", "password") values ($1, $2) on conflict ("id") do update set "password" = $3',
      ["id", "password", "password"],
    ],
    ["insert into t (a, b) values ('it''s ? (here', ?)", ["b"]],
    ["replace into `t` (`a`) values (?) on duplicate key update `b` = ?", ["a", "b"]],
    ['update "users" set "password" = ?, "name" = ? where "id" = ?', ["password", "name", "id"]],
    ["select ?", [undefined]],
  ];
  test.each(table)("%s", (sql, columns) => expect(parameterColumns(sql)).toEqual([...columns]));
});

describe("a query that is shown", () => {
  const request = new Request("http://a/", { headers: { authorization: "Bearer abcdefgh-ijkl" } });
  const shown = (query: DebugQuery): unknown =>
    (debugJson({ error: new Error("x"), request, env: {}, queries: [query] })["queries"] as unknown[])[0];
  const one = (sql: string, value: unknown, secrets?: readonly string[]): unknown =>
    (
      shown({ sql, parameters: [value], millis: 1, ...(secrets === undefined ? {} : { secrets }) }) as {
        parameters: unknown[];
      }
    ).parameters[0];

  test.each([
    ["a text", "name = ?", "Ada", "Ada"],
    ["a number", "id = ?", 7, "7"],
    ["null", "id = ?", null, "null"],
    ["bytes by their length", "digest = ?", new Uint8Array(32), "(32 bytes)"],
    ["a long text by its beginning", "body = ?", "x".repeat(300), `${"x".repeat(200)} …`],
    ["a password not at all", "password = ?", "pw", MASK],
    ["a secret of the request not at all", "note = ?", "it was Bearer abcdefgh-ijkl", `it was ${MASK}`],
  ])("has %s", (_, where, value, text) => expect(one(`select 1 from t where ${where}`, value)).toBe(text));

  test("has nothing of columns that are named as secret", () => {
    expect(one("select 1 from t where pinned = ?", "1234", ["pinned"])).toBe(MASK);
  });

  test("has its rows and its line on the page, beside the time", () => {
    const queries = [{ sql: "select 1", parameters: ["<b>", 2], millis: 1.5, rows: 1, at: "src/a.ts:3" }];
    const page = debugPage({ error: new Error("x"), request, env: {}, queries });
    expect(page.replaceAll(/>\s+</g, "><")).toContain(
      '<tr><td>select 1<div class="values">&lt;b&gt;, 2</div></td><td class="figure">src/a.ts:3</td>' +
        '<td class="figure">1 row</td><td class="figure">1.50 ms</td></tr>',
    );
    expect(page).toContain("1 query, 1.50 ms.");
  });

  test("that ran five times is told above the others, with what would do it in one", () => {
    const queries = [1, 2, 3, 4, 5].map((id) => ({ sql: "select ?", parameters: [id], millis: 2, at: "src/a.ts:3" }));
    const page = debugPage({ error: new Error("x"), request, env: {}, queries });
    expect(page.replaceAll(/\s+/g, " ")).toContain(
      '<p class="warning"> <b>5 times, 10.00 ms</b> src/a.ts:3<br /><code>select ?</code ><br />related in the select, prefetch for',
    );
  });
});

describe("statements that ran again and again", () => {
  const ran = (sql: string, times: number, millis = 1, parameters = (at: number): unknown[] => [at]): DebugQuery[] =>
    Array.from({ length: times }, (_, at) => ({ sql, millis, at: `src/a.ts:${at}`, parameters: parameters(at) }));

  test("are those of five times or more, the longest first", () => {
    const found = repeatedQueries([...ran("select 4", 4, 100), ...ran("select 5", 5), ...ran("select 6", 6, 3)]);
    expect(found.map(({ sql, count, millis, at }) => [sql, count, millis, at])).toEqual([
      ["select 6", 6, 18, "src/a.ts:0"],
      ["select 5", 5, 5, "src/a.ts:0"],
    ]);
  });

  test.each([
    ["select 1", "related in the select, prefetch for the rows, or a where with `in` asks for all in one"],
    ["insert into t", "bulkInsert inserts all rows in one"],
    [" UPDATE t", "bulkUpdate, or a where with `in`, changes all rows in one"],
    ["delete from t", "a where with `in` deletes all rows in one"],
  ])("are told what would do it in one: %s", (sql, fix) => {
    expect(repeatedQueries(ran(sql, 5)).map((each) => each.fix)).toEqual([fix]);
  });

  test("are to be kept where they ask the same each time", () => {
    const [found] = repeatedQueries(ran("select 1", 5, 1, () => [new Date(0), 7n]));
    expect(found!.fix).toBe("it had the same parameters each time: ask once and keep the answer");
  });
});
