import { describe, expect, test } from "bun:test";
import { Forbidden, type RequestContext } from "../../src/http/index.ts";
import { type Csrf, csrf, type CsrfOptions } from "../../src/middleware/index.ts";
import { contextOf } from "./context.ts";

const URL_OF_OURS = "https://example.com/transfer";
const secret = "s".repeat(32);

function send(step: Csrf, headers: Record<string, string>, method = "POST"): { ctx: RequestContext; detail: string } {
  const ctx = contextOf(new Request(URL_OF_OURS, { method, headers }));
  try {
    void step.before!(ctx);
    return { ctx, detail: "passes" };
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    return { ctx, detail: error.detail as string };
  }
}

const OTHER = "Credentials in a cookie are not taken from another site";
const UNKNOWN = "CSRF check failed: neither Origin nor Sec-Fetch-Site was sent";
const TOKEN = "CSRF check failed: x-csrf-token does not hold the token of the cookie";

describe("where a request comes from", () => {
  const own = "https://example.com";
  const rows: [string, Record<string, string>, string, CsrfOptions?][] = [
    ["a page of ours, by fetch metadata", { "sec-fetch-site": "same-origin", cookie: "a=1" }, "passes"],
    ["the user", { "sec-fetch-site": "none", cookie: "a=1" }, "passes"],
    ["another site", { "sec-fetch-site": "cross-site", cookie: "a=1" }, OTHER],
    ["another host of the same site", { "sec-fetch-site": "same-site", cookie: "a=1" }, OTHER],
    ["what fetch metadata does not know yet", { "sec-fetch-site": "neighbour", cookie: "a=1" }, OTHER],
    ["fetch metadata before the origin", { "sec-fetch-site": "cross-site", origin: own, cookie: "a=1" }, OTHER],
    [
      "fetch metadata before a proxy's origin",
      { "sec-fetch-site": "same-origin", origin: "http://inner", cookie: "a=1" },
      "passes",
    ],
    ["a page of ours, by its origin", { origin: own, cookie: "a=1" }, "passes"],
    ["another scheme", { origin: "http://example.com", cookie: "a=1" }, OTHER],
    ["another port", { origin: "https://example.com:8443", cookie: "a=1" }, OTHER],
    ["another host", { origin: "https://example.com.evil.org", cookie: "a=1" }, OTHER],
    ["a page without an origin", { origin: "null", cookie: "a=1" }, OTHER],
    ["nobody knows where, with cookies", { cookie: "a=1" }, UNKNOWN],
    ["nobody knows where, without", {}, "passes"],
    ["another site, without cookies", { origin: "https://evil.org" }, OTHER],
    [
      "a friend",
      { origin: "https://app.example.com", "sec-fetch-site": "same-site", cookie: "a=1" },
      "passes",
      { origins: ["https://app.example.com"] },
    ],
    [
      "a friend's neighbour",
      { origin: "https://b.example.com", cookie: "a=1" },
      OTHER,
      { origins: ["https://app.example.com"] },
    ],
  ];
  test.each(rows.map(([what, headers, detail, options]) => [what, headers, detail, options ?? {}] as const))(
    "%s",
    (_, headers, detail, options) => {
      expect(send(csrf(options), headers).detail).toBe(detail);
    },
  );

  test.each(["GET", "HEAD", "OPTIONS", "QUERY"])("does not matter for %s", (method) => {
    expect(send(csrf(), { "sec-fetch-site": "cross-site", cookie: "a=1" }, method).detail).toBe("passes");
  });

  test.each(["PUT", "PATCH", "DELETE", "PROPFIND"])("matters for %s", (method) => {
    expect(send(csrf(), { "sec-fetch-site": "cross-site", cookie: "a=1" }, method).detail).toBe(OTHER);
  });
});

/** The token that a GET hands out. */
function handed(step: Csrf, headers: Record<string, string> = {}): { set: string; token: string } {
  const { ctx } = send(step, headers, "GET");
  const response = new Response();
  void step.after!(ctx, response);
  const [set = ""] = response.headers.getSetCookie();
  return { set, token: /^csrf=([^;]*)/.exec(set)?.[1] ?? "" };
}

describe("with a token", () => {
  const step = csrf({ secret });
  const { token } = handed(step);
  const own = { "sec-fetch-site": "same-origin" };

  test("a page of ours that repeats it passes", () => {
    expect(send(step, { ...own, cookie: `csrf=${token}`, "x-csrf-token": token }).detail).toBe("passes");
    expect(send(step, { cookie: `csrf=${token}`, "x-csrf-token": token }).detail).toBe("passes");
  });

  test.each([
    ["no token at all", { cookie: "a=1" }],
    ["the cookie alone", { cookie: `csrf=${token}` }],
    ["the header alone", { cookie: "a=1", "x-csrf-token": token }],
    ["another of ours in the header", { cookie: `csrf=${token}`, "x-csrf-token": handed(step).token }],
    ["one that we have not signed", { cookie: "csrf=abc", "x-csrf-token": "abc" }],
    [
      "one of another secret",
      {
        cookie: `csrf=${handed(csrf({ secret: "t".repeat(32) })).token}`,
        "x-csrf-token": handed(csrf({ secret: "t".repeat(32) })).token,
      },
    ],
    ["an empty one", { cookie: "csrf=", "x-csrf-token": "" }],
    ["one that is too long", { cookie: `csrf=${"a".repeat(1000)}`, "x-csrf-token": "a".repeat(1000) }],
    ["one with more behind it", { cookie: `csrf=${token}A`, "x-csrf-token": `${token}A` }],
  ])("a page of ours does not pass with %s", (_, headers) => {
    expect(send(step, { ...own, ...headers }).detail).toBe(TOKEN);
  });

  test("another site does not pass with the right one either", () => {
    expect(send(step, { "sec-fetch-site": "cross-site", cookie: `csrf=${token}`, "x-csrf-token": token }).detail).toBe(
      OTHER,
    );
  });

  test("a client without cookies needs none", () => {
    expect(send(step, { authorization: "Bearer x" }).detail).toBe("passes");
  });

  test("is handed out where the visitor has no good one", () => {
    expect(handed(step).set).toMatch(/^csrf=[\w-]{86}; Max-Age=86400; Path=\/; SameSite=Lax$/);
    expect(handed(step, { cookie: `csrf=${token}` }).set).toBe("");
    expect(handed(step, { cookie: "csrf=abc" }).token).toMatch(/^[\w-]{86}$/);
  });

  test("can be put into a page, and is the one that is handed out", () => {
    const ctx = contextOf(new Request(URL_OF_OURS));
    const shown = step.token(ctx);
    const response = new Response();
    void step.after!(ctx, response);
    expect(step.token(ctx)).toBe(shown);
    expect(response.headers.getSetCookie()[0]).toStartWith(`csrf=${shown};`);
    expect(response.headers.get("vary")).toBe("cookie");
  });

  test("is worth nothing to another session", () => {
    let visitor: string | undefined = "one";
    const bound = csrf({ secret, session: () => visitor });
    const { token } = handed(bound);
    const headers = { ...own, cookie: `csrf=${token}`, "x-csrf-token": token };
    expect(send(bound, headers).detail).toBe("passes");
    visitor = "two";
    expect(send(bound, headers).detail).toBe(TOKEN);
    expect(handed(bound, headers).token).not.toBe(token);
    visitor = undefined;
    expect(send(bound, headers).detail).toBe(TOKEN);
  });

  test("has a header and a cookie of your own naming", () => {
    const named = csrf({ secret, header: "x-xsrf-token", cookie: "XSRF-TOKEN", ttl: 60 });
    const ctx = contextOf(new Request(URL_OF_OURS));
    const token = named.token(ctx);
    const response = new Response();
    void named.after!(ctx, response);
    expect(response.headers.getSetCookie()[0]).toBe(`XSRF-TOKEN=${token}; Max-Age=60; Path=/; SameSite=Lax`);
    expect(send(named, { ...own, cookie: `XSRF-TOKEN=${token}`, "x-xsrf-token": token }).detail).toBe("passes");
  });
});

describe("is refused at once", () => {
  test.each([
    ["a short secret", { secret: "s".repeat(31) }, "csrf: the secret is under 32 bytes"],
    ["an origin with a path", { origins: ["https://a/"] }, '"https://a/" is no origin'],
    ["an origin without a scheme", { origins: ["a.example"] }, '"a.example" is no origin'],
    ["an origin that opaque pages have", { origins: ["null"] }, '"null" is no origin'],
    ["everybody", { origins: ["*"] }, '"*" is no origin'],
    ["a cookie that is none", { secret, cookie: "a b" }, "A cookie's name must be a token"],
  ])("%s", (_, options, message) => {
    expect(() => csrf(options)).toThrow(message);
  });

  test("a token of a middleware without tokens", () => {
    expect(() => csrf().token(contextOf(new Request(URL_OF_OURS)))).toThrow("csrf: tokens need a secret");
  });
});

test("without a secret nothing is done on the way out", () => {
  expect(csrf().after).toBeUndefined();
});
