import { expect, test } from "bun:test";
import { Api, type TrailingSlash } from "bolide";
import fc from "fast-check";
import { Connection, written } from "../conformance/wire.ts";

/** What of an answer tells which route gave it. */
interface Told {
  readonly status: number;
  readonly allow: string | null;
  readonly location: string | null;
  readonly body: string;
}

type Piece = { readonly static: string } | "param";
interface Pattern {
  readonly pieces: readonly Piece[];
  readonly wildcard: boolean;
  readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "DELETE" | "OPTIONS" | "QUERY")[];
}

// Few and alike, so that prefixes are shared and paths hit.
const STATIC = ["a", "b", "ab", "abc", "a.b", "é", "a b", "a;b=c,d", "~", "a%2Fb", "(1)"];
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "QUERY"] as const;
const NAMES = ["p", "q", "r", "s"];

const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STATIC).map((text) => ({ static: text })) },
  { weight: 2, arbitrary: fc.constant("param" as const) },
);
const pattern: fc.Arbitrary<Pattern> = fc.record({
  pieces: fc.array(piece, { maxLength: 4 }),
  wildcard: fc.boolean(),
  methods: fc.uniqueArray(fc.constantFrom(...METHODS), { minLength: 1, maxLength: 3 }),
});

const segment = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...STATIC).map((text) => encodeURI(decodeURI(text)).replaceAll("%25", "%")) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }).map(encodeURIComponent) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      ".",
      "..",
      "%2e",
      "%2E%2e",
      "a%2Fb",
      "%2F",
      "%zz",
      "%ff",
      "%",
      "%61",
      "%C3%A9",
      "%c3%a9",
      "a+b",
      "%EF%BF%BD",
      "a\\b",
      "|",
      "[",
      "%7C",
      "%5C",
      "%23",
      "%00",
    ),
  },
);
const path = fc
  .tuple(
    fc.array(segment, { maxLength: 5 }),
    fc.constantFrom("", "/", "//"),
    fc.constantFrom("", "", "?", "?a=1/b", "?x#y"),
  )
  .map(([segments, slash, query]) => `/${segments.join("/")}${slash}${query}`);

/** A pattern's path; its parameters are named by the pattern's place, so that patterns of one shape differ in their names. */
function spelled({ pieces, wildcard }: Pattern, place: number): string {
  const parts = pieces.map((one, at) => (one === "param" ? `:${NAMES[(at + place) % NAMES.length]}` : one.static));
  return `/${[...parts, ...(wildcard ? ["*tail"] : [])].join("/")}`;
}

function shapeOf({ pieces, wildcard }: Pattern): string {
  return JSON.stringify([pieces, wildcard]);
}

function apiOf(patterns: readonly Pattern[], trailingSlash: TrailingSlash, mounted: boolean): Api {
  const api = new Api({ trailingSlash, health: false });
  const taken = new Set<string>();
  patterns.forEach((one, place) => {
    const methods = one.methods.filter((method) => !taken.has(method + shapeOf(one)));
    for (const method of methods) taken.add(method + shapeOf(one));
    if (methods.length === 0) return;
    api.route(methods, spelled(one, place), ({ route, params }) => ({ route, params: { ...params } }));
  });
  if (mounted) api.mount("/a", (request) => new Response(`mounted ${new URL(request.url).pathname}`));
  return api;
}

const tell = (status: number, headers: Headers, body: string): Told => ({
  status,
  allow: headers.get("allow"),
  location: headers.get("location"),
  body,
});

test("Bun's native table and the tree answer alike, whatever the routes and the requests", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(pattern, { minLength: 1, maxLength: 12 }),
      fc.array(fc.tuple(fc.constantFrom(...METHODS), path), { minLength: 10, maxLength: 25 }),
      fc.constantFrom<TrailingSlash>("strip", "append", "keep"),
      fc.boolean(),
      async (patterns, requests, trailingSlash, mounted) => {
        const api = apiOf(patterns, trailingSlash, mounted);
        const server = await api.listen({ port: 0 });
        const connection = await Connection.open(server.url);
        try {
          for (const [method, sent] of requests) {
            const response = await api.handle(new Request(`http://localhost${sent}`, { method }));
            const inProcess = tell(response.status, response.headers, await response.text());
            await connection.write(written(method, sent));
            const answer = await connection.receive(method === "HEAD");
            const overSocket = tell(answer.status, answer.headers, Buffer.from(answer.body).toString());
            expect({ method, sent, ...overSocket }).toEqual({ method, sent, ...inProcess });
          }
        } finally {
          connection.close();
          await server.stop();
        }
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

test("a thousand requests over one connection are answered in their order", async () => {
  const api = new Api();
  api.get("/n/:n", ({ params }) => params.n);
  const server = await api.listen({ port: 0 });
  const connection = await Connection.open(server.url);
  for (let at = 0; at < 1000; at++) await connection.write(written("GET", `/n/${at}`));
  const answers: string[] = [];
  for (let at = 0; at < 1000; at++) answers.push(Buffer.from((await connection.receive()).body).toString());
  expect(answers).toEqual(Array.from({ length: 1000 }, (_, at) => String(at)));
  connection.close();
  await server.stop();
});

test("static beats dynamic beats wildcard, segment by segment, whatever the order of registration", () => {
  fc.assert(
    fc.property(
      fc
        .array(pattern, { minLength: 1, maxLength: 12 })
        .map((all) => [...new Map(all.map((one) => [shapeOf(one), one])).values()]),
      fc.array(fc.array(fc.constantFrom("a", "b", "ab", "abc", "z"), { minLength: 1, maxLength: 5 }), {
        minLength: 5,
        maxLength: 20,
      }),
      (patterns, paths) => {
        const api = new Api({ health: false });
        patterns.forEach((one, place) =>
          api.get(spelled(one, place), () => new Response(null, { headers: { "x-place": String(place) } })),
        );
        for (const parts of paths) {
          const expected = mostSpecific(patterns, parts);
          const response = api.handle(new Request(`http://localhost/${parts.join("/")}`)) as Response;
          expect(response.headers.get("x-place") ?? response.status).toBe(expected === -1 ? 404 : String(expected));
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** The place of the pattern that must answer, found by comparing all of them; -1 where none matches. */
function mostSpecific(patterns: readonly Pattern[], parts: readonly string[]): number {
  const ranked = patterns
    .map((one, place) => ({ place, rank: rankOf(one, parts) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => (a.rank! < b.rank! ? -1 : 1));
  return ranked[0]?.place ?? -1;
}

/** A digit a segment: 0 static, 1 parameter, 2 the wildcard. Of two that match, the lesser text is the more specific. */
function rankOf({ pieces, wildcard }: Pattern, parts: readonly string[]): string | undefined {
  if (wildcard ? parts.length <= pieces.length : parts.length !== pieces.length) return undefined;
  if (!pieces.every((one, at) => one === "param" || one.static === parts[at])) return undefined;
  return pieces.map((one) => (one === "param" ? 1 : 0)).join("") + (wildcard ? "2" : "");
}
