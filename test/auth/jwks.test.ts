import { afterAll, describe, expect, test } from "bun:test";
import { type Backend, type Jwk, type JwksOptions, jwt } from "../../src/auth/index.ts";
import { ServiceUnavailable, Unauthorized } from "../../src/http/index.ts";
import { contextOf } from "../middleware/context.ts";
import { forge, hs256, PAIRS } from "./forge.ts";

const NOW = 1_700_000_000;
const { ES256, RS256, EdDSA, short } = PAIRS;

const es: Jwk = { ...(ES256.publicKey.export({ format: "jwk" }) as Jwk), kid: "es", use: "sig" };
const rs: Jwk = { ...(RS256.publicKey.export({ format: "jwk" }) as Jwk), kid: "rs" };
const ed: Jwk = { ...(EdDSA.publicKey.export({ format: "jwk" }) as Jwk), kid: "ed" };

type Answer = () => Response | Promise<Response>;

/** An issuer on this machine whose answers a test sets, and a clock that it moves. */
class Issuer {
  answer: Answer = () => Response.json({ keys: [es] });
  document: Answer = () => Response.json({ issuer: this.origin, jwks_uri: `${this.origin}/keys` });
  asked: string[] = [];
  at = NOW;
  readonly #server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      this.asked.push(pathname);
      if (pathname === "/keys") return this.answer();
      return pathname === "/.well-known/openid-configuration" ? this.document() : new Response(null, { status: 404 });
    },
  });

  get origin(): string {
    return this.#server.url.origin;
  }

  backend(options: JwksOptions & { readonly algorithms?: readonly "ES256"[] } = {}): Backend {
    const { algorithms, ...jwks } = options;
    const now = () => this.at * 1000;
    return jwt({
      jwksUrl: `${this.origin}/keys`,
      now,
      jwks: { now, ...jwks },
      ...(algorithms === undefined ? {} : { algorithms }),
    });
  }

  stop(): void {
    void this.#server.stop(true);
  }
}

const issuers: Issuer[] = [];
afterAll(() => issuers.forEach((issuer) => issuer.stop()));

function open(): Issuer {
  const issuer = new Issuer();
  issuers.push(issuer);
  return issuer;
}

const claims = { sub: "17", exp: NOW + 1_000_000 };
const token = (kid?: string) => forge({ alg: "ES256", ...(kid === undefined ? {} : { kid }) }, claims, ES256.sign);
const tokenRs = forge({ alg: "RS256", kid: "rs" }, claims, RS256.sign);

/** The principal's id, the detail of the 401, or 503. */
async function seen(backend: Backend, presented: string): Promise<string> {
  try {
    const headers = { authorization: `Bearer ${presented}` };
    const found = await backend.authenticate(contextOf(new Request("http://a/", { headers })));
    return found instanceof Unauthorized ? found.message : `user ${found?.id}`;
  } catch (error) {
    if (error instanceof ServiceUnavailable) return `503 after ${error.headers?.["retry-after"]}`;
    throw error;
  }
}

describe("a set of keys", () => {
  test("is fetched with the first token, and not again while it is good", async () => {
    const issuer = open();
    const backend = issuer.backend();
    expect(issuer.asked).toEqual([]);
    expect(await seen(backend, token("es"))).toBe("user 17");
    issuer.at += 599;
    expect(await seen(backend, token("es"))).toBe("user 17");
    expect(await seen(backend, token())).toBe("user 17");
    expect(issuer.asked).toEqual(["/keys"]);
  });

  test("is fetched once for all who wait", async () => {
    const issuer = open();
    const backend = issuer.backend();
    const all = await Promise.all(Array.from({ length: 50 }, () => seen(backend, token("es"))));
    expect(new Set(all)).toEqual(new Set(["user 17"]));
    expect(issuer.asked).toEqual(["/keys"]);
  });

  test("is fetched again when it is old: a key that is gone is refused, a new one taken", async () => {
    const issuer = open();
    const backend = issuer.backend();
    expect(await seen(backend, token("es"))).toBe("user 17");
    issuer.answer = () => Response.json({ keys: [rs] });
    issuer.at += 601;
    expect(await seen(backend, token("es"))).toBe("Invalid token");
    expect(await seen(backend, tokenRs)).toBe("user 17");
    expect(issuer.asked).toEqual(["/keys", "/keys"]);
  });

  test("is fetched again for an unknown key, at most once per cooldown", async () => {
    const issuer = open();
    const backend = issuer.backend({ cooldown: 30 });
    expect(await seen(backend, token("es"))).toBe("user 17");
    issuer.at += 31;
    issuer.answer = () => Response.json({ keys: [es, rs] });
    expect(await seen(backend, tokenRs)).toBe("user 17");
    expect(issuer.asked).toHaveLength(2);
    for (let at = 0; at < 20; at++) expect(await seen(backend, token(`made up ${at}`))).toBe("Invalid token");
    expect(issuer.asked).toHaveLength(2);
    issuer.at += 30;
    expect(await seen(backend, token("made up"))).toBe("Invalid token");
    expect(issuer.asked).toHaveLength(3);
  });

  test("is not fetched for an algorithm that is out of question, nor for what is no token", async () => {
    const issuer = open();
    const backend = issuer.backend({ algorithms: ["ES256"] });
    for (const bad of [
      tokenRs,
      forge({ alg: "HS256" }, claims, hs256("x")),
      forge({ alg: "none" }, claims, ""),
      "x",
      "a.b.c",
    ]) {
      expect(await seen(backend, bad)).toBe("Invalid token");
    }
    expect(issuer.asked).toEqual([]);
  });

  test("gives up what cannot be used, and no more", async () => {
    const issuer = open();
    const k = Buffer.from("a secret of at least thirty-two bytes").toString("base64url");
    issuer.answer = () =>
      Response.json({
        keys: [
          null,
          "es",
          { kty: "oct", kid: "oct", k },
          { kty: "AKP", kid: "new" },
          { ...rs, kid: "enc", use: "enc" },
          { ...(short.publicKey.export({ format: "jwk" }) as Jwk), kid: "short" },
          { ...es, x: es.y, kid: "off the curve" },
          { ...es, kid: 17 },
          ed,
          es,
        ],
      });
    const backend = issuer.backend();
    expect(await seen(backend, token("es"))).toBe("user 17");
    expect(await seen(backend, forge({ alg: "EdDSA", kid: "ed" }, claims, EdDSA.sign))).toBe("user 17");
    expect(await seen(backend, forge({ alg: "RS256", kid: "short" }, claims, short.sign))).toBe("Invalid token");
    expect(await seen(backend, forge({ alg: "RS256", kid: "enc" }, claims, RS256.sign))).toBe("Invalid token");
    expect(await seen(backend, token("off the curve"))).toBe("Invalid token");
    const secret = "a secret of at least thirty-two bytes";
    expect(await seen(backend, forge({ alg: "HS256", kid: "oct" }, claims, hs256(secret)))).toBe("Invalid token");
  });
});

describe("an issuer that is down", () => {
  const failures: readonly (readonly [what: string, answer: Answer])[] = [
    ["answers 500", () => new Response("down", { status: 500 })],
    ["answers 404", () => new Response(null, { status: 404 })],
    ["answers with a redirect", () => Response.redirect("/elsewhere")],
    ["answers no JSON", () => new Response("<html>")],
    ["answers another document", () => Response.json({ error: "x" })],
    ["answers null", () => Response.json(null)],
    ["answers too much", () => new Response(`{"keys":[],"x":"${"x".repeat(600_000)}"}`)],
    ["answers too many keys", () => Response.json({ keys: Array.from({ length: 101 }, () => es) })],
    ["answers bytes that are no text", () => new Response(new Uint8Array([0xff, 0xfe]))],
  ];
  test.each(failures)("because it %s: the last good set serves, for as long as it may", async (_, answer) => {
    const issuer = open();
    const backend = issuer.backend({ maxStale: 3600 });
    expect(await seen(backend, token("es"))).toBe("user 17");
    issuer.answer = answer;
    issuer.at += 700;
    expect(await seen(backend, token("es"))).toBe("user 17");
    expect(await seen(backend, token("es"))).toBe("user 17");
    expect(issuer.asked).toHaveLength(2);
    issuer.at += 2900;
    expect(await seen(backend, token("es"))).toBe("user 17");
    issuer.at += 1;
    expect(await seen(backend, token("es"))).toBe("503 after 30");
    issuer.answer = () => Response.json({ keys: [es] });
    issuer.at += 30;
    expect(await seen(backend, token("es"))).toBe("user 17");
  });

  test.each(failures)("from the beginning because it %s: 503, and another try soon", async (_, answer) => {
    const issuer = open();
    issuer.answer = answer;
    const backend = issuer.backend();
    expect(await seen(backend, token("es"))).toBe("503 after 2");
    expect(await seen(backend, token("es"))).toBe("503 after 2");
    expect(issuer.asked).toEqual(["/keys"]);
    issuer.answer = () => Response.json({ keys: [es] });
    issuer.at += 2;
    expect(await seen(backend, token("es"))).toBe("user 17");
  });

  test("because nobody listens there", async () => {
    const issuer = open();
    const backend = issuer.backend();
    issuer.stop();
    expect(await seen(backend, token("es"))).toBe("503 after 2");
  });

  test("because it does not answer in time", async () => {
    const issuer = open();
    issuer.answer = () => Bun.sleep(2000).then(() => Response.json({ keys: [es] }));
    expect(await seen(issuer.backend({ timeout: 0.05 }), token("es"))).toBe("503 after 2");
  });
});

describe("an OpenID provider", () => {
  const backendOf = (issuer: Issuer, oidc = issuer.origin) => {
    const now = () => issuer.at * 1000;
    return jwt({ oidc, now, jwks: { now } });
  };
  const issued = (iss: string) => forge({ alg: "ES256", kid: "es" }, { ...claims, iss }, ES256.sign);

  test("says where its keys are, and is the issuer", async () => {
    const issuer = open();
    const backend = backendOf(issuer);
    expect(await seen(backend, issued(issuer.origin))).toBe("user 17");
    expect(await seen(backend, issued("https://other.example"))).toBe("Invalid token");
    expect(await seen(backend, token("es"))).toBe("Invalid token");
    expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  });

  test("is named to the letter, with a slash or without", async () => {
    const issuer = open();
    issuer.document = () => Response.json({ issuer: `${issuer.origin}/`, jwks_uri: `${issuer.origin}/keys` });
    expect(await seen(backendOf(issuer, `${issuer.origin}/`), issued(`${issuer.origin}/`))).toBe("user 17");
    expect(await seen(backendOf(issuer), issued(issuer.origin))).toBe("503 after 2");
  });

  test.each([
    ["speaks for another", (origin: string) => ({ issuer: "https://other.example", jwks_uri: `${origin}/keys` })],
    ["names no keys", (origin: string) => ({ issuer: origin })],
    ["names keys in a file", (origin: string) => ({ issuer: origin, jwks_uri: "file:///etc/passwd" })],
    ["is none", () => null],
  ])("whose document %s is not believed", async (_, document) => {
    const issuer = open();
    issuer.document = () => Response.json(document(issuer.origin));
    expect(await seen(backendOf(issuer), issued(issuer.origin))).toBe("503 after 2");
    expect(issuer.asked).toEqual(["/.well-known/openid-configuration"]);
  });
});
