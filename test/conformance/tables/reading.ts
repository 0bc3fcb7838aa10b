import { type Row, sentence } from "../row.ts";

const ok = (json: unknown) => ({ status: 200, json });
const invalid = (...entries: readonly string[]) => ({ status: 422, entries });
const JSON_TYPE = [["content-type", "application/json"]] as const;
const malformed = (line: number, column: number) => ({
  status: 422,
  entries: ["body json_invalid"],
  holds: [`Invalid JSON at line ${line}, column ${column}: `],
});

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

/** Section 2: JSON bodies, and what is wrong with any source. */
export const bodies: readonly Row[] = [
  ...sentence(2, "JSON body: application/json and +json", [
    {
      send: "POST /people",
      headers: [["content-type", "application/json"]],
      body: '{"name":"A"}',
      expect: { status: 200 },
    },
    {
      send: "POST /people",
      headers: [["content-type", "Application/JSON; charset=utf-8"]],
      body: '{"name":"A"}',
      expect: { status: 200 },
    },
    {
      send: "POST /people",
      headers: [["content-type", "application/vnd.api+json"]],
      body: '{"name":"A"}',
      expect: { status: 200 },
    },
    { send: "POST /people", headers: JSON_TYPE, body: '{"name":"é😀"}', expect: ok({ name: "é😀", role: "user" }) },
  ]),
  ...sentence(2, "Another content type where a JSON body is declared: 415", [
    ...[
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonp",
      "text/json",
      "json",
      "",
    ].map((type) => ({
      send: "POST /people",
      headers: [["content-type", type]] as const,
      body: '{"name":"A"}',
      expect: { status: 415 },
    })),
    { send: "POST /people", body: new TextEncoder().encode('{"name":"A"}'), expect: { status: 415 } },
  ]),
  ...sentence(2, "Malformed JSON: 422, with line and column", [
    { send: "POST /people", headers: JSON_TYPE, body: '{"name":"A",}', expect: malformed(1, 13) },
    { send: "POST /people", headers: JSON_TYPE, body: '{\n  "name": nope\n}', expect: malformed(2, 11) },
    { send: "POST /people", headers: JSON_TYPE, body: "{", expect: malformed(1, 2) },
    { send: "POST /people", headers: JSON_TYPE, body: "   ", expect: malformed(1, 4) },
    { send: "POST /people", headers: JSON_TYPE, body: "NaN", expect: malformed(1, 1) },
    { send: "POST /people", headers: JSON_TYPE, body: "{} {}", expect: malformed(1, 4) },
    { send: "POST /people", headers: JSON_TYPE, body: "{'name':1}", expect: malformed(1, 2) },
    { send: "POST /people", headers: JSON_TYPE, body: '{"a":"\t"}', expect: malformed(1, 7) },
  ]),
  ...sentence(2, "A body that is not UTF-8 is not JSON (RFC 8259 8.1)", [
    {
      send: "POST /any",
      headers: JSON_TYPE,
      body: new Uint8Array([0x22, 0xff, 0x22]),
      expect: { status: 422, entries: ["body json_invalid"] },
    },
    {
      send: "POST /any",
      headers: JSON_TYPE,
      body: new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
      expect: { status: 422, entries: ["body json_invalid"] },
    },
    { send: "POST /any", headers: JSON_TYPE, body: '"\uFFFD"', expect: { status: 200 } },
  ]),
  ...sentence(2, "Empty body where required: 422 missing", [
    { send: "POST /people", headers: JSON_TYPE, expect: invalid("body missing") },
    { send: "POST /people", headers: JSON_TYPE, body: "", expect: invalid("body missing") },
    { send: "POST /people", expect: invalid("body missing") },
  ]),
  ...sentence(2, "Bodies over maxBodySize (default 1 MiB): 413, decided from Content-Length", [
    {
      send: "POST /limit/default",
      headers: JSON_TYPE,
      body: `"${"x".repeat(1_048_574)}"`,
      expect: { status: 200, body: "read" },
    },
    {
      send: "POST /limit/default",
      headers: JSON_TYPE,
      body: `"${"x".repeat(1_048_575)}"`,
      expect: { status: 413, json: { detail: "Body is larger than 1048576 bytes" } },
    },
  ]),
  ...sentence(2, "… and while reading where it is not there", [
    { send: "POST /limit/route", headers: JSON_TYPE, chunks: ['"01234567"'], expect: { status: 200, body: "read" } },
    { send: "POST /limit/route", headers: JSON_TYPE, chunks: ['"01234', '5678"'], expect: { status: 413 } },
    { send: "POST /limit/undeclared", chunks: ["01234", "56789"], expect: { status: 200, json: 10 } },
    { send: "POST /limit/undeclared", chunks: ["01234", "567890"], expect: { status: 413 } },
    { send: "POST /limit/undeclared/7", chunks: ["01234"], expect: { status: 200, body: "701234" } },
  ]),
  ...sentence(2, "… per api, scope and route", [
    { send: "POST /limit/route", headers: JSON_TYPE, body: '"01234567"', expect: { status: 200 } },
    { send: "POST /limit/route", headers: JSON_TYPE, body: '"012345678"', expect: { status: 413 } },
    { send: "POST /limit/undeclared", body: "0123456789", expect: { status: 200 } },
    { send: "POST /limit/undeclared", body: "0123456789a", expect: { status: 413 } },
    { send: "POST /limit/scope/inherited", headers: JSON_TYPE, body: `"${"x".repeat(18)}"`, expect: { status: 200 } },
    { send: "POST /limit/scope/inherited", headers: JSON_TYPE, body: `"${"x".repeat(19)}"`, expect: { status: 413 } },
    { send: "POST /limit/scope/raised", headers: JSON_TYPE, body: `"${"x".repeat(38)}"`, expect: { status: 200 } },
    { send: "POST /limit/scope/raised", headers: JSON_TYPE, body: `"${"x".repeat(39)}"`, expect: { status: 413 } },
    { api: "limited", send: "POST /body", headers: JSON_TYPE, body: '"01234567"', expect: { status: 200 } },
    { api: "limited", send: "POST /body", headers: JSON_TYPE, body: '"012345678"', expect: { status: 413 } },
  ]),
  ...sentence(2, "__proto__, constructor and prototype keys cannot pollute anything", [
    {
      send: "POST /any",
      headers: JSON_TYPE,
      body: '{"__proto__":{"polluted":"no"},"constructor":{"prototype":{"polluted":"no"}}}',
      expect: ok({ type: "object", clean: "yes" }),
    },
    {
      send: "POST /people",
      headers: JSON_TYPE,
      body: '{"name":"A","__proto__":{"age":7}}',
      expect: ok({ name: "A", role: "user" }),
    },
    {
      send: "POST /people",
      headers: JSON_TYPE,
      body: '{"__proto__":{"name":"A"}}',
      expect: invalid("body.name missing"),
    },
    {
      send: "POST /people/closed",
      headers: JSON_TYPE,
      body: '{"name":"A","__proto__":{"polluted":"no"}}',
      expect: invalid("body.__proto__ extra_forbidden"),
    },
    { send: "GET /undeclared/__proto__?__proto__=1", headers: [["cookie", "__proto__=1"]], expect: { status: 200 } },
  ]),
  ...sentence(2, "Validation collects all errors of all sources in one answer", [
    {
      send: "PUT /everything/x?page=y&since=z",
      headers: [
        ["x-count", "w"],
        ["cookie", "sid=abc"],
      ],
      json: { name: "", age: 200, role: "root", address: { zip: "1" }, tags: ["ok", "too long", 3, "d"] },
      expect: invalid(
        "params.id type_error",
        "query.page type_error",
        "headers.xCount type_error",
        "cookies.sid too_short",
        "query.since type_error",
        "body.name too_short",
        "body.age range",
        "body.role enum",
        "body.address.street missing",
        "body.address.zip pattern",
        "body.tags too_long",
        "body.tags.[1] too_long",
        "body.tags.[2] type_error",
      ),
    },
    {
      send: "PUT /everything/x",
      headers: JSON_TYPE,
      body: "{",
      expect: invalid(
        "params.id type_error",
        "query.page missing",
        "headers.xCount missing",
        "cookies.sid missing",
        "query.since missing",
        "body json_invalid",
      ),
    },
  ]),
  ...sentence(2, "… at most 100", [
    {
      send: "POST /many",
      json: Array.from({ length: 150 }, () => "x"),
      expect: invalid(...Array.from({ length: 100 }, (_, at) => `body.[${at}] type_error`)),
    },
  ]),
  ...sentence(
    2,
    "loc is the source then the path, array indices as numbers; the envelope is detail with loc, msg, type",
    [
      {
        send: "POST /many",
        json: [1, "x"],
        expect: { status: 422, json: { detail: [{ loc: ["body", 1], msg: "Expected integer", type: "type_error" }] } },
      },
      {
        send: "POST /people",
        json: { name: "A", address: { street: "s", zip: 12345 } },
        expect: {
          status: 422,
          json: { detail: [{ loc: ["body", "address", "zip"], msg: "Expected string", type: "type_error" }] },
        },
      },
    ],
  ),
  ...sentence(2, "The rejected value is never echoed", [
    {
      send: "POST /people",
      json: { name: "A", role: "hunter2secret" },
      expect: { status: 422, lacks: ["hunter2secret"] },
    },
    { send: "GET /coerce/integer?value=hunter2secret", expect: { status: 422, lacks: ["hunter2secret"] } },
    {
      send: "POST /people",
      headers: JSON_TYPE,
      body: '{"name":"hunter2secret"',
      expect: { status: 422, lacks: ["hunter2secret"] },
    },
    { send: "GET /coerce-param/uuid/hunter2secret", expect: { status: 422, lacks: ["hunter2secret"] } },
  ]),
  ...sentence(2, "Order: method and path, size limits, then all sources together", [
    { send: "PATCH /limit/route", body: "x".repeat(50), expect: { status: 405 } },
    { send: "POST /limit/nowhere", body: "x".repeat(50), expect: { status: 404 } },
    {
      send: "POST /limit/route",
      headers: [["content-type", "text/plain"]],
      body: "x".repeat(50),
      expect: { status: 413 },
    },
    { send: "PUT /everything/x", headers: JSON_TYPE, body: `"${"x".repeat(1_048_576)}"`, expect: { status: 413 } },
  ]),
];

function numbered(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, at) => [`x-n${at}`, "1"] as const);
}
