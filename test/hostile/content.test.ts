import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { JsonFault, parseJson } from "../../src/http/index.ts";
import { chunkedBody, Connection } from "../conformance/wire.ts";
import { answerTo, HOST, JSON_BODY, posted, statusOf, stillServes, target } from "./target.ts";

const server = target();

const asked = (path: string, headers = "") => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;

/** The status and the text of an answer. */
async function told(bytes: string | Uint8Array): Promise<readonly [status: number, text: string] | "closed"> {
  const answer = await answerTo(server.url, bytes);
  return answer === "closed" ? answer : [answer.status, Buffer.from(answer.body).toString()];
}

describe("too much of anything is told in a status", () => {
  test.each([
    ["a header of 64 KB", asked("/h", `X-A: ${"a".repeat(65_536)}\r\n`), 431],
    ["a header over the limit of a value", asked("/h", `X-A: ${"a".repeat(8193)}\r\n`), 400],
    ["a cookie over the limit of a value", asked("/h", `Cookie: c=${"a".repeat(8193)}\r\n`), 400],
    ["101 headers", asked("/h", Array.from({ length: 101 }, (_, at) => `X-${at}: 1\r\n`).join("")), 400],
    ["1,000 headers", asked("/h", Array.from({ length: 1000 }, (_, at) => `X-${at}: 1\r\n`).join("")), 431],
    ["1,001 query keys", asked(`/q?${"b&".repeat(1001)}`), 400],
    ["1,001 times the same key", asked(`/q?${"a=1&".repeat(1001)}`), 400],
    ["10,000 query keys", asked(`/q?${"b=1&".repeat(10_000)}`), 431],
    ["a query value over the limit", asked(`/q?a=${"a".repeat(8193)}`), 400],
    ["a path parameter over the limit", asked(`/u/${"a".repeat(8193)}`), 400],
    ["a path of 64 KB", asked(`/u/${"a/".repeat(32_768)}`), 431],
    ["a body over the limit", posted("/small", `"${"a".repeat(200)}"`), 413],
    [
      "a body over the limit in chunks",
      Buffer.concat([
        Buffer.from(`POST /small HTTP/1.1\r\n${JSON_BODY}Transfer-Encoding: chunked\r\n\r\n`),
        chunkedBody(Array.from({ length: 50 }, () => '"abcdefgh"')),
      ]),
      413,
    ],
    [
      "a declared length over the limit, and nothing of the body",
      `POST /small HTTP/1.1\r\n${JSON_BODY}Content-Length: 1000000000000\r\n\r\n`,
      413,
    ],
  ])("%s", async (_, bytes, status) => {
    expect(await statusOf(server.url, bytes)).toBe(status);
    expect(await stillServes(server.url)).toBe(true);
  });

  test("10,000 query keys in this process, where no parser of headers stands before", async () => {
    const { Api, t } = await import("bolide");
    const api = new Api();
    api.get("/q", { query: { a: t.Optional(t.String()) } }, ({ query }) => query);
    api.get("/h", { headers: { a: t.Optional(t.String()) } }, () => 1);
    expect((await api.handle(new Request(`http://localhost/q?${"b=1&".repeat(10_000)}`))).status).toBe(400);
    expect((await api.handle(new Request("http://localhost/h", { headers: { a: "a".repeat(65_536) } }))).status).toBe(
      400,
    );
  });
});

describe("JSON that is made to hurt", () => {
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

  test.each([
    ["100,000 arrays in each other", "/object", deep("[", "]", 100_000)],
    ["100,000 objects in each other", "/object", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["100,000 arrays that are never closed", "/json", "[".repeat(100_000)],
    [
      "a tree of 20,000 levels where a tree is declared",
      "/tree",
      `${'{"children":['.repeat(20_000)}${"]}".repeat(20_000)}`,
    ],
    ["a string that never ends", "/json", `"${"a".repeat(500_000)}`],
    ["half a million commas", "/json", `[${",".repeat(500_000)}]`],
    ["a number of half a million digits where an object is declared", "/object", "9".repeat(500_000)],
    ["a megabyte of spaces", "/json", " ".repeat(1_048_576)],
    ["half a million escapes that end wrong", "/json", `"${"\\u00e9".repeat(80_000)}\\u00"`],
    ["not JSON but JavaScript", "/json", "(() => 1)()"],
    ["a NUL", "/json", "\0"],
    ["UTF-16", "/json", Buffer.from('{"a":1}', "utf16le")],
    ["bytes that are no UTF-8", "/json", new Uint8Array([0x22, 0xc3, 0x28, 0x22])],
    ["an overlong slash", "/json", new Uint8Array([0x22, 0xc0, 0xaf, 0x22])],
    ["half of a surrogate pair, in bytes", "/json", new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])("%s is 422", async (_, path, body) => {
    expect(await statusOf(server.url, posted(path, body))).toBe(422);
    expect(await stillServes(server.url)).toBe(true);
  });

  test("the fault at the end of a megabyte is named by line and column", async () => {
    const body = `[\n${"1,\n".repeat(300_000)}oops]`;
    const answer = await told(posted("/json", body));
    expect(answer).toEqual([
      422,
      '{"detail":[{"loc":["body"],"msg":"Invalid JSON at line 300002, column 1: expected a value","type":"json_invalid"}]}',
    ]);
  });

  test("100,000 faults give a hundred entries", async () => {
    const [status, text] = (await told(
      posted("/record", JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, "x"])))),
    )) as [number, string];
    expect([status, (JSON.parse(text) as { detail: unknown[] }).detail.length]).toEqual([422, 100]);
  });
});

describe("names of the prototype", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];

  test.each(names)("%s in a path, a query, a cookie and a header name means nothing", async (name) => {
    expect(await told(asked(`/u/${name}`))).toEqual([200, name]);
    expect(await told(asked(`/${name}`))).toEqual([404, '{"detail":"Not Found"}']);
    expect(await told(asked(`/q?${name}=1&a=2`))).toEqual([200, '{"a":"2"}']);
    expect(await told(asked(`/q?${name}[polluted]=1`))).toEqual([200, "{}"]);
    expect(await told(asked(`/strict?${name}=1`))).toEqual([
      422,
      `{"detail":[{"loc":["query","${name}"],"msg":"Unexpected property","type":"extra_forbidden"}]}`,
    ]);
    expect((await told(asked("/all-cookies", `Cookie: ${name}=1\r\n`)))[0]).toBe(200);
    expect((await told(asked("/h", `${name}: 1\r\n`)))[0]).not.toBe(500);
    expect(await stillServes(server.url)).toBe(true);
  });

  test.each(names)("%s in a body stays a key of that body at most", async (name) => {
    expect(await told(posted("/object", `{"name":"A","${name}":{"polluted":1}}`))).toEqual([200, '{"name":"A"}']);
    expect((await told(posted("/open", `{"name":"A","${name}":{"polluted":1}}`)))[0]).toBe(200);
    expect(await told(posted("/object", `{"${name}":{"name":"A"}}`))).toEqual([
      422,
      '{"detail":[{"loc":["body","name"],"msg":"Expected required property","type":"missing"}]}',
    ]);
    expect((await told(posted("/record", `{"${name}":1}`)))[0]).not.toBe(500);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(await stillServes(server.url)).toBe(true);
  });
});

describe("a path that is made to mislead", () => {
  test.each([
    ["/u/%", 400],
    ["/u/%zz", 400],
    ["/u/%ff", 400],
    ["/u/%C3", 400],
    ["/u/%c0%af", 400],
    ["/u/%ED%A0%80", 400],
    ["/files/%ff/x", 400],
    ["/%ff", 400],
    ["/files/../secret", 200],
    ["/files/%2e%2e/secret", 200],
    ["/files/..%2fsecret", 200],
    ["/files/..\\secret", 200],
    ["/files/....//secret", 200],
    ["/../../../etc/passwd", 404],
    ["/secret%00", 404],
    ["/secret%2F", 404],
    ["/secret;x=1", 404],
    ["/SECRET", 404],
    ["/u/..", 404],
  ])("%s is %d", async (path, status) => {
    expect(await statusOf(server.url, asked(path))).toBe(status);
  });

  test.each([
    ["/files/../secret", "secret"],
    ["/files/%2e%2e/secret", "secret"],
    ["/files/a/./b", "a/b"],
    ["/files/..%2f..%2fetc", "../../etc"],
    ["/files/a%5Cb", "a\\b"],
    ["/u/a%00b", "a\0b"],
  ])("%s gives %j: what is resolved is resolved before a route is chosen", async (path, text) => {
    expect(await told(asked(path))).toEqual([200, text]);
  });
});

describe("a query that is made to mislead", () => {
  test.each([
    ["a=%zz", '{"a":"%zz"}'],
    ["a=%", '{"a":"%"}'],
    ["a=%ff", '{"a":"\uFFFD"}'],
    ["a=%C3%28", '{"a":"\uFFFD("}'],
    ["a=%00", String.raw`{"a":"\u0000"}`],
    ["a=1&a", '{"a":""}'],
    ["=a&&&=&a=1", '{"a":"1"}'],
    ["a=1%26n%3D2", '{"a":"1&n=2"}'],
    ["A=1", "{}"],
  ])("?%s is read as %s", async (query, text) => {
    expect(await told(asked(`/q?${query}`))).toEqual([200, text]);
  });

  test.each(["n=%zz", "n=%ff", "n=1%00", "n=%EF%BC%91", "n=1;2"])("?%s is no integer", async (query) => {
    expect((await told(asked(`/q?${query}`)))[0]).toBe(422);
  });
});

describe("cookies and headers that are made to mislead", () => {
  test.each([
    ["Cookie: c=1; c=2", 200],
    ["Cookie: c", 200],
    ["Cookie: =;=;c==", 200],
    [`Cookie: ${"a=b; ".repeat(1000)}c=1`, 200],
    ["Cookie: c=%zz%ff", 200],
    ["X-A: \xff\xfe", 200],
    ["X-A: %0d%0aSet-Cookie: x=1", 200],
  ])("%j", async (header, status) => {
    const answer = await answerTo(server.url, asked("/h", `${header}\r\n`));
    expect(answer).toMatchObject({ status });
    expect(answer === "closed" || answer.headers.has("set-cookie")).toBe(false);
  });
});

test("a hundred bad requests over one connection leave it as it was", async () => {
  const connection = await Connection.open(server.url);
  const bad = [
    posted("/json", "{"),
    posted("/object", "[]"),
    posted("/object", "{}", "text/plain"),
    asked("/u/%zz"),
    asked("/nowhere"),
    posted("/small", "1".repeat(101)),
  ];
  const statuses: number[] = [];
  for (let round = 0; round < 100; round++) {
    await connection.write(bad[round % bad.length]!);
    statuses.push((await connection.receive()).status);
  }
  expect(new Set(statuses)).toEqual(new Set([422, 415, 400, 404, 413]));
  await connection.write(asked("/alive"));
  expect((await connection.receive()).status).toBe(200);
  connection.close();
});

test("what JSON.parse refuses, the search for its fault refuses too: they read one grammar", () => {
  const piece = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.constantFrom(
      ...Array.from('{}[]:,"\\ \n-+.eE01u'),
      "true",
      "null",
      "\\u00e9",
      "\\x",
      '"a"',
      "\u0001",
      "1e5",
      "-0",
      "01",
      "NaN",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const value = parseJson(pieces.join(""));
      // The search that finds nothing says so.
      if (value instanceof JsonFault) expect(value.message).not.toContain("nesting too deep");
    }),
    { numRuns: 5000 },
  );
});
