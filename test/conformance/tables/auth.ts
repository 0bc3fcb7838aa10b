import { issueToken } from "bolide";
import { AUDIENCE, ISSUER, KEY, SECRET } from "../apis/secured.ts";
import { type Row, sentence } from "../row.ts";

const HOUR = 3600;
const NOW = Math.floor(Date.now() / 1000);

type Claims = Readonly<Record<string, unknown>>;

/** A token that is good but for what is said of it. */
function token(claims: Claims = {}, secret = SECRET): string {
  const good = { sub: "ada", iss: ISSUER, aud: AUDIENCE, exp: NOW + 24 * HOUR };
  return issueToken({ ...good, ...claims }, { secret, expiresIn: null });
}

/** A token of one's own making: any header, any payload, any signature. */
function forged(header: Claims, payload: Claims, signature = ""): string {
  const part = (value: Claims) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(payload)}.${signature}`;
}

type Headers = readonly (readonly [string, string])[];
const bearer = (value: string): Headers => [["authorization", `Bearer ${value}`]];
const welcome = { status: 200, body: "welcome ada" };
const DENIED = { status: 403, json: { detail: "Permission denied" } };
const refused = (challenge: string) => ({ status: 401, headers: { "www-authenticate": challenge } });
const GOOD = { sub: "ada", iss: ISSUER, aud: AUDIENCE, exp: NOW + HOUR };

const api = "secured";
const guarded = (name: string, claims: Claims, expect: Row["expect"]) =>
  ({
    api,
    send: `GET /guards/${name}`,
    headers: bearer(token(claims)),
    expect,
  }) as const;

/** Tokens that a standard forbids, each with the rule that forbids it. */
const FORBIDDEN: readonly (readonly [why: string, token: string])[] = [
  ["RFC 8725 3.1: alg none", forged({ alg: "none" }, GOOD)],
  ["RFC 8725 3.1: alg NONE", forged({ alg: "NONE" }, GOOD)],
  ["RFC 7515 4.1.1: no alg", forged({ typ: "JWT" }, GOOD, token().split(".")[2])],
  ["RFC 7515 5.2: another key", token({}, "another-secret-of-32-bytes-00000")],
  ["RFC 7515 5.2: no signature", token().replace(/\.[^.]*$/, ".")],
  ["RFC 7515 7.1: two parts", token().replace(/\.[^.]*$/, "")],
  ["RFC 7515 2: padding", `${token()}=`],
  ["RFC 7515 4.1.11: crit", forged({ alg: "HS256", crit: ["exp"], exp: 1 }, GOOD, "AAAA")],
  ["RFC 7519 4.1.4: ended", token({ exp: NOW - HOUR })],
  ["RFC 7519 4.1.5: not yet", token({ nbf: NOW + HOUR })],
  ["RFC 7519 4.1.1: another issuer", token({ iss: "https://other.example" })],
  ["RFC 7519 4.1.3: another audience", token({ aud: "https://other.example" })],
];

/** Section 6: who may call. */
export const auth: readonly Row[] = [
  ...sentence(6, "auth without guards requires authentication", [
    { api, send: "GET /me", expect: { ...refused('Bearer realm="api"'), json: { detail: "Authentication required" } } },
    {
      api,
      send: "GET /me",
      headers: bearer(token({ role: "editor" })),
      expect: { status: 200, json: { id: "ada", backend: "jwt", role: "editor" } },
    },
    { api, send: "GET /public", expect: { status: 200, body: "everybody" } },
  ]),
  ...sentence(6, "guards: [allowAny()] makes it optional; a presented but invalid credential is 401 even there", [
    { api, send: "GET /open", expect: { status: 200, json: { id: null } } },
    { api, send: "GET /open", headers: bearer(token()), expect: { status: 200, json: { id: "ada" } } },
    { api, send: "GET /open", headers: bearer("no.such.token"), expect: { status: 401 } },
  ]),
  ...sentence(6, "Nothing that a standard forbids gets in", [
    ...FORBIDDEN.map(
      ([, value]) => ({ api, send: "GET /me", headers: bearer(value), expect: { status: 401 } }) as const,
    ),
    { api, send: "GET /me", headers: bearer(token({ role: 7 })), expect: { status: 401 } },
  ]),
  ...sentence(6, "aud string or array; the scheme in any case", [
    { api, send: "GET /me", headers: bearer(token({ aud: ["x", AUDIENCE] })), expect: { status: 200 } },
    { api, send: "GET /me", headers: [["authorization", `bEARER ${token()}`]], expect: { status: 200 } },
  ]),
  ...sentence(6, "An anonymous caller of a protected route learns nothing about its schema; size limits come first", [
    { api, send: "POST /orders", json: { n: "no" }, expect: { status: 401, lacks: ["integer"] } },
    { api, send: "POST /orders", json: { pad: "x".repeat(200) }, expect: { status: 413 } },
    {
      api,
      send: "POST /orders",
      json: { n: "no" },
      headers: bearer(token()),
      expect: { status: 422, entries: ["body.n type_error"] },
    },
  ]),
  ...sentence(6, 'No principal: 401. Principal that fails: 403 {"detail":"Permission denied"}', [
    { api, send: "GET /guards/role", expect: { status: 401 } },
    guarded("role", {}, DENIED),
    guarded("role", { roles: ["editor"] }, welcome),
    guarded("any-role", { role: "owner" }, welcome),
    guarded("any-role", { role: "reader" }, DENIED),
    guarded("permission", { permissions: ["posts.edit"] }, welcome),
    guarded("permission", { scope: "posts.read posts.edit" }, welcome),
    guarded("permission", {}, DENIED),
    guarded("any-permission", { permissions: ["posts.delete"] }, welcome),
    guarded("all-permissions", { permissions: ["posts.delete"] }, DENIED),
    guarded("all-permissions", { permissions: ["posts.delete", "posts.edit"] }, welcome),
    guarded("staff", { is_staff: true }, welcome),
    guarded("staff", { is_staff: "true" }, DENIED),
    guarded("admin", { is_superuser: true }, welcome),
    guarded("admin", { is_staff: true }, DENIED),
    guarded("claim", { plan: "team" }, welcome),
    guarded("claim", { plan: "free" }, DENIED),
    guarded("all", { role: "editor" }, DENIED),
    guarded("all", { role: "editor", permissions: ["posts.edit"] }, welcome),
    guarded("any", { permissions: ["posts.edit"] }, welcome),
    guarded("any", {}, DENIED),
    guarded("not", {}, welcome),
    guarded("not", { role: "muted" }, DENIED),
    guarded("teapot", {}, { status: 418 }),
  ]),
  ...sentence(6, "apiKey: header, query; the key itself never appears", [
    { api, send: "GET /robots", expect: { status: 401 } },
    {
      api,
      send: "GET /robots",
      headers: [["x-api-key", KEY]],
      expect: { status: 200, json: { id: "robot", backend: "api-key" } },
    },
    { api, send: `GET /robots?key=${KEY}`, expect: { status: 200 } },
    { api, send: "GET /robots", headers: [["x-api-key", `${KEY}x`]], expect: { status: 401, lacks: [KEY] } },
  ]),
  ...sentence(6, "Backends are tried in order; the first that succeeds sets ctx.user", [
    { api, send: "GET /either", headers: [["x-api-key", KEY]], expect: { status: 200, body: "api-key" } },
    {
      api,
      send: "GET /either",
      headers: [...bearer(token()), ["x-api-key", KEY]],
      expect: { status: 200, body: "jwt" },
    },
    {
      api,
      send: "GET /either",
      headers: [...bearer("bad"), ["x-api-key", KEY]],
      expect: { status: 200, body: "api-key" },
    },
    { api, send: "GET /either", expect: { status: 401 } },
  ]),
  ...sentence(6, "Cookie tokens bring an origin check on unsafe methods", [
    { api, send: "GET /cookie", headers: [["cookie", `token=${token()}`]], expect: { status: 200, body: "ada" } },
    {
      api,
      send: "POST /cookie",
      headers: [
        ["cookie", `token=${token()}`],
        ["origin", "https://evil.example"],
      ],
      expect: { status: 403 },
    },
  ]),
  ...sentence(6, "Custom: defineAuth", [
    { api, send: "GET /ticket", expect: refused("Ticket") },
    { api, send: "GET /ticket", headers: [["x-ticket", "7"]], expect: { status: 200, body: "7" } },
    {
      api,
      send: "GET /ticket",
      headers: [["x-ticket", "8"]],
      expect: { status: 401, json: { detail: "Unknown ticket" } },
    },
  ]),
  ...sentence(6, "session: login sets a cookie; one that belongs to no session is 401", [
    { api, send: "GET /visit", expect: { status: 401 } },
    { api, send: "GET /visit", headers: [["cookie", "sid=nobody"]], expect: { status: 401 } },
    { api, send: "POST /login", headers: [["origin", "https://evil.example"]], expect: { status: 204 } },
  ]),
];
