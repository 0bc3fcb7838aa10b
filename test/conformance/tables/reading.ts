import { type Row, sentence } from "../row.ts";

const ok = (json: unknown) => ({ status: 200, json });
const invalid = (...entries: readonly string[]) => ({ status: 422, entries });

/** Section 2: where values are read from. */
export const sources: readonly Row[] = [
  ...sentence(2, "Sources: params query headers cookies; an object schema, or a record of types as shorthand", [
    {
      send: "GET /sources/7?page=2",
      headers: [
        ["X-Request-Id", "r1"],
        ["X-Flag", "yes"],
        ["Cookie", "theme=dark"],
      ],
      expect: ok({
        params: { id: 7 },
        query: { page: 2 },
        headers: { xRequestId: "r1", "x-flag": true },
        cookies: { theme: "dark" },
      }),
    },
    {
      send: "GET /sources/7",
      expect: ok({ params: { id: 7 }, query: { page: 1 }, headers: {}, cookies: { theme: "light" } }),
    },
    {
      send: "POST /people/shorthand",
      json: { name: "A", at: "2024-01-01", big: "9007199254740993" },
      expect: ok({ name: "A", at: 1704067200000, big: "9007199254740993n" }),
    },
  ]),
  ...sentence(2, "Undeclared sources stay as they came", [
    {
      send: "GET /undeclared/x%20y?a=1&b=%2B",
      headers: [
        ["Cookie", "c=1; d=%C3%A9"],
        ["X-Any", "thing"],
      ],
      expect: ok({ params: { name: "x y" }, query: { a: "1", b: "+" }, cookies: { c: "1", d: "é" }, header: "thing" }),
    },
  ]),
  ...sentence(2, "Header names are matched case-insensitively; a schema key xRequestId or x-request-id both work", [
    {
      send: "GET /sources/7",
      headers: [
        ["x-request-id", "a"],
        ["x-FLAG", "1"],
      ],
      expect: ok({
        params: { id: 7 },
        query: { page: 1 },
        headers: { xRequestId: "a", "x-flag": true },
        cookies: { theme: "light" },
      }),
    },
    {
      send: "GET /sources/7",
      headers: [
        ["X-REQUEST-ID", "a"],
        ["X-Flag", "maybe"],
      ],
      expect: invalid("headers.x-flag type_error"),
    },
  ]),
  ...sentence(2, "Coercion on headers and cookies", [
    { send: "GET /headers/list", headers: [["x-tags", "1, 2,3"]], expect: ok({ xTags: [1, 2, 3] }) },
    {
      send: "GET /headers/list",
      headers: [
        ["x-tags", "1"],
        ["x-tags", "2"],
      ],
      expect: ok({ xTags: [1, 2] }),
    },
    { send: "GET /headers/list", headers: [["x-tags", "1, x"]], expect: invalid("headers.xTags.[1] type_error") },
    { send: "GET /headers/list", expect: invalid("headers.xTags missing") },
    {
      send: "GET /cookies",
      headers: [["cookie", "other=1; count=3; name=%C3%A9"]],
      expect: ok({ count: 3, name: "é" }),
    },
    { send: "GET /cookies", headers: [["cookie", "count=three"]], expect: invalid("cookies.count type_error") },
    { send: "GET /cookies", headers: [["cookie", "count="]], expect: invalid("cookies.count type_error") },
    { send: "GET /cookies", expect: invalid("cookies.count missing") },
  ]),
  ...sentence(2, "A repeated key for a scalar: last wins", [
    { send: "GET /loose-query?a=1&a=2", expect: ok({ a: 2 }) },
    { send: "GET /loose-query?a=x&a=2", expect: ok({ a: 2 }) },
    { send: "GET /loose-query?a=1&a=x", expect: invalid("query.a type_error") },
  ]),
  ...sentence(2, "+ in a query is a space", [
    { send: "GET /loose-query?s=a+b%2Bc", expect: ok({ s: "a b+c" }) },
    { send: "GET /loose-query?a=+5", expect: invalid("query.a type_error") },
  ]),
  ...sentence(2, "A key without = is the empty string", [
    { send: "GET /loose-query?s", expect: ok({ s: "" }) },
    { send: "GET /loose-query?s&a=1", expect: ok({ a: 1, s: "" }) },
    { send: "GET /loose-query?a", expect: invalid("query.a type_error") },
    { send: "GET /loose-query?&&s==&", expect: ok({ s: "=" }) },
  ]),
  ...sentence(2, "Query strings are read as WHATWG URL 5.1 says", [
    { send: "GET /loose-query?s=%zz", expect: ok({ s: "%zz" }) },
    { send: "GET /loose-query?s=100%", expect: ok({ s: "100%" }) },
    { send: "GET /loose-query?s=%ff", expect: ok({ s: "\uFFFD" }) },
    { send: "GET /loose-query?%73=encoded", expect: ok({ s: "encoded" }) },
    { send: "GET /loose-query?s=a?b/c;d", expect: ok({ s: "a?b/c;d" }) },
    { send: "GET /loose-query?s=%26%3D%23", expect: ok({ s: "&=#" }) },
    { send: "GET /loose-query?", expect: ok({}) },
  ]),
  ...sentence(2, "Undeclared keys are dropped", [
    { send: "GET /loose-query?a=1&b=2&__proto__=3&constructor=4", expect: ok({ a: 1 }) },
    {
      send: "POST /people",
      json: { name: "Ada", extra: 1, address: { street: "s", zip: "12345", more: 2 } },
      expect: ok({ name: "Ada", role: "user", address: { street: "s", zip: "12345" } }),
    },
  ]),
  ...sentence(2, "additionalProperties: false rejects them", [
    { send: "GET /strict-query?a=1", expect: ok({ a: 1 }) },
    { send: "GET /strict-query?a=1&b=2", expect: invalid("query.b extra_forbidden") },
    { send: "GET /strict-query?__proto__=2", expect: invalid("query.__proto__ extra_forbidden") },
    { send: "POST /people/closed", json: { name: "Ada", role: 1 }, expect: invalid("body.role extra_forbidden") },
  ]),
  ...sentence(2, "Defaults apply when the key is absent", [
    { send: "GET /defaults", expect: ok({ limit: 20, sort: "asc" }) },
    { send: "GET /defaults?limit=5&q=x", expect: ok({ limit: 5, sort: "asc", q: "x" }) },
    { send: "GET /defaults?limit=", expect: invalid("query.limit type_error") },
    { send: "POST /people", json: { name: "Ada" }, expect: ok({ name: "Ada", role: "user" }) },
  ]),
  ...sentence(2, "One parameter value longer than 8 KiB: 400", [
    { send: `GET /loose-query?s=${"x".repeat(8192)}`, expect: { status: 200 } },
    { send: `GET /loose-query?s=${"x".repeat(8193)}`, expect: { status: 400 } },
    { send: `GET /text/${"x".repeat(8192)}`, expect: { status: 200 } },
    { send: `GET /text/${"x".repeat(8193)}`, expect: { status: 400 } },
    { send: "GET /sources/7", headers: [["x-request-id", "x".repeat(8193)]], expect: { status: 400 } },
    { send: "GET /cookies", headers: [["cookie", `count=1; name=${"x".repeat(8193)}`]], expect: { status: 400 } },
  ]),
  ...sentence(2, "… configurable", [
    { api: "limited", send: "GET /read/0123456789?q=0123456789", expect: { status: 200, body: "0123456789" } },
    { api: "limited", send: "GET /read/01234567890", expect: { status: 400 } },
    { api: "limited", send: "GET /read/1?q=01234567890", expect: { status: 400 } },
    { api: "limited", send: "GET /read/1", headers: [["x-long", "01234567890"]], expect: { status: 400 } },
    { api: "limited", send: "GET /read/1?a&b&c&d&e", expect: { status: 200 } },
    { api: "limited", send: "GET /read/1?a&b&c&d&e&f", expect: { status: 400 } },
    { api: "limited", send: "GET /read/1", headers: numbered(21), expect: { status: 400 } },
    { api: "limited", send: "GET /read/1", headers: numbered(19), expect: { status: 200 } },
  ]),
  ...sentence(2, "More than 100 headers or 1,000 query keys: 400", [
    { send: "GET /sources/7", headers: numbered(99), expect: { status: 200 } },
    { send: "GET /sources/7", headers: numbered(101), expect: { status: 400 } },
    { send: `GET /loose-query?a=1${"&k=".repeat(999)}`, expect: ok({ a: 1 }) },
    { send: `GET /loose-query?a=1${"&k=".repeat(1000)}`, expect: { status: 400 } },
  ]),
];

function numbered(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, at) => [`x-n${at}`, "1"] as const);
}
