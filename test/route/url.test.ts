import { describe, expect, test } from "bun:test";
import { Api, t, url } from "bolide";
import fc from "fast-check";
import { Connection, written } from "../conformance/wire.ts";

const api = new Api();
const everything = api.get(
  "/r/:text/é ü/:n/*tail",
  {
    params: { n: t.Integer() },
    query: {
      s: t.String(),
      list: t.Array(t.String()),
      f: t.Number(),
      b: t.Boolean(),
      at: t.Date(),
      big: t.BigInt(),
      gone: t.Optional(t.String()),
    },
  },
  ({ params, query }) => ({ params, query: { ...query, at: query.at.getTime(), big: String(query.big) } }),
);
const plain = api.get("/plain/:id", ({ params }) => params.id);
const bare = api.get("/", () => "root");
const files = api.get("/files/*path", ({ params }) => params.path);

describe("url", () => {
  const table: readonly (readonly [string, () => string])[] = [
    ["/", () => url(bare)],
    ["/?a=1&b=x+y", () => url(bare, { query: { a: 1, b: "x y" } })],
    ["/plain/7", () => url(plain, { params: { id: "7" } })],
    ["/plain/a%2Fb%20c%3F%23", () => url(plain, { params: { id: "a/b c?#" } })],
    [
      "/plain/7?tags=a&tags=b&n=0",
      () => url(plain, { params: { id: "7" }, query: { tags: ["a", "b"], n: 0, none: null, absent: undefined } }),
    ],
    ["/files/a/b%20c/d.txt", () => url(files, { params: { path: "a/b c/d.txt" } })],
    ["/files/", () => url(files, { params: { path: "" } })],
    [
      "/r/x/%C3%A9%20%C3%BC/-1/t?s=a%26b&list=1&list=2&f=1.5&b=false&at=2024-01-02T03%3A04%3A05.006Z&big=12",
      () =>
        url(everything, {
          params: { text: "x", n: -1, tail: "t" },
          query: { s: "a&b", list: ["1", "2"], f: 1.5, b: false, at: new Date("2024-01-02T03:04:05.006Z"), big: 12n },
        }),
    ],
  ];
  test.each(table)("gives %s", (expected, make) => expect(make()).toBe(expected));

  const refused: readonly (readonly [string, () => string])[] = [
    ["an empty parameter", () => url(plain, { params: { id: "" } })],
    ["an absent parameter", () => url(plain, { params: {} as { id: string } })],
    ["a parameter that is a dot segment", () => url(plain, { params: { id: ".." } })],
    ["a wildcard with a dot segment", () => url(files, { params: { path: "a/../b" } })],
  ];
  test.each(refused)("refuses %s", (_, make) => expect(make).toThrow(TypeError));

  test("takes a route of a scope with the prefix of the scope", () => {
    const scoped = api.with({ prefix: "/scope/:tenant" }).get("/x/:id", () => "");
    expect(url(scoped, { params: { tenant: "acme", id: "1" } })).toBe("/scope/acme/x/1");
  });
});

const word = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((text) => text !== "." && text !== "..");
const values = fc.record({
  params: fc.record({
    text: word,
    n: fc.maxSafeInteger(),
    tail: fc
      .array(
        word.filter((text) => !text.includes("/")),
        { minLength: 1, maxLength: 4 },
      )
      .map((words) => words.join("/")),
  }),
  query: fc.record({
    s: fc.string({ unit: "binary" }),
    list: fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 4 }),
    f: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    b: fc.boolean(),
    at: fc.date({
      noInvalidDate: true,
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
    }),
    big: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
  }),
});

test("what url writes, the route reads back, in this process and over a socket", async () => {
  const server = await api.listen({ port: 0 });
  const connection = await Connection.open(server.url);
  await fc.assert(
    fc.asyncProperty(values, async ({ params, query }) => {
      const sent = url(everything, { params, query });
      const back = { params, query: { ...query, at: query.at.getTime(), big: String(query.big) } };
      const response = await api.handle(new Request(`http://localhost${sent}`));
      expect(await response.json()).toEqual(back);
      await connection.write(written("GET", sent));
      const answer = await connection.receive();
      expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual(back);
    }),
    { numRuns: 500 },
  );
  connection.close();
  await server.stop();
}, 30_000);

test("a query that a browser's URLSearchParams writes is read as it was meant", async () => {
  const pairs = new Api();
  pairs.get("/q", { query: { a: t.Array(t.String()), b: t.Optional(t.String()) } }, ({ query }) => query);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 5 }),
      fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
      async (a, b) => {
        const search = new URLSearchParams(a.map((value) => ["a", value]));
        if (b !== undefined) search.append("b", b);
        search.append("other", "&=?#");
        const response = await pairs.handle(new Request(`http://localhost/q?${search}`));
        expect(await response.json()).toEqual(b === undefined ? { a } : { a, b });
      },
    ),
  );
});
