import { type Row, sentence } from "../row.ts";

const JSON_TYPE = { "content-type": "application/json" };
const INTERNAL = { status: 500, headers: JSON_TYPE, json: { detail: "Internal Server Error" } } as const;
const ONE_COOKIE = ["a=1; Path=/; HttpOnly; SameSite=Lax"] as const;
const DRESSED = { "x-a": "1", "set-cookie": ONE_COOKIE } as const;

const values: readonly Row[] = [
  ...sentence(3, "A plain value: JSON with content-type: application/json", [
    {
      send: "GET /answer/object",
      expect: { status: 200, headers: JSON_TYPE, body: '{"a":1,"nested":{"b":[true,null]}}' },
    },
    { send: "GET /answer/array", expect: { status: 200, headers: JSON_TYPE, body: "[1,2]" } },
    { send: "GET /answer/number", expect: { status: 200, headers: JSON_TYPE, body: "7" } },
    { send: "GET /answer/boolean", expect: { status: 200, headers: JSON_TYPE, body: "false" } },
    { send: "GET /answer/promise", expect: { status: 200, headers: JSON_TYPE, body: '{"later":true}' } },
  ]),
  ...sentence(3, "String: text/plain; charset=utf-8", [
    {
      send: "GET /answer/string",
      expect: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "grüß dich" },
    },
    {
      send: "GET /constant",
      expect: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "always the same" },
    },
    {
      send: "GET /declared/string",
      expect: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "checked text" },
    },
    {
      send: "GET /declared/constant",
      expect: { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "checked once" },
    },
  ]),
  ...sentence(3, "Uint8Array, ArrayBuffer, Blob: application/octet-stream or the blob's type", [
    {
      send: "GET /answer/bytes",
      expect: { status: 200, headers: { "content-type": "application/octet-stream" }, bytes: [0, 255, 10] },
    },
    {
      send: "GET /answer/buffer",
      expect: { status: 200, headers: { "content-type": "application/octet-stream" }, bytes: [1, 2] },
    },
    { send: "GET /answer/blob", expect: { status: 200, headers: { "content-type": "image/svg+xml" }, body: "<p>" } },
    {
      send: "GET /answer/blob-untyped",
      expect: { status: 200, headers: { "content-type": "application/octet-stream" }, body: "raw" },
    },
  ]),
  ...sentence(3, "Response: as it is", [
    { send: "GET /answer/response", expect: { status: 299, headers: { "x-own": "1", "x-route": "1" }, body: "own" } },
  ]),
  ...sentence(3, "null and undefined: 204 with no body when the contract allows it", [
    { send: "GET /answer/null", expect: { status: 204, absent: ["content-type"], body: "" } },
    { send: "GET /answer/undefined", expect: { status: 204, absent: ["content-type"], body: "" } },
    { send: "GET /answer/null-204", expect: { status: 204, absent: ["content-type"], body: "" } },
    { send: "GET /answer/null-declared", expect: { status: 200, headers: JSON_TYPE, body: "null" } },
  ]),
  ...sentence(3, "… otherwise a 500 naming the route in the log, not the body", [
    {
      send: "GET /answer/nothing",
      expect: { ...INTERNAL, lacks: ["/answer/nothing"] },
      logs: ["GET /answer/nothing", "returned nothing"],
    },
  ]),
];

const replies: readonly Row[] = [
  ...sentence(
    3,
    "json html text xml bytes redirect status created accepted noContent render; all take status, headers, cookies",
    [
      { send: "GET /help/json", expect: { status: 201, headers: { ...JSON_TYPE, ...DRESSED }, body: '{"a":1}' } },
      {
        send: "GET /help/html",
        expect: { status: 201, headers: { "content-type": "text/html; charset=utf-8", ...DRESSED }, body: "<p>hi</p>" },
      },
      {
        send: "GET /help/template",
        expect: { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: "<p>&lt;script&gt;</p>" },
      },
      {
        send: "GET /help/text",
        expect: { status: 201, headers: { "content-type": "text/plain; charset=utf-8", ...DRESSED }, body: "hi" },
      },
      {
        send: "GET /help/xml",
        expect: {
          status: 201,
          headers: { "content-type": "application/xml; charset=utf-8", ...DRESSED },
          body: "<a/>",
        },
      },
      {
        send: "GET /help/bytes",
        expect: { status: 201, headers: { "content-type": "application/octet-stream", ...DRESSED }, bytes: [7] },
      },
      {
        send: "GET /help/redirect-303",
        expect: { status: 303, headers: { location: "/elsewhere", ...DRESSED }, body: "" },
      },
      {
        send: "GET /help/status",
        expect: { status: 207, headers: { "x-a": "1", ...JSON_TYPE }, body: '{"results":[]}' },
      },
      {
        send: "GET /help/created",
        expect: { status: 201, headers: { location: "/things/1", ...JSON_TYPE }, body: '{"id":1}' },
      },
      { send: "GET /help/accepted", expect: { status: 202, absent: ["content-type"], body: "" } },
      { send: "GET /help/no-content", expect: { status: 204, headers: DRESSED, absent: ["content-type"], body: "" } },
      {
        send: "GET /help/render",
        expect: { status: 201, headers: { "content-type": "text/html; charset=utf-8" }, body: "<b>A&amp;B</b>" },
      },
    ],
  ),
  ...sentence(3, "redirect is 307 by default", [
    { send: "GET /help/redirect", expect: { status: 307, headers: { location: "/elsewhere?a=1" }, body: "" } },
  ]),
  ...sentence(3, "Multiple Set-Cookie survive", [
    {
      send: "GET /cookie/two",
      expect: {
        status: 200,
        headers: { "set-cookie": ["a=1; Path=/; HttpOnly; SameSite=Lax", "b=2; Path=/; HttpOnly; SameSite=Lax"] },
      },
    },
    { send: "GET /cookie/response", expect: { status: 200, headers: { "set-cookie": ["a=1", "b=2"] } } },
    {
      send: "HEAD /cookie/two",
      expect: {
        status: 200,
        headers: { "set-cookie": ["a=1; Path=/; HttpOnly; SameSite=Lax", "b=2; Path=/; HttpOnly; SameSite=Lax"] },
        body: "",
      },
    },
  ]),
  ...sentence(3, "Default status 200; per route status: 201", [
    { send: "GET /answer/object", expect: { status: 200 } },
    { send: "GET /status/201", expect: { status: 201, json: { made: true } } },
    { send: "GET /status/text", expect: { status: 203, body: "text" } },
  ]),
];

const declared: readonly Row[] = [
  ...sentence(3, "Declared responses are checked and unknown properties are removed", [
    { send: "GET /declared/strip", expect: { status: 200, json: { id: 1, name: "Ada" }, lacks: ["s3cret"] } },
    {
      send: "GET /declared/list",
      expect: {
        status: 200,
        json: [
          { id: 1, name: "Ada" },
          { id: 1, name: "Ada" },
        ],
      },
    },
    { send: "GET /declared/nested", expect: { status: 200, json: { owner: { id: 1, name: "Ada" } } } },
  ]),
  ...sentence(3, "response is a schema, or a map of status to schema", [
    { send: "GET /declared/map", expect: { status: 201, json: { id: 1 } } },
    { send: "GET /declared/map-plain", expect: { status: 200, json: { id: 1, name: "Ada" } } },
    { send: "GET /declared/other-status", expect: INTERNAL, logs: ["GET /declared/other-status", "202"] },
  ]),
  ...sentence(3, "A mismatch: 500, the path of the mismatch in the log", [
    {
      send: "GET /declared/mismatch",
      expect: { ...INTERNAL, lacks: ["s3cret", "one"] },
      logs: ["GET /declared/mismatch", "response.id"],
    },
    { send: "GET /declared/mismatch-list", expect: INTERNAL, logs: ["GET /declared/mismatch-list", "response.1.name"] },
  ]),
  ...sentence(3, "… and in the body in debug mode", [
    { api: "debug", send: "GET /declared/mismatch", expect: { status: 500, holds: ["response", '"id"'] } },
  ]),
  ...sentence(3, "Dates become ISO 8601, bigint becomes a string, Uint8Array base64", [
    {
      send: "GET /declared/kinds",
      expect: { status: 200, json: { at: "2024-02-29T12:30:00.500Z", big: "12345678901234567890", raw: "AQID/w==" } },
    },
  ]),
  ...sentence(3, "responseValidation strict, strip or off", [
    { send: "GET /declared/strip-only", expect: { status: 200, json: { id: "not checked", name: "Ada" } } },
    { send: "GET /declared/off", expect: { status: 200, json: { id: 1, name: "Ada", password: "s3cret" } } },
  ]),
];

const cookies: readonly Row[] = [
  ...sentence(3, "Cookies: name value maxAge expires path domain secure httpOnly sameSite partitioned", [
    {
      send: "GET /cookie/all",
      expect: {
        status: 200,
        headers: {
          "set-cookie": [
            "full=v; Max-Age=60; Expires=Tue, 01 Jan 2030 00:00:00 GMT; Path=/app; Domain=example.com; Secure; SameSite=None; Partitioned",
          ],
        },
      },
    },
  ]),
  ...sentence(3, "defaults Path=/; HttpOnly; SameSite=Lax", [
    {
      send: "GET /cookie/default",
      expect: { status: 200, headers: { "set-cookie": ["sid=x; Path=/; HttpOnly; SameSite=Lax"] } },
    },
  ]),
  ...sentence(3, "SameSite=None without Secure, control characters or a bad name is an error at the call", [
    {
      send: "GET /cookie/insecure",
      expect: { ...INTERNAL, absent: ["set-cookie"] },
      logs: ["GET /cookie/insecure", "SameSite=None without Secure"],
    },
    {
      send: "GET /cookie/control",
      expect: { ...INTERNAL, absent: ["set-cookie"] },
      logs: ["GET /cookie/control", "control"],
    },
    { send: "GET /cookie/name", expect: { ...INTERNAL, absent: ["set-cookie"] }, logs: ["GET /cookie/name", "token"] },
  ]),
  ...sentence(3, "deleteCookie repeats path and domain", [
    {
      send: "GET /cookie/delete",
      expect: {
        status: 204,
        headers: {
          "set-cookie": [
            "sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/app; Domain=example.com; HttpOnly; SameSite=Lax",
          ],
        },
      },
    },
  ]),
];

/** Section 3. */
export const answering: readonly Row[] = [...values, ...replies, ...declared, ...cookies];
