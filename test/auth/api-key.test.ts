import { describe, expect, test } from "bun:test";
import {
  apiKey,
  type ApiKeyOptions,
  type Backend,
  hashApiKey,
  newApiKey,
  type Principal,
} from "../../src/auth/index.ts";
import { Forbidden, Unauthorized } from "../../src/http/index.ts";
import { contextOf } from "../middleware/context.ts";

const KEY = "live_5fWcKwQ0p3RzT8yX1mNb";
const OTHER = "live_9aZbYcXdWeVfUgThSiRj";

function asking(headers: Record<string, string> = {}, path = "/", method = "GET") {
  return contextOf(new Request(`https://shop.example${path}`, { method, headers }));
}

async function seen(backend: Backend, ctx = asking({ "x-api-key": KEY })): Promise<string> {
  const found = await backend.authenticate(ctx);
  if (found === undefined) return "anonymous";
  return found instanceof Unauthorized ? found.message : `key ${found.id}`;
}

const billing = { id: "billing", key: KEY };

describe("a key is found", () => {
  const places: readonly (readonly [
    what: string,
    headers: Record<string, string>,
    path: string,
    expected: string,
    options?: ApiKeyOptions,
  ])[] = [
    ["nowhere", {}, "/", "anonymous"],
    ["in the header", { "x-api-key": KEY }, "/", "key billing"],
    ["in the header, in other letters", { "X-API-Key": ` ${KEY} ` }, "/", "key billing"],
    ["in a header of another name", { "x-key": KEY }, "/", "key billing", { header: "x-key" }],
    ["not in another header", { "x-key": KEY }, "/", "anonymous"],
    [
      "behind a scheme",
      { authorization: `aPIkEY ${KEY}` },
      "/",
      "key billing",
      { header: "authorization", scheme: "ApiKey" },
    ],
    [
      "not behind another scheme",
      { authorization: `Bearer ${KEY}` },
      "/",
      "anonymous",
      { header: "authorization", scheme: "ApiKey" },
    ],
    ["not without the scheme", { authorization: KEY }, "/", "anonymous", { header: "authorization", scheme: "ApiKey" }],
    ["not in the query unasked", {}, `/?key=${KEY}`, "anonymous"],
    ["in the query", {}, `/?a=1&key=${KEY}`, "key billing", { query: "key" }],
    ["in the query, encoded", {}, `/?key=${KEY.replace("_", "%5F")}`, "key billing", { query: "key" }],
    ["in a cookie", { cookie: `a=b; key=${KEY}` }, "/", "key billing", { cookie: "key" }],
    ["not in a cookie unasked", { cookie: `key=${KEY}` }, "/", "anonymous"],
    ["in the header before the query", { "x-api-key": "wrong" }, `/?key=${KEY}`, "Invalid API key", { query: "key" }],
    ["wrong", { "x-api-key": `${KEY}x` }, "/", "Invalid API key"],
    ["cut off", { "x-api-key": KEY.slice(0, -1) }, "/", "Invalid API key"],
    ["empty", { "x-api-key": "" }, "/", "Invalid API key"],
    ["twice", { "x-api-key": `${KEY}, ${KEY}` }, "/", "Invalid API key"],
    ["by its hash", { "x-api-key": hashApiKey(KEY) }, "/", "Invalid API key"],
    ["too long", { "x-api-key": "x".repeat(5000) }, "/", "Invalid API key"],
  ];
  test.each(places)("%s", async (_, headers, path, expected, options = {}) => {
    expect(await seen(apiKey({ keys: [billing], ...options }), asking(headers, path))).toBe(expected);
  });

  test("in a cookie of an unsafe request from this site alone", async () => {
    const backend = apiKey({ keys: [billing], cookie: "key", origins: ["https://app.example"] });
    const from = async (origin: string) => seen(backend, asking({ cookie: `key=${KEY}`, origin }, "/", "POST"));
    expect(await from("https://shop.example")).toBe("key billing");
    expect(await from("https://app.example")).toBe("key billing");
    await expect(from("https://evil.example")).rejects.toBeInstanceOf(Forbidden);
    expect(await seen(backend, asking({ "x-api-key": KEY, origin: "https://evil.example" }, "/", "POST"))).toBe(
      "key billing",
    );
  });
});

describe("the owner of a key", () => {
  test("is a principal, at once", () => {
    const backend = apiKey({
      keys: [{ ...billing, roles: ["service"], permissions: ["invoices:read"], claims: { tenant: 3 } }, OTHER],
      loadUser: (id, claims) => `${id} of ${claims.tenant}`,
    });
    const {
      id,
      backend: by,
      roles,
      permissions,
      claims,
      user,
    } = backend.authenticate(asking({ "x-api-key": KEY })) as Principal;
    expect({ id, by, roles: [...roles], permissions: [...permissions], claims, user }).toEqual({
      id: "billing",
      by: "api-key",
      roles: ["service"],
      permissions: ["invoices:read"],
      claims: { tenant: 3 },
      user: "billing of 3",
    });
  });

  test("is named by the key's hash where he has no name", async () => {
    expect(await seen(apiKey({ keys: [KEY] }))).toBe(`key key-${hashApiKey(KEY).slice(0, 12)}`);
  });

  test("can be kept by the hash alone", async () => {
    const { key, hash } = newApiKey("shop_");
    expect(key).toMatch(/^shop_[\w-]{43}$/);
    expect(hash).toBe(new Bun.CryptoHasher("sha256").update(key).digest("hex"));
    expect(await seen(apiKey({ keys: [{ id: "a", hash }] }), asking({ "x-api-key": key }))).toBe("key a");
  });

  test("never has the key or its hash in the principal or the error", async () => {
    const backend = apiKey({ keys: [billing, OTHER] });
    const hash = hashApiKey(OTHER);
    for (const key of [KEY, OTHER, "no key that we have given out"]) {
      const found = (await backend.authenticate(asking({ "x-api-key": key }))) as Unauthorized;
      const shown = Bun.inspect(found, { depth: 9 }) + JSON.stringify(found) + String(found.stack);
      for (const secret of [KEY, OTHER, "given out", hash, hashApiKey(KEY)]) expect(shown).not.toContain(secret);
    }
  });
});

describe("a lookup", () => {
  const rows = new Map([[hashApiKey(KEY), { id: "17", permissions: ["read"] }]]);

  test("is given the hash, never the key, and may answer at once or later", async () => {
    for (const wrap of [<T>(row: T) => row, async <T>(row: T) => row]) {
      const asked: string[] = [];
      const backend = apiKey({ lookup: (hash) => (asked.push(hash), wrap(rows.get(hash))) });
      expect(await seen(backend)).toBe("key 17");
      expect(await seen(backend, asking({ "x-api-key": OTHER }))).toBe("Invalid API key");
      expect(await seen(backend, asking())).toBe("anonymous");
      expect(asked).toEqual([hashApiKey(KEY), hashApiKey(OTHER)]);
    }
  });

  test("comes after the keys, and null is nobody", async () => {
    const backend = apiKey({ keys: [billing], lookup: () => null });
    expect(await seen(backend)).toBe("key billing");
    expect(await seen(backend, asking({ "x-api-key": OTHER }))).toBe("Invalid API key");
  });

  test("that fails lets nobody in", async () => {
    await expect(seen(apiKey({ lookup: () => Promise.reject(new Error("down")) }))).rejects.toThrow("down");
  });
});

test("a 401 has a challenge", () => {
  const backend = apiKey({ keys: [KEY] });
  const refused = backend.authenticate(asking({ "x-api-key": "wrong" })) as Unauthorized;
  expect([refused.status, refused.headers]).toEqual([401, { "www-authenticate": 'ApiKey realm="api"' }]);
  expect(backend.challenge).toBe('ApiKey realm="api"');
});

test.each([
  [{}, { type: "apiKey", in: "header", name: "x-api-key" }],
  [{ header: "X-Key" }, { type: "apiKey", in: "header", name: "X-Key" }],
  [
    { header: "Authorization", scheme: "ApiKey" },
    { type: "http", scheme: "apikey" },
  ],
] as const)("the document of %j says %j", (options, scheme) => {
  expect(apiKey({ keys: [KEY], ...options }).scheme).toEqual(scheme as never);
});

describe("start-up", () => {
  const mistakes: readonly (readonly [what: string, options: ApiKeyOptions, says: string])[] = [
    ["nothing", {}, "there is no key"],
    ["no keys", { keys: [] }, "there is no key"],
    ["a key that is not set", { keys: [KEY, undefined] }, "key 2 is missing or empty"],
    ["a named key that is not set", { keys: [{ id: "billing", key: undefined }] }, "key billing is missing or empty"],
    ["an empty key", { keys: [""] }, "key 1 is missing or empty"],
    ["a key of blanks", { keys: ["   "] }, "key 1 is missing or empty"],
    ["a key with a line break", { keys: [`${KEY}\n`] }, "begins or ends with a blank"],
    ["a key that no header carries", { keys: ["x".repeat(2000)] }, "over 1024"],
    ["a hash that is none", { keys: [{ hash: KEY }] }, "64 hexadecimal digits"],
    ["a hash in capitals", { keys: [{ hash: hashApiKey(KEY).toUpperCase() }] }, "64 hexadecimal digits"],
    ["a key twice", { keys: [KEY, { hash: hashApiKey(KEY) }] }, "given twice"],
  ];
  test.each(mistakes)("stops for %s", (_, options, says) => {
    const start = () => void apiKey(options).start?.({ production: true, warn: () => {} });
    expect(start).toThrow(says);
    expect(() => apiKey(options).authenticate(asking({ "x-api-key": OTHER }))).toThrow(says);
    try {
      start();
    } catch (error) {
      expect(String(error)).not.toContain(KEY);
    }
  });

  test("warns of a key that can be guessed", () => {
    const warnings: string[] = [];
    void apiKey({ keys: ["test", KEY] }).start?.({ production: true, warn: (message) => void warnings.push(message) });
    expect(warnings).toEqual(["api-key: key 1 has 4 characters: under 16 it can be guessed"]);
  });

  test("is not reached with a scheme that is no token", () => {
    expect(() => apiKey({ keys: [KEY], scheme: "Api Key" })).toThrow(TypeError);
  });
});
