import { describe, expect, test } from "bun:test";
import { type Cookie, type CookieOptions, cookie, deleteCookie, serializeCookie } from "../../src/http/cookies.ts";

const DEFAULTS = "; Path=/; HttpOnly; SameSite=Lax";
const bend = (options: Record<string, unknown>): CookieOptions => options;

describe("a cookie is written as", () => {
  const table: readonly (readonly [says: string, cookie: Cookie, header: string])[] = [
    ["name and value with the safe defaults", { name: "sid", value: "8f2c" }, `sid=8f2c${DEFAULTS}`],
    ["an empty value", { name: "sid", value: "" }, `sid=${DEFAULTS}`],
    [
      "every character that a cookie may hold",
      { name: "v", value: "!#$&'()*+-./09:<=>?@AZ[]^_`az{|}~" },
      `v=!#$&'()*+-./09:<=>?@AZ[]^_\`az{|}~${DEFAULTS}`,
    ],
    [
      "percent escapes for what it may not hold",
      { name: "v", value: 'a b;c,d"e\\f' },
      `v=a%20b%3Bc%2Cd%22e%5Cf${DEFAULTS}`,
    ],
    ["a percent sign that is read back as one", { name: "v", value: "100%25" }, `v=100%2525${DEFAULTS}`],
    ["UTF-8 for what is not ASCII", { name: "v", value: "é€😀" }, `v=%C3%A9%E2%82%AC%F0%9F%98%80${DEFAULTS}`],
    [
      "Max-Age in seconds",
      { name: "a", value: "1", maxAge: 3600 },
      "a=1; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax",
    ],
    ["Max-Age 0", { name: "a", value: "1", maxAge: 0 }, "a=1; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"],
    [
      "Expires as an IMF-fixdate",
      { name: "a", value: "1", expires: new Date("2026-11-22T08:09:10.999Z") },
      "a=1; Expires=Sun, 22 Nov 2026 08:09:10 GMT; Path=/; HttpOnly; SameSite=Lax",
    ],
    ["Path", { name: "a", value: "1", path: "/app/v1" }, "a=1; Path=/app/v1; HttpOnly; SameSite=Lax"],
    [
      "Domain",
      { name: "a", value: "1", domain: "example.org" },
      "a=1; Path=/; Domain=example.org; HttpOnly; SameSite=Lax",
    ],
    ["no HttpOnly when scripts may read it", { name: "a", value: "1", httpOnly: false }, "a=1; Path=/; SameSite=Lax"],
    ["SameSite=Strict", { name: "a", value: "1", sameSite: "strict" }, "a=1; Path=/; HttpOnly; SameSite=Strict"],
    [
      "SameSite=None with Secure",
      { name: "a", value: "1", sameSite: "none", secure: true },
      "a=1; Path=/; Secure; HttpOnly; SameSite=None",
    ],
    [
      "Partitioned with Secure",
      { name: "a", value: "1", partitioned: true, secure: true },
      "a=1; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned",
    ],
    [
      "a __Host- cookie",
      { name: "__Host-a", value: "1", secure: true },
      "__Host-a=1; Path=/; Secure; HttpOnly; SameSite=Lax",
    ],
    [
      "a __Secure- cookie with a domain",
      { name: "__Secure-a", value: "1", secure: true, domain: "example.org", path: "/x" },
      "__Secure-a=1; Path=/x; Domain=example.org; Secure; HttpOnly; SameSite=Lax",
    ],
    [
      "everything at once",
      {
        name: "all",
        value: "v",
        maxAge: 60,
        expires: new Date(0),
        path: "/p",
        domain: "a.example.org",
        secure: true,
        httpOnly: true,
        sameSite: "none",
        partitioned: true,
      },
      "all=v; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/p; Domain=a.example.org; Secure; HttpOnly; SameSite=None; Partitioned",
    ],
  ];
  test.each(table)("%s", (_, given, header) => {
    expect(serializeCookie(given, false)).toBe(header);
  });

  test("Secure in production, unless the cookie says otherwise", () => {
    expect(serializeCookie({ name: "a", value: "1" }, true)).toBe("a=1; Path=/; Secure; HttpOnly; SameSite=Lax");
    expect(serializeCookie({ name: "a", value: "1", secure: false }, true)).toBe("a=1; Path=/; HttpOnly; SameSite=Lax");
    expect(serializeCookie({ name: "__Host-a", value: "1", sameSite: "none" }, true)).toBe(
      "__Host-a=1; Path=/; Secure; HttpOnly; SameSite=None",
    );
  });

  test("production is what NODE_ENV says at the call", () => {
    const before = Bun.env["NODE_ENV"];
    try {
      Bun.env["NODE_ENV"] = "production";
      expect(serializeCookie(cookie("a", "1", { sameSite: "none" }))).toBe(
        "a=1; Path=/; Secure; HttpOnly; SameSite=None",
      );
    } finally {
      if (before === undefined) delete Bun.env["NODE_ENV"];
      else Bun.env["NODE_ENV"] = before;
    }
  });

  test("text that Bun reads back as it was", () => {
    const value = 'a b;c,d"e\\f=%41é€😀';
    const [pair] = serializeCookie({ name: "v", value }, false).split(";", 1);
    expect(new Bun.CookieMap(pair).get("v")).toBe(value);
  });

  test("up to 4096 bytes of name and value", () => {
    expect(serializeCookie({ name: "n", value: "v".repeat(4095) }, false)).toHaveLength(4097 + DEFAULTS.length);
  });
});

describe("a cookie is refused at the call", () => {
  const table: readonly (readonly [
    says: string,
    name: string,
    value: string,
    options: CookieOptions,
    message: string,
  ])[] = [
    ["without a name", "", "1", {}, `A cookie's name must be a token (RFC 9110 5.6.2), not ""`],
    ["with a name that is no token", "a b", "1", {}, `A cookie's name must be a token (RFC 9110 5.6.2), not "a b"`],
    ["with = in its name", "a=b", "1", {}, `A cookie's name must be a token (RFC 9110 5.6.2), not "a=b"`],
    ["with a name that is not ASCII", "é", "1", {}, `A cookie's name must be a token (RFC 9110 5.6.2), not "é"`],
    ["with a line break in its value", "a", "1\r\nx: y", {}, `Cookie "a" has a control character in its value`],
    ["with DEL in its value", "a", "\x7f", {}, `Cookie "a" has a control character in its value`],
    ["with half of a character in its value", "a", "\ud800", {}, `Cookie "a" has a lone surrogate in its value`],
    [
      "with a value that is no string",
      "a",
      1 as unknown as string,
      {},
      `Cookie "a" has a value that is not a string but number`,
    ],
    [
      "with SameSite=None without Secure",
      "a",
      "1",
      { sameSite: "none" },
      `Cookie "a" has SameSite=None without Secure: browsers refuse it`,
    ],
    [
      "with SameSite=None and secure: false",
      "a",
      "1",
      { sameSite: "none", secure: false },
      `Cookie "a" has SameSite=None without Secure: browsers refuse it`,
    ],
    [
      "with an unknown sameSite",
      "a",
      "1",
      bend({ sameSite: "maybe" }),
      `Cookie "a" takes sameSite strict, lax or none`,
    ],
    [
      "partitioned without Secure",
      "a",
      "1",
      { partitioned: true },
      `Cookie "a" is Partitioned without Secure: browsers refuse it`,
    ],
    [
      "named __Secure- without Secure",
      "__Secure-a",
      "1",
      {},
      `Cookie "__Secure-a" is named __Secure- and so needs Secure`,
    ],
    [
      "named __Host- without Secure",
      "__Host-a",
      "1",
      {},
      `Cookie "__Host-a" is named __Host- and so needs Secure, Path=/ and no Domain`,
    ],
    [
      "named __Host- with a path",
      "__Host-a",
      "1",
      { secure: true, path: "/x" },
      `Cookie "__Host-a" is named __Host- and so needs Secure, Path=/ and no Domain`,
    ],
    [
      "named __Host- with a domain",
      "__Host-a",
      "1",
      { secure: true, domain: "example.org" },
      `Cookie "__Host-a" is named __Host- and so needs Secure, Path=/ and no Domain`,
    ],
    [
      "named __host- in any case",
      "__hOsT-a",
      "1",
      {},
      `Cookie "__hOsT-a" is named __Host- and so needs Secure, Path=/ and no Domain`,
    ],
    [
      "with a path that is not absolute",
      "a",
      "1",
      { path: "x" },
      `Cookie "a" has a path that does not begin with "/" or holds ";", controls or non-ASCII`,
    ],
    [
      "with a second attribute in its path",
      "a",
      "1",
      { path: "/; Domain=evil" },
      `Cookie "a" has a path that does not begin with "/" or holds ";", controls or non-ASCII`,
    ],
    [
      "with a line break in its path",
      "a",
      "1",
      { path: "/\n" },
      `Cookie "a" has a path that does not begin with "/" or holds ";", controls or non-ASCII`,
    ],
    [
      "with a path over 1024 bytes",
      "a",
      "1",
      { path: `/${"x".repeat(1024)}` },
      `Cookie "a" has a path over 1024 bytes`,
    ],
    [
      "with a second attribute in its domain",
      "a",
      "1",
      { domain: "a; Path=/x" },
      `Cookie "a" has "a; Path=/x" for a domain`,
    ],
    ["with an empty domain", "a", "1", { domain: "" }, `Cookie "a" has "" for a domain`],
    ["with half seconds", "a", "1", { maxAge: 1.5 }, `Cookie "a" takes maxAge in whole seconds, not 1.5`],
    ["with a negative maxAge", "a", "1", { maxAge: -1 }, `Cookie "a" takes maxAge in whole seconds, not -1`],
    [
      "with a maxAge that is no number",
      "a",
      "1",
      { maxAge: Number.NaN },
      `Cookie "a" takes maxAge in whole seconds, not NaN`,
    ],
    [
      "with an invalid date",
      "a",
      "1",
      { expires: new Date("x") },
      `Cookie "a" has an expires that is no date from 1601 to 9999`,
    ],
    [
      "with a date before 1601",
      "a",
      "1",
      { expires: new Date("1600-12-31T00:00:00Z") },
      `Cookie "a" has an expires that is no date from 1601 to 9999`,
    ],
    ["over 4096 bytes", "n", "v".repeat(4096), {}, `Cookie "n" is over 4096 bytes: browsers ignore it`],
    [
      "over 4096 bytes once it is escaped",
      "n",
      " ".repeat(1366),
      {},
      `Cookie "n" is over 4096 bytes: browsers ignore it`,
    ],
  ];
  test.each(table)("%s", (_, name, value, options, message) => {
    expect(() => cookie(name, value, options)).toThrow(new TypeError(message));
  });
});

describe("a cookie is removed", () => {
  const table: readonly (readonly [says: string, removing: Cookie, header: string])[] = [
    [
      "by name",
      deleteCookie("a"),
      "a=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly; SameSite=Lax",
    ],
    [
      "with its path and domain repeated",
      deleteCookie("a", { path: "/app", domain: "example.org" }),
      "a=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/app; Domain=example.org; HttpOnly; SameSite=Lax",
    ],
    [
      "with Secure where its prefix asks for it",
      deleteCookie("__Host-a"),
      "__Host-a=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax",
    ],
    [
      "with Secure where it is partitioned",
      deleteCookie("a", { partitioned: true }),
      "a=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax; Partitioned",
    ],
  ];
  test.each(table)("%s", (_, removing, header) => {
    expect(serializeCookie(removing, false)).toBe(header);
  });
});

test("a cookie is a frozen value", () => {
  expect(Object.isFrozen(cookie("a", "1"))).toBe(true);
  expect(cookie("a", "1", { maxAge: 5 })).toEqual({ name: "a", value: "1", maxAge: 5 });
});
