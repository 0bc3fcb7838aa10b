import { describe, expect, test } from "bun:test";
import { type DebugInfo, debugJson, debugPage, debugPolicy } from "../../../src/http/debug/index.ts";
import { MASK } from "../../../src/http/debug/secrets.ts";
import { NotImplemented } from "../../../src/http/errors.ts";

const request = new Request("http://api.example/users/7?page=2&token=tok-12345678&q=%3Cb%3E", {
  method: "POST",
  headers: {
    accept: "text/html",
    authorization: "Bearer abcdefgh",
    cookie: "sid=sid-12345678; theme=dark",
    "x-api-key": "k-12345678",
    "x-note": "<i>&",
  },
});

function failure(): unknown {
  try {
    throw new TypeError("Cannot read <x> with sid-12345678");
  } catch (error) {
    return error;
  }
}

function info(error: unknown): DebugInfo {
  return {
    error,
    request,
    route: "POST /users/:id",
    params: { id: 7 },
    id: "r-1",
    plan: ["params: id integer", "handler: <load>"],
    queries: [{ sql: "select '<' from t where k = 'k-12345678'", millis: 1.234, at: "src/a.ts:3" }],
    env: {
      HOME: "/home/ada",
      DATABASE_URL: "postgres://app:hunter2@db/app",
      JWT_SECRET: "jwt-12345678",
      NONE: undefined,
    },
  };
}

const SECRETS = ["tok-12345678", "abcdefgh", "sid-12345678", "dark", "k-12345678", "hunter2", "jwt-12345678"];

describe("the page", () => {
  const page = debugPage(info(failure()));
  const shown = page.replace(/<div class="code">[\s\S]*?<\/div>/g, "");

  test("is one document that loads nothing and runs nothing", () => {
    expect(page).toStartWith("<!doctype html>");
    expect(shown).not.toMatch(
      /<(?:script|link|img|iframe|object|form|base)\b|\bsrc=|href="(?!#)|@import|url\(|\bon\w+=|\bstyle="/i,
    );
  });

  test("has the one style that its policy names", () => {
    const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)];
    expect(styles).toHaveLength(1);
    const hash = new Bun.CryptoHasher("sha256").update(styles[0]![1]!).digest("base64");
    expect(debugPolicy()).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  test.each([
    ["the kind of the error", "<h1>TypeError</h1>"],
    ["its message, escaped and masked", `<p class="message">Cannot read &lt;x&gt; with ${MASK}</p>`],
    ["the status", "500 Internal Server Error"],
    ["the request line, masked", `POST /users/7?page=2&amp;token=${MASK}&amp;q=&lt;b&gt;`],
    ["the route", "<span>route POST /users/:id</span>"],
    ["the request's id", "<span>id r-1</span>"],
    ["the plan, escaped", "<li>handler: &lt;load&gt;</li>"],
    ["a query, masked", `<td>select &#x27;&lt;&#x27; from t where k = &#x27;${MASK}&#x27;</td>`],
    ["how long it ran", "1.23 ms"],
    ["where it was asked for", "src/a.ts:3"],
    ["where the error was thrown", "page.test.ts:"],
    ["the source there", '<i class="word">new</i> TypeError('],
    ["the environment", "/home/ada"],
    ["a URL of it, its password masked", `postgres://app:${MASK}@db/app`],
    ["how many variables", "3 variables"],
  ])("shows %s", (_, markup) => {
    expect(page).toContain(markup);
  });

  test.each([
    ["a header, escaped", "x-note", "&lt;i&gt;&amp;"],
    ["a secret header", "authorization", MASK],
    ["a secret header of one's own", "x-api-key", MASK],
    ["all cookies at once", "cookie", MASK],
    ["a cookie", "sid", MASK],
    ["a cookie of harmless name", "theme", MASK],
    ["a secret query key", "token", MASK],
    ["a query key", "page", "2"],
    ["a path parameter", "id", "7"],
    ["a secret variable", "JWT_SECRET", MASK],
  ])("has a row for %s", (_, name, value) => {
    expect(page.replace(/>\s+</g, "><")).toContain(`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
  });

  test.each(SECRETS.filter((secret) => secret !== "dark"))(
    "does not show %s, but for the source that says it",
    (secret) => {
      expect(shown).not.toContain(secret);
    },
  );
});

describe("the JSON", () => {
  test("has the exception, the traceback and the request, masked", () => {
    const told = debugJson(info(failure()));
    expect(told.exception).toEqual({ type: "TypeError", message: `Cannot read <x> with ${MASK}` });
    expect(told.traceback[0]).toMatch(/^at failure \(test\/http\/debug\/page\.test\.ts:\d+:\d+\)$/);
    expect(told["request"]).toEqual({
      method: "POST",
      url: `/users/7?page=2&token=${MASK}&q=<b>`,
      route: "POST /users/:id",
      id: "r-1",
      params: { id: "7" },
      query: { page: "2", token: MASK, q: "<b>" },
      headers: { accept: "text/html", authorization: MASK, cookie: MASK, "x-api-key": MASK, "x-note": "<i>&" },
      cookies: { sid: MASK, theme: MASK },
    });
    expect(told["queries"]).toEqual([
      { sql: `select '<' from t where k = '${MASK}'`, millis: 1.234, at: "src/a.ts:3" },
    ]);
  });

  test.each(SECRETS)("does not have %s", (secret) => {
    expect(JSON.stringify(debugJson(info(failure())))).not.toContain(secret);
  });

  test("has no environment", () => {
    expect(JSON.stringify(debugJson(info(failure())))).not.toContain("/home/ada");
  });
});

describe("what was thrown may be", () => {
  const caused = new Error("outer", { cause: new RangeError("inner") });
  const circle = new Error("again");
  circle.cause = circle;
  const bare = new Error("x");
  Object.defineProperty(bare, "message", { value: { odd: true } });

  test.each([
    ["a string", "just text", { type: "string", message: "just text" }],
    ["null", null, { type: "null", message: "null" }],
    ["undefined", undefined, { type: "undefined", message: "undefined" }],
    ["a plain object", { code: 7 }, { type: "object", message: "{\n  code: 7,\n}" }],
    [
      "an object without a prototype",
      Object.create(null) as unknown,
      { type: "object", message: "[Object: null prototype] {}" },
    ],
    ["an error whose message is no text", bare, { type: "Error", message: "{\n  odd: true,\n}" }],
    ["an error with a status", new NotImplemented("later"), { type: "NotImplemented", message: "later" }],
    ["an error with a cause", caused, { type: "Error", message: "outer" }],
    ["an error that is its own cause", circle, { type: "Error", message: "again" }],
  ])("%s", (_, error, exception) => {
    expect(debugJson(info(error)).exception).toEqual(exception);
    expect(debugPage(info(error))).toContain(`<h1>${exception.type}</h1>`);
  });

  test("told with its causes", () => {
    expect(debugJson(info(caused)).traceback).toContain("caused by RangeError: inner");
    expect(debugPage(info(caused))).toContain("<h3>Cause: RangeError</h3>");
  });

  test("told with the status that it answers", () => {
    expect(debugPage(info(new NotImplemented()))).toContain("501 Not Implemented");
  });
});

test("little needs to be known", () => {
  const page = debugPage({ error: "x", request: new Request("http://a/"), env: {} });
  expect(page).toContain("No route's plan was at work.");
  expect(page).toContain("None ran.");
  expect(page).toContain("It has no stack.");
  expect(page).not.toContain("Path parameters");
});
