import { type Row, sentenceOf } from "../row.ts";

const sentence = sentenceOf(7, "rated");
const ADA = [["x-api-key", "key-of-ada-1815-12-10"]] as const;
const GRACE = [["x-api-key", "key-of-grace-1906-12-09"]] as const;
const left = (limit: number, remaining: number) => ({
  "ratelimit-limit": String(limit),
  "ratelimit-remaining": String(remaining),
});
const passes = (remaining: number) => ({ status: 200, headers: left(2, remaining), body: "hello" });
const REFUSED = {
  status: 429,
  headers: left(2, 0),
  holds: ['{"detail":"Rate limit exceeded","retry_after":1'],
} as const;

/** Section 7 of `rateLimit`: rows that follow each other on one key count together. */
export const limits: readonly Row[] = [
  ...sentence("Keys: client address", [
    {
      send: "GET /address/hello",
      expect: { status: 200, headers: { ...left(2, 1), "ratelimit-reset": "1800" }, absent: ["retry-after"] },
    },
    { send: "GET /address/nowhere", expect: { status: 404, headers: left(2, 0), json: { detail: "Not Found" } } },
    { send: "GET /address/hello", expect: REFUSED },
    { send: "GET /address/hello", headers: ADA, expect: REFUSED },
    { send: "PUT /address/hello", expect: REFUSED },
  ]),
  ...sentence("Keys: user, API key", [
    { send: "GET /user/hello", headers: ADA, expect: passes(1) },
    { send: "GET /user/hello", headers: ADA, expect: passes(0) },
    { send: "GET /user/hello", headers: ADA, expect: REFUSED },
    { send: "GET /user/hello", headers: GRACE, expect: passes(1) },
    { send: "GET /user/hello", headers: [["x-api-key", "key-of-nobody-1900-01-01"]], expect: { status: 401 } },
    { send: "GET /user/hello", expect: passes(1) },
  ]),
  ...sentence("Keys: header", [
    { send: "GET /header/hello", headers: [["x-tenant", "a"]], expect: passes(1) },
    { send: "GET /header/hello", headers: [["x-tenant", "b"]], expect: passes(1) },
    { send: "GET /header/hello", headers: [["x-tenant", "a"]], expect: passes(0) },
    { send: "GET /header/hello", headers: [["x-tenant", "a"]], expect: REFUSED },
  ]),
  ...sentence("Keys: function", [
    { send: "GET /function/hello?q=a", expect: passes(1) },
    { send: "GET /function/hello?q=b", expect: passes(1) },
    { send: "GET /function/hello", expect: { status: 200, absent: ["retry-after"], body: "hello" } },
  ]),
  ...sentence("Order: rate limit, auth", [
    { send: "GET /first", headers: [["x-api-key", "wrong"]], expect: { status: 401, headers: left(2, 1) } },
    { send: "GET /first", headers: [["x-api-key", "wrong"]], expect: { status: 401, headers: left(2, 0) } },
    { send: "GET /first", headers: [["x-api-key", "wrong"]], expect: REFUSED },
  ]),
  ...sentence("skip on a route removes one by name", [
    { send: "GET /skipped", expect: { status: 200, absent: ["ratelimit-limit"], body: "hello" } },
  ]),
  ...sentenceOf(7, "rated-problem")("Retry-After on 429, in RFC 9457 as well", [
    { send: "GET /", expect: { status: 200, headers: { ...left(1, 0), "ratelimit-reset": "3600" } } },
    {
      send: "GET /",
      expect: {
        status: 429,
        headers: { ...left(1, 0), "content-type": "application/problem+json" },
        holds: ['"title":"Too Many Requests"', '"detail":"Rate limit exceeded","retry_after":3'],
      },
    },
  ]),
];
