import { type Row, sentence } from "../row.ts";

const ok = (json: unknown) => ({ status: 200, json });
const invalid = (...entries: readonly string[]) => ({ status: 422, entries });
const JSON_TYPE = [["content-type", "application/json"]] as const;
const malformed = (line: number, column: number) => ({
  status: 422,
  entries: ["body json_invalid"],
  holds: [`Invalid JSON at line ${line}, column ${column}: `],
});

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
  ...sentence(2, "… and none where it is optional", [
    { send: "POST /optional", expect: ok({ got: "nothing" }) },
    { send: "POST /optional", headers: JSON_TYPE, body: "", expect: ok({ got: "nothing" }) },
    { send: "POST /optional", json: { a: 1 }, expect: ok({ got: { a: 1 } }) },
    { send: "POST /optional", json: { a: "x" }, expect: invalid("body.a type_error") },
    { send: "POST /optional", json: null, expect: invalid("body type_error") },
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
