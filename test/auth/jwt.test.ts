import { describe, expect, test } from "bun:test";
import { type Backend, jwt, type JwtOptions, type Principal } from "../../src/auth/index.ts";
import { Forbidden, type RequestContext, Unauthorized } from "../../src/http/index.ts";
import { t } from "../../src/schema/index.ts";
import { contextOf } from "../middleware/context.ts";
import { forge, hs256, PAIRS, pemOf } from "./forge.ts";

const NOW = 1_700_000_000;
const now = () => NOW * 1000;
const SECRET = "a secret of at least thirty-two bytes";
const { ES256, RS256 } = PAIRS;
const esPem = pemOf(ES256.publicKey);

const signedBy = {
  secret: (claims: object | string, header: object = { alg: "HS256" }) => forge(header, claims, hs256(SECRET)),
  key: (claims: object | string, header: object = { alg: "ES256" }) => forge(header, claims, ES256.sign),
};

/** One backend that verifies at once and one that verifies with a promise: the same rules for both. */
const WAYS = [
  ["under a secret", { secret: SECRET }, signedBy.secret],
  ["under a public key", { publicKey: esPem }, signedBy.key],
] as const;

function asking(
  headers: Record<string, string> = {},
  method = "GET",
  url = "https://shop.example/cart",
): RequestContext {
  return contextOf(new Request(url, { method, headers }));
}

const bearing = (token: string) => asking({ authorization: `Bearer ${token}` });

/** A principal's id, `anonymous`, or the detail of the 401. */
async function seen(backend: Backend, ctx: RequestContext): Promise<string> {
  const found = await backend.authenticate(ctx);
  if (found === undefined) return "anonymous";
  return found instanceof Unauthorized ? found.message : `user ${found.id}`;
}

describe.each(WAYS)("a token %s", (_, keys, sign) => {
  const good = sign({ sub: "17", exp: NOW + 60 });

  const claims: readonly (readonly [what: string, claims: object | string, expected: string, options?: JwtOptions])[] =
    [
      ["that is good", { sub: "17", exp: NOW + 60 }, "user 17"],
      ["without sub", { exp: NOW + 60 }, "user "],
      ["with a number for sub", { sub: 17, exp: NOW + 60 }, "Invalid token"],
      ["with null for sub", { sub: null, exp: NOW + 60 }, "Invalid token"],
      ["without exp", { sub: "17" }, "Token has expired"],
      ["without exp, where it need not", { sub: "17" }, "user 17", { requireExp: false }],
      ["that ended within the leeway", { sub: "17", exp: NOW - 59 }, "user 17"],
      ["that ended at the end of the leeway", { sub: "17", exp: NOW - 60 }, "Token has expired"],
      ["that ended, without leeway", { sub: "17", exp: NOW }, "Token has expired", { leeway: 0 }],
      ["that begins within the leeway", { sub: "17", exp: NOW + 99, nbf: NOW + 60 }, "user 17"],
      ["that begins later", { sub: "17", exp: NOW + 99, nbf: NOW + 61 }, "Token is not valid yet"],
      ["with exp as text", { sub: "17", exp: String(NOW + 60) }, "Token has expired"],
      ["with exp null", { sub: "17", exp: null }, "Token has expired"],
      ["with exp an array", { sub: "17", exp: [NOW + 60] }, "Token has expired"],
      ["with exp below zero", { sub: "17", exp: -1 }, "Token has expired"],
      ["with exp a decimal", `{"sub":"17","exp":${NOW}.5}`, "user 17"],
      ["with exp in powers of ten", '{"sub":"17","exp":17e8}', "user 17"],
      ["with exp beyond every number", '{"sub":"17","exp":1e999}', "Token has expired"],
      ["with exp twice", `{"sub":"17","exp":${NOW + 60},"exp":${NOW + 60}}`, "Invalid token"],
      ["with nbf as text", { sub: "17", exp: NOW + 60, nbf: "0" }, "Token is not valid yet"],
      ["with iat as text", { sub: "17", exp: NOW + 60, iat: "0" }, "Invalid token"],
      ["of the issuer", { sub: "17", exp: NOW + 60, iss: "me" }, "user 17", { issuer: "me" }],
      ["of one of the issuers", { sub: "17", exp: NOW + 60, iss: "us" }, "user 17", { issuer: ["me", "us"] }],
      ["of another issuer", { sub: "17", exp: NOW + 60, iss: "you" }, "Invalid token", { issuer: "me" }],
      ["of no issuer", { sub: "17", exp: NOW + 60 }, "Invalid token", { issuer: "me" }],
      ["with the issuer in an array", { sub: "17", exp: NOW + 60, iss: ["me"] }, "Invalid token", { issuer: "me" }],
      ["for us", { sub: "17", exp: NOW + 60, aud: "us" }, "user 17", { audience: "us" }],
      ["for us among others", { sub: "17", exp: NOW + 60, aud: ["them", "us"] }, "user 17", { audience: "us" }],
      ["for others", { sub: "17", exp: NOW + 60, aud: ["them"] }, "Invalid token", { audience: "us" }],
      ["for nobody", { sub: "17", exp: NOW + 60, aud: [] }, "Invalid token", { audience: "us" }],
      [
        "for us, in an array with a number",
        { sub: "17", exp: NOW + 60, aud: ["us", 1] },
        "Invalid token",
        { audience: "us" },
      ],
      ["for nobody in particular", { sub: "17", exp: NOW + 60 }, "Invalid token", { audience: "us" }],
      ["with an id", { sub: "17", exp: NOW + 60, jti: "a" }, "user 17", { requireJti: true }],
      ["without an id", { sub: "17", exp: NOW + 60 }, "Invalid token", { requireJti: true }],
      ["with an empty id", { sub: "17", exp: NOW + 60, jti: "" }, "Invalid token", { requireJti: true }],
      ["with a number for its id", { sub: "17", exp: NOW + 60, jti: 1 }, "Invalid token", { requireJti: true }],
      ["that holds an array", [1], "Invalid token"],
      ["that holds no JSON", "sub=17", "Invalid token"],
      ["that holds nothing", "", "Invalid token"],
      ["that is 100 deep", `{"sub":"17","exp":${NOW + 60},"a":${"[".repeat(100)}${"]".repeat(100)}}`, "Invalid token"],
      ["with names that objects have", '{"sub":"17","exp":1700000060,"__proto__":{"roles":["admin"]}}', "user 17"],
    ];
  test.each(claims)("%s", async (_, payload, expected, options = {}) => {
    expect(await seen(jwt({ ...keys, now, ...options }), bearing(sign(payload)))).toBe(expected);
  });

  const types: readonly (readonly [typ: unknown, expected: string])[] = [
    ["at+jwt", "user 17"],
    ["AT+JWT", "user 17"],
    ["application/at+jwt", "user 17"],
    ["JWT", "Invalid token"],
    ["", "Invalid token"],
    [1, "Invalid token"],
    [undefined, "Invalid token"],
  ];
  test.each(types)("of the type %p, where at+jwt is asked for", async (typ, expected) => {
    const { alg } = JSON.parse(Buffer.from(good.split(".")[0]!, "base64url").toString()) as { alg: string };
    const token = sign({ sub: "17", exp: NOW + 60 }, typ === undefined ? { alg } : { alg, typ });
    expect(await seen(jwt({ ...keys, now, tokenType: "at+jwt" }), bearing(token))).toBe(expected);
  });

  const places: readonly (readonly [
    what: string,
    headers: Record<string, string>,
    expected: string,
    options?: JwtOptions,
  ])[] = [
    ["nothing", {}, "anonymous"],
    ["another scheme", { authorization: "Basic dTpw" }, "anonymous"],
    ["a scheme that begins alike", { authorization: `Bearers ${good}` }, "anonymous"],
    ["the bare token", { authorization: good }, "anonymous"],
    ["the scheme in other letters", { authorization: `bEARER   ${good}` }, "user 17"],
    ["the scheme alone", { authorization: "Bearer" }, "Invalid token"],
    ["two tokens", { authorization: `Bearer ${good}, Bearer ${good}` }, "Invalid token"],
    ["something behind it", { authorization: `Bearer ${good} x` }, "Invalid token"],
    ["another header", { "x-token": good }, "user 17", { header: "x-token", scheme: "" }],
    ["another header with a scheme", { "x-token": `Token ${good}` }, "user 17", { header: "x-token", scheme: "Token" }],
    ["a cookie", { cookie: `a=b; token=${good}` }, "user 17", { cookie: "token" }],
    ["a cookie that is not asked for", { cookie: `token=${good}` }, "anonymous"],
    ["another cookie", { cookie: `other=${good}` }, "anonymous", { cookie: "token" }],
    ["a bad cookie", { cookie: "token=x" }, "Invalid token", { cookie: "token" }],
    [
      "a cookie beside another scheme",
      { authorization: "Basic dTpw", cookie: `token=${good}` },
      "user 17",
      { cookie: "token" },
    ],
    [
      "a good cookie beside a bad header",
      { authorization: "Bearer x", cookie: `token=${good}` },
      "Invalid token",
      { cookie: "token" },
    ],
  ];
  test.each(places)("found in: %s", async (_, headers, expected, options = {}) => {
    expect(await seen(jwt({ ...keys, now, ...options }), asking(headers))).toBe(expected);
  });

  const origins: readonly (readonly [method: string, headers: Record<string, string>, isTaken: boolean])[] = [
    ["GET", {}, true],
    ["GET", { origin: "https://evil.example" }, true],
    ["POST", {}, false],
    ["POST", { origin: "https://shop.example" }, true],
    ["POST", { origin: "https://shop.example:444" }, false],
    ["POST", { origin: "http://shop.example" }, false],
    ["POST", { origin: "https://evil.example" }, false],
    ["POST", { origin: "null" }, false],
    ["POST", { origin: "https://app.example" }, true],
    ["POST", { origin: "https://app.example", "sec-fetch-site": "same-site" }, true],
    ["POST", { origin: "https://shop.example", "sec-fetch-site": "cross-site" }, false],
    ["POST", { "sec-fetch-site": "same-origin" }, true],
    ["POST", { "sec-fetch-site": "same-site" }, false],
    ["POST", { "sec-fetch-site": "none" }, true],
    ["DELETE", { origin: "https://evil.example" }, false],
    ["PUT", { origin: "https://evil.example" }, false],
    ["PATCH", { origin: "https://evil.example" }, false],
  ];
  test.each(origins)("in a cookie of a %s with %j: taken is %p", async (method, headers, isTaken) => {
    const backend = jwt({ ...keys, now, cookie: "token", origins: ["https://app.example"] });
    const run = async () => seen(backend, asking({ ...headers, cookie: `token=${good}` }, method));
    if (isTaken) expect(await run()).toBe("user 17");
    else await expect(run()).rejects.toBeInstanceOf(Forbidden);
    // In a header no browser sends it unasked.
    expect(await seen(backend, asking({ ...headers, authorization: `Bearer ${good}` }, method))).toBe("user 17");
  });

  test("is answered 401 with the challenge of RFC 6750, and nothing of the token", async () => {
    const found = await jwt({ ...keys, now }).authenticate(bearing(`${good}x`));
    expect(found).toBeInstanceOf(Unauthorized);
    const { status, detail, headers } = found as Unauthorized;
    expect({ status, detail, headers }).toEqual({
      status: 401,
      detail: "Invalid token",
      headers: { "www-authenticate": 'Bearer realm="api", error="invalid_token", error_description="Invalid token"' },
    });
  });

  test("leaves nothing of itself in the principal", async () => {
    const principal = await jwt({ ...keys, now }).authenticate(bearing(good));
    const shown = Bun.inspect(principal) + JSON.stringify(principal);
    for (const segment of good.split(".")) expect(shown).not.toContain(segment);
    expect(shown).not.toContain(SECRET);
  });

  test("that is revoked is 401, whether the store answers at once or later", async () => {
    const isRevoked = ({ jti }: Readonly<Record<string, unknown>>) => jti === "bad";
    for (const revocation of [{ isRevoked }, { isRevoked: async (claims: never) => isRevoked(claims) }]) {
      const backend = jwt({ ...keys, now, revocation });
      expect(await seen(backend, bearing(sign({ sub: "17", exp: NOW + 60, jti: "good" })))).toBe("user 17");
      expect(await seen(backend, bearing(sign({ sub: "17", exp: NOW + 60, jti: "bad" })))).toBe(
        "Token has been revoked",
      );
    }
    const broken = jwt({ ...keys, now, revocation: { isRevoked: () => Promise.reject(new Error("down")) } });
    await expect(seen(broken, bearing(good))).rejects.toThrow("down");
  });
});

describe("what waits and what does not", () => {
  const token = signedBy.secret({ sub: "17", exp: NOW + 60 });

  test("a secret answers at once, good or bad", () => {
    const backend = jwt({ secret: SECRET, now, revocation: { isRevoked: () => false } });
    expect((backend.authenticate(bearing(token)) as Principal).id).toBe("17");
    expect(backend.authenticate(bearing("x"))).toBeInstanceOf(Unauthorized);
    expect(backend.start?.({ production: true, warn: () => {} })).toBe(undefined);
  });

  test("a public key answers with a promise, but at once where there is no token", () => {
    const backend = jwt({ publicKey: esPem, now });
    expect(backend.authenticate(bearing(token))).toBeInstanceOf(Promise);
    expect(backend.authenticate(asking())).toBe(undefined);
    expect(backend.authenticate(asking({ authorization: "Basic x" }))).toBe(undefined);
  });
});

describe("the principal of a token", () => {
  const principalOf = (claims: object, options: Partial<JwtOptions> = {}) =>
    jwt({ secret: SECRET, now, ...options }).authenticate(
      bearing(signedBy.secret({ exp: NOW + 60, ...claims })),
    ) as Principal<Record<string, unknown>>;

  test.each([
    [{}, []],
    [{ roles: ["editor", "admin"] }, ["editor", "admin"]],
    [{ roles: "editor" }, ["editor"]],
    [{ role: "editor" }, ["editor"]],
    [{ role: "a", roles: ["b", 1, null, ["c"]] }, ["b", "a"]],
    [{ roles: { admin: true } }, []],
    [{ is_staff: true, is_superuser: true }, ["staff", "admin"]],
    [{ is_admin: true }, ["admin"]],
    [{ is_staff: "true", is_superuser: 1 }, []],
  ])("%j has the roles %j", (claims, roles) => {
    expect([...principalOf(claims).roles]).toEqual(roles);
  });

  test.each([
    [{}, []],
    [{ permissions: ["blog.add_post"] }, ["blog.add_post"]],
    [{ scope: "read:users  write:users" }, ["read:users", "write:users"]],
    [{ scope: ["a"], permissions: 1 }, []],
  ])("%j has the permissions %j", (claims, permissions) => {
    expect([...principalOf(claims).permissions]).toEqual(permissions);
  });

  test("takes roles and permissions from where it is told to", () => {
    const principal = principalOf(
      { realm_access: { roles: ["x"] }, roles: ["y"] },
      { roles: (claims) => (claims["realm_access"] as { roles: string[] }).roles, permissions: () => ["p"] },
    );
    expect([[...principal.roles], [...principal.permissions]]).toEqual([["x"], ["p"]]);
  });

  test("has all claims and the backend's name", () => {
    const principal = principalOf({ sub: "17", name: "Zoë" }, { name: "staff" });
    expect(principal.claims).toEqual({ exp: NOW + 60, sub: "17", name: "Zoë" });
    expect(principal.backend).toBe("staff");
  });

  test("loads its user when it is first read, and once", async () => {
    let loads = 0;
    const loadUser = async (id: string) => ({ id, loads: ++loads });
    const principal = principalOf({ sub: "17" }, { loadUser });
    expect(loads).toBe(0);
    expect(await principal.user).toEqual({ id: "17", loads: 1 });
    expect(await principal.user).toEqual({ id: "17", loads: 1 });
    expect(principalOf({ sub: "17" }).user).toBe(undefined);
  });

  test("a user that is not there is looked for once as well", () => {
    let loads = 0;
    const principal = principalOf({ sub: "17" }, { loadUser: () => void loads++ });
    expect([principal.user, principal.user, loads]).toEqual([undefined, undefined, 1]);
  });
});

describe("a schema of the claims", () => {
  const backend = jwt({
    secret: SECRET,
    now,
    claims: t.Object({ role: t.String(), since: t.Date(), plan: t.String({ default: "free" }) }),
  });
  const ask = (claims: object) => backend.authenticate(bearing(signedBy.secret({ exp: NOW + 60, ...claims })));

  test("types, decodes and completes them, and keeps the others", () => {
    const principal = ask({ sub: "17", role: "editor", since: "2026-01-02", other: 1 }) as Principal<{ since: Date }>;
    expect(principal.claims).toEqual({
      exp: NOW + 60,
      sub: "17",
      role: "editor",
      since: new Date("2026-01-02"),
      plan: "free",
      other: 1,
    } as never);
  });

  test.each([[{}], [{ role: 1, since: "2026-01-02" }], [{ role: "editor" }], [{ role: "editor", since: "x" }]])(
    "%j is 401",
    (claims) => {
      expect((ask(claims) as Unauthorized).detail).toBe("Invalid token");
    },
  );
});

describe("several keys", () => {
  const other = "another secret of at least 32 bytes!";
  const [first, second] = [SECRET, other].map((secret) =>
    forge({ alg: "HS256", kid: "b" }, { sub: "17", exp: NOW + 60 }, hs256(secret)),
  );

  test("are tried in turn where they have no name", async () => {
    const backend = jwt({ secret: [SECRET, other], now });
    expect(await seen(backend, bearing(first!))).toBe("user 17");
    expect(await seen(backend, bearing(second!))).toBe("user 17");
  });

  test("are chosen by name where they have one", async () => {
    const backend = jwt({
      secret: [
        { secret: SECRET, kid: "a" },
        { secret: other, kid: "b" },
      ],
      now,
    });
    expect(await seen(backend, bearing(first!))).toBe("Invalid token");
    expect(await seen(backend, bearing(second!))).toBe("user 17");
  });

  test("may be of different algorithms", async () => {
    const backend = jwt({ publicKey: [esPem, pemOf(RS256.publicKey)], now });
    expect(await seen(backend, bearing(signedBy.key({ sub: "17", exp: NOW + 60 })))).toBe("user 17");
    expect(await seen(backend, bearing(forge({ alg: "RS256" }, { sub: "17", exp: NOW + 60 }, RS256.sign)))).toBe(
      "user 17",
    );
    expect(await seen(backend, bearing(signedBy.secret({ sub: "17", exp: NOW + 60 })))).toBe("Invalid token");
  });
});

describe("start-up", () => {
  const mistakes: readonly (readonly [what: string, options: JwtOptions, says: string])[] = [
    ["no key", {}, "there is no key"],
    ["a secret that is not set", { secret: undefined }, "there is no key"],
    ["an empty secret", { secret: "" }, "empty"],
    ["no secret in the list", { secret: [] }, "no key"],
    ["a secret that is not set in a list", { secret: [SECRET, undefined as never] }, "secret is"],
    ["two sources", { secret: SECRET, publicKey: esPem }, "more than one source"],
    ["a public key as secret", { secret: esPem }, "public or private key"],
    ["a secret as public key", { publicKey: SECRET }, "PEM"],
    ["no public key in the list", { publicKey: [] }, "no public key"],
    ["RSA of 1024 bits", { publicKey: pemOf(PAIRS.short.publicKey) }, "2048"],
    ["an algorithm of the other family", { secret: SECRET, algorithms: ["RS256"] }, "not for RS256"],
    ["HMAC for a public key", { publicKey: esPem, algorithms: ["HS256"] }, "not for HS256"],
    ["an algorithm of another curve", { publicKey: esPem, algorithms: ["ES384"] }, "ES256"],
    [
      "a point that is not on its curve",
      {
        publicKey: {
          kty: "EC",
          crv: "P-256",
          x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
          y: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        },
      },
      "",
    ],
    ["keys over plain HTTP", { jwksUrl: "http://id.example/keys" }, "https"],
    ["keys from a file", { jwksUrl: "file:///etc/passwd" }, "https"],
    ["an address that is none", { jwksUrl: "keys" }, "https"],
    ["a provider over plain HTTP", { oidc: "http://id.example" }, "https"],
    ["a leeway below zero", { secret: SECRET, leeway: -1 }, "leeway"],
    ["no issuer in the list", { secret: SECRET, issuer: [] }, "iss"],
    ["no audience in the list", { publicKey: esPem, audience: [] }, "aud"],
  ];
  test.each(mistakes)("stops for %s", async (_, options, says) => {
    const backend = jwt(options);
    const start = async () => backend.start?.({ production: true, warn: () => {} });
    await expect(start()).rejects.toThrow(says);
    const error: unknown = await start().catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain(SECRET);
  });

  test.each([
    ["none", { secret: SECRET, algorithms: ["none"] }],
    ["an unknown algorithm", { secret: SECRET, algorithms: ["HS1"] }],
    ["no algorithm", { secret: SECRET, algorithms: [] }],
    ["a realm with a quote", { secret: SECRET, realm: 'a"b' }],
    ["a scheme that is no token", { secret: SECRET, scheme: "Be arer" }],
    ["an origin that is none", { secret: SECRET, origins: ["app.example"] }],
    ["an origin with a path", { secret: SECRET, origins: ["https://app.example/"] }],
  ])("is not even reached with %s", (_, options) => {
    expect(() => jwt(options as JwtOptions)).toThrow(TypeError);
  });

  const lengths: readonly (readonly [bytes: number, algorithm: "HS256" | "HS384" | "HS512", isShort: boolean])[] = [
    [31, "HS256", true],
    [32, "HS256", false],
    [47, "HS384", true],
    [48, "HS384", false],
    [63, "HS512", true],
    [64, "HS512", false],
  ];
  test.each(lengths)("with a secret of %p bytes for %s: too short is %p", (bytes, algorithm, isShort) => {
    const backend = jwt({ secret: "é".repeat(Math.floor(bytes / 2)) + "s".repeat(bytes % 2), algorithms: [algorithm] });
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    void backend.start?.({ production: false, warn });
    const needed = Number(algorithm.slice(2)) / 8;
    const message = `jwt: the secret has ${bytes} bytes: ${algorithm} needs ${needed} (RFC 7518 3.2)`;
    expect(warnings).toEqual(isShort ? [message] : []);
    const inProduction = () => void backend.start?.({ production: true, warn });
    if (isShort) expect(inProduction).toThrow(message);
    else expect(inProduction).not.toThrow();
  });

  test("without it the first request finds the same mistake", () => {
    expect(() => jwt({ secret: undefined }).authenticate(bearing("x"))).toThrow("there is no key");
    expect(jwt({ secret: undefined }).authenticate(asking())).toBe(undefined);
  });

  test("takes the algorithm of a JWK", async () => {
    const key = "k".repeat(64);
    const backend = jwt({ secret: { kty: "oct", alg: "HS512", k: Buffer.from(key).toString("base64url") }, now });
    const sign = (input: string) => new Bun.CryptoHasher("sha512", key).update(input).digest();
    expect(await seen(backend, bearing(forge({ alg: "HS512" }, { sub: "17", exp: NOW + 60 }, sign as never)))).toBe(
      "user 17",
    );
    expect(await seen(backend, bearing(forge({ alg: "HS256" }, { sub: "17", exp: NOW + 60 }, hs256(key))))).toBe(
      "Invalid token",
    );
  });
});

describe("the document", () => {
  test.each([
    [{ secret: SECRET }, { type: "http", scheme: "bearer", bearerFormat: "JWT" }],
    [
      { secret: SECRET, scheme: "Token" },
      { type: "http", scheme: "token" },
    ],
    [
      { secret: SECRET, header: "X-Token", scheme: "" },
      { type: "apiKey", in: "header", name: "X-Token" },
    ],
    [
      { oidc: "https://id.example/" },
      { type: "openIdConnect", openIdConnectUrl: "https://id.example/.well-known/openid-configuration" },
    ],
  ] as readonly (readonly [JwtOptions, object])[])("of %j says %j", (options, scheme) => {
    expect(jwt(options).scheme).toEqual(scheme as never);
  });
});
