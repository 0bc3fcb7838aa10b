import { describe, expect, test } from "bun:test";
import { isSecretName, MASK, masker } from "../../../src/http/debug/secrets.ts";

describe("a secret by its name", () => {
  test.each([
    "authorization",
    "Proxy-Authorization",
    "cookie",
    "Set-Cookie",
    "x-api-key",
    "X-Auth",
    "API_KEY",
    "apikey",
    "SSH_KEYS",
    "jwtSecret",
    "SECRET_KEY_BASE",
    "access_token",
    "csrfToken",
    "DB_PASSWORD",
    "PGPASSWORD",
    "MYSQL_PWD",
    "SENTRY_DSN",
    "aws-credentials",
    "session",
    "sessionId",
    "connect.sid",
    "X-Hub-Signature-256",
    "salt",
  ])("%s", (name) => expect(isSecretName(name)).toBe(true));

  test.each([
    "content-type",
    "keyboard",
    "KEYMAP",
    "monkey",
    "accept",
    "PATH",
    "author",
    "passage",
    "DATABASE_URL",
    "host",
    "side",
    "id",
  ])("not %s", (name) => expect(isSecretName(name)).toBe(false));
});

describe("a secret in a text", () => {
  const mask = masker([
    ["JWT_SECRET", "s3cr3t-value"],
    ["DB_PASSWORD", "s3cr3t-value-and-more"],
    ["API_KEY", "short"],
    ["HOME", "/home/somebody"],
    ["token", undefined],
  ]);
  test.each([
    ["a password in a URL", "to postgres://app:hunter2@db:5432/app!", `to postgres://app:${MASK}@db:5432/app!`],
    ["a password without a user", "redis://:hunter2@cache", `redis://:${MASK}@cache`],
    ["a bearer token", "sent Bearer abc.def-123 to it", `sent Bearer ${MASK} to it`],
    ["basic credentials", "basic dXNlcjpwYXNz", `basic ${MASK}`],
    ["a JWT", "got eyJhbGciOi.eyJzdWIi.c2ln", `got ${MASK}`],
    ["the value of a secret variable", "key s3cr3t-value is wrong", `key ${MASK} is wrong`],
    ["the longest secret first", "s3cr3t-value-and-more", MASK],
    ["a URL without a password", "http://a.example/x?y=1", "http://a.example/x?y=1"],
    ["a user without a password", "ssh://git@host/x", "ssh://git@host/x"],
    ["a port and an address", "http://host:80/@x", "http://host:80/@x"],
    ["what is too short to tell apart", "a short text", "a short text"],
    ["what has no secret name", "/home/somebody", "/home/somebody"],
  ])("%s", (_, text, masked) => expect(mask.text(text)).toBe(masked));

  test("is masked by its name or by itself", () => {
    expect(mask.value("x-api-key", "1")).toBe(MASK);
    expect(mask.value("x-api-key", "")).toBe("");
    expect(mask.value("DATABASE_URL", "postgres://a:b@c/d")).toBe(`postgres://a:${MASK}@c/d`);
    expect(mask.value("accept", "*/*")).toBe("*/*");
  });
});
