import { describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { cookie, serializeCookie } from "../../src/http/cookies.ts";
import { cookieSigner } from "../../src/http/cookie-signer.ts";

const OLD = "o".repeat(32);
const NEW = "n".repeat(32);
const signer = cookieSigner([NEW, OLD]);

test("signs with the first key, the name bound in", () => {
  const mac = createHmac("sha256", NEW).update("bolide-cookie:cart=17.4").digest("base64url");
  expect(signer.sign("cart", "17.4")).toBe(`17.4.${mac}`);
});

test("verifies with every key, so that keys can be rotated", () => {
  expect(signer.verify("cart", cookieSigner([OLD]).sign("cart", "17"))).toBe("17");
  expect(cookieSigner([OLD]).verify("cart", signer.sign("cart", "17"))).toBeUndefined();
});

test.each(["", "a", "a.b.c", "=", "é€😀"])("gives back %p", (value) => {
  expect(signer.verify("v", signer.sign("v", value))).toBe(value);
});

test("survives the way through a cookie header", () => {
  const [pair] = serializeCookie(cookie("v", signer.sign("v", "é; =")), false).split(";", 1);
  expect(signer.verify("v", new Bun.CookieMap(pair).get("v")!)).toBe("é; =");
});

describe("does not verify", () => {
  const signed = signer.sign("user", "7");
  const mac = signed.slice(2);
  const table: readonly (readonly [says: string, name: string, signed: string])[] = [
    ["another cookie's value", "admin", signed],
    ["another value", "user", `8.${mac}`],
    ["a value moved into the name", "user=", signed],
    ["nothing", "user", ""],
    ["no signature", "user", "7"],
    ["an empty signature", "user", "7."],
    ["a cut signature", "user", signed.slice(0, -1)],
    ["a longer signature", "user", `${signed}A`],
    ["a signature in another spelling", "user", `${signed}=`],
    ["a signature with skipped characters", "user", `7.${mac.slice(0, 5)}!${mac.slice(5)}`],
    ["an unknown key's signature", "user", cookieSigner(["x".repeat(32)]).sign("user", "7")],
  ];
  test.each(table)("%s", (_, name, given) => {
    expect(signer.verify(name, given)).toBeUndefined();
  });

  test("a last character whose spare bits are changed", () => {
    // 43 characters of base64url hold two bits more than 32 bytes do.
    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const sibling = last[last.indexOf(signed.at(-1)!) + 1]!;
    expect(Buffer.from(mac.slice(0, -1) + sibling, "base64url")).toEqual(Buffer.from(mac, "base64url"));
    expect(signer.verify("user", signed.slice(0, -1) + sibling)).toBeUndefined();
  });
});

test.each([
  ["no keys", [], "cookieSigner needs at least one key"],
  ["a short key", [NEW, "short"], "cookieSigner: key 2 of 2 is under 32 bytes"],
  ["a missing key", [undefined as unknown as string], "cookieSigner: key 1 of 1 is under 32 bytes"],
])("refuses %s", (_, keys, message) => {
  expect(() => cookieSigner(keys)).toThrow(new TypeError(message));
});

test("counts a key in bytes", () => {
  expect(cookieSigner(["é".repeat(16)]).sign("a", "b")).toStartWith("b.");
});

test("refuses to sign half of a character", () => {
  expect(() => signer.sign("a", "\ud800")).toThrow(new TypeError('Cookie "a" has a lone surrogate in its value'));
});
