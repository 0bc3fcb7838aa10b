import { NAMED_ERRORS } from "../apis/failing.ts";
import { type Row, sentence } from "../row.ts";

const INTERNAL = { status: 500, json: { detail: "Internal Server Error" }, lacks: ["s3cret"] } as const;
const TEAPOT = {
  status: 418,
  headers: { "x-spout": "short" },
  json: { detail: { reason: "teapot" }, extra: { cups: 2 } },
} as const;
const ENTRY = { loc: ["body", "a"], msg: "Expected integer", type: "type_error" } as const;
const PROBLEM = { "content-type": "application/problem+json" } as const;

const envelope: readonly Row[] = [
  ...sentence(
    4,
    "Named subclasses, each with its status",
    NAMED_ERRORS.map(([{ name }, status]) => ({
      send: `GET /error/${name}`,
      expect: { status, json: { detail: "told" } },
    })),
  ),
  ...sentence(4, "HttpError(status, detail, { headers, extra, type }); envelope detail, plus extra when given", [
    { send: "GET /error/returned", expect: TEAPOT },
    { send: "GET /error/default-detail", expect: { status: 404, json: { detail: "Not Found" } } },
  ]),
  ...sentence(4, "ValidationError(entries)", [
    {
      send: "GET /error/validation",
      expect: {
        status: 422,
        json: { detail: [{ loc: ["body", "end"], msg: "Expected a date after start", type: "value_error" }] },
      },
    },
  ]),
  ...sentence(4, "Thrown and returned errors are equal", [
    { send: "GET /error/thrown", expect: TEAPOT },
    { send: "GET /error/rejected", expect: TEAPOT },
  ]),
  ...sentence(4, "401 carries WWW-Authenticate", [
    { send: "GET /error/Unauthorized", expect: { status: 401, headers: { "www-authenticate": "Bearer" } } },
    { send: "GET /error/unauthorized", expect: { status: 401, headers: { "www-authenticate": 'Basic realm="here"' } } },
  ]),
  ...sentence(4, "Anything else thrown: 500 with nothing of the error's text; logged with route", [
    { send: "GET /error/plain?token=s3cret", expect: INTERNAL, logs: ["GET /error/plain", "the password is s3cret"] },
    { send: "GET /error/later", expect: INTERNAL, logs: ["GET /error/later", "the password is s3cret"] },
    {
      send: "GET /error/returned-plain",
      expect: INTERNAL,
      logs: ["GET /error/returned-plain", "the password is s3cret"],
    },
    { send: "GET /error/text", expect: INTERNAL, logs: ["GET /error/text", "a string"] },
    { send: "GET /error/nothing", expect: INTERNAL, logs: ["GET /error/nothing", "undefined"] },
  ]),
];

const problems: readonly Row[] = [
  ...sentence(4, 'errors: "problem" switches every error to RFC 9457', [
    {
      api: "problem",
      send: "GET /error/Conflict",
      expect: {
        status: 409,
        headers: PROBLEM,
        json: { type: "about:blank", title: "Conflict", status: 409, detail: "told" },
      },
    },
    {
      api: "problem",
      send: "GET /error/returned",
      expect: {
        status: 418,
        headers: { ...PROBLEM, "x-spout": "short" },
        json: {
          type: "https://example.com/tea",
          title: "I'm a Teapot",
          status: 418,
          errors: { reason: "teapot" },
          extra: { cups: 2 },
        },
      },
    },
  ]),
  ...sentence(4, "… the framework's own included, with errors for validation entries", [
    {
      api: "problem",
      send: "POST /error/invalid",
      json: { a: "x" },
      expect: {
        status: 422,
        headers: PROBLEM,
        json: { type: "about:blank", title: "Unprocessable Content", status: 422, errors: [ENTRY] },
      },
    },
    {
      api: "problem",
      send: "GET /nowhere",
      expect: {
        status: 404,
        headers: PROBLEM,
        json: { type: "about:blank", title: "Not Found", status: 404, detail: "Not Found" },
      },
    },
    {
      api: "problem",
      send: "PUT /error/plain",
      expect: { status: 405, headers: { ...PROBLEM, allow: "GET, HEAD, OPTIONS" } },
    },
    { api: "problem", send: "GET /error/%zz", expect: { status: 400, headers: PROBLEM } },
    {
      api: "problem",
      send: "POST /error/invalid",
      body: "{}",
      headers: [["content-type", "text/plain"]],
      expect: { status: 415, headers: PROBLEM },
    },
    {
      api: "problem",
      send: "POST /error/invalid",
      json: { a: "x".repeat(1_048_576) },
      expect: { status: 413, headers: PROBLEM },
    },
    {
      api: "problem",
      send: "GET /error/plain",
      expect: {
        status: 500,
        headers: PROBLEM,
        json: { type: "about:blank", title: "Internal Server Error", status: 500, detail: "Internal Server Error" },
      },
    },
    {
      api: "problem",
      send: "GET /error/unauthorized",
      expect: { status: 401, headers: { ...PROBLEM, "www-authenticate": 'Basic realm="here"' } },
    },
  ]),
];

const handlers: readonly Row[] = [
  ...sentence(4, "onError on api and scope: the most specific class wins", [
    { send: "GET /handled/http", expect: { status: 418, json: { detail: "outer: taken" } } },
    { send: "GET /handled/missing", expect: { status: 418, json: { detail: "outer: gone" } } },
    { send: "GET /handled/very", expect: { status: 500, json: { handled: "outer: broken" } } },
    { send: "GET /handled/other", expect: { status: 409, json: { detail: "outer: any error" } } },
    { send: "GET /handled/invalid?n=x", expect: { status: 418 } },
  ]),
  ...sentence(4, "… inner scope first", [
    { send: "GET /handled/inner/broken", expect: { status: 503, body: "inner: broken" } },
    { send: "GET /handled/inner/http", expect: { status: 418, json: { detail: "outer: taken" } } },
  ]),
  ...sentence(4, "… for paths of the scope that no route matches, too", [
    { send: "GET /handled/nowhere", expect: { status: 418, json: { detail: "outer: Not Found" } } },
    { send: "POST /handled/http", expect: { status: 418, json: { detail: "outer: Method Not Allowed" } } },
  ]),
  ...sentence(4, "A failing error handler is a plain 500", [
    { send: "GET /failing/now", expect: INTERNAL, logs: ["GET /failing/now", "never told"] },
    { send: "GET /failing/later", expect: INTERNAL, logs: ["GET /failing/later", "the handler's own secret"] },
  ]),
  ...sentence(
    4,
    "NoResultError is 404; unique, foreign-key and not-null violations are 409/422 with the constraint's columns",
    [
      { send: "GET /database/missing", expect: { status: 404, json: { detail: "Not Found" } } },
      {
        send: "GET /database/unique",
        expect: {
          status: 409,
          json: { detail: "Already exists", extra: { constraint: "unique", columns: ["email"] } },
        },
      },
      {
        send: "GET /database/foreign",
        expect: { status: 409, holds: ['"constraint":"foreign_key","columns":["author_id"]'], lacks: ["7"] },
      },
      {
        send: "GET /database/not-null",
        expect: {
          status: 422,
          json: { detail: "A required value is missing", extra: { constraint: "not_null", columns: ["name"] } },
        },
      },
    ],
  ),
  ...sentence(4, "… opt out per api", [
    { api: "problem", send: "GET /database/unique", expect: { status: 500, lacks: ["email"] } },
  ]),
];

const debug: readonly Row[] = [
  ...sentence(4, "Debug mode: browsers get an HTML page with the stack, request and route plan", [
    {
      api: "debug",
      send: "GET /error/plain?token=hunter2secret",
      headers: [
        ["accept", "text/html,application/xhtml+xml"],
        ["authorization", "Bearer hunter2secret"],
        ["cookie", "sid=hunter2secret"],
      ],
      expect: {
        status: 500,
        headers: { "content-type": "text/html; charset=utf-8" },
        holds: ["the password is", "GET /error/plain", "token: string"],
        lacks: ["hunter2secret"],
      },
    },
  ]),
  ...sentence(4, "… others get JSON with exception and traceback; secrets are masked", [
    {
      api: "debug",
      send: "GET /error/plain?token=hunter2secret",
      headers: [
        ["authorization", "Bearer hunter2secret"],
        ["cookie", "sid=hunter2secret"],
      ],
      expect: {
        status: 500,
        headers: { "content-type": "application/json" },
        holds: ['"exception":', '"traceback":', '"detail":"Internal Server Error"'],
        lacks: ["hunter2secret"],
      },
    },
  ]),
  ...sentence(4, "… and only for what is unexpected", [
    { api: "debug", send: "GET /error/Conflict", expect: { status: 409, json: { detail: "told" } } },
    {
      send: "GET /error/plain",
      headers: [["accept", "text/html"]],
      expect: { ...INTERNAL, headers: { "content-type": "application/json" } },
    },
  ]),
];

/** Section 4. */
export const errors: readonly Row[] = [...envelope, ...problems, ...handlers, ...debug];
