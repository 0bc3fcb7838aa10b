import { describe, expect, test } from "bun:test";
import { HttpError, type RequestContext } from "../../src/http/index.ts";
import {
  checkHandshake,
  checkOrigin,
  checkSettings,
  chooseProtocol,
  type SocketSettings,
} from "../../src/websocket/index.ts";

const good = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

function outcome(check: () => void): number | "fine" {
  try {
    check();
    return "fine";
  } catch (error) {
    if (error instanceof HttpError) return error.status;
    throw error;
  }
}

describe("an opening handshake", () => {
  test.each([
    ["as RFC 6455 shows it", {}, "fine"],
    ["in other case, with keep-alive", { upgrade: "WebSocket", connection: "keep-alive, upgrade" }, "fine"],
    ["that offers another protocol too", { upgrade: "h2c, websocket" }, "fine"],
    ["without Upgrade", { upgrade: null }, 426],
    ["for something else", { upgrade: "h2c" }, 426],
    ["without Connection", { connection: null }, 426],
    ["with Connection: close", { connection: "close" }, 426],
    ["without a version", { "sec-websocket-version": null }, 426],
    ["of version 8", { "sec-websocket-version": "8" }, 426],
    ["without a key", { "sec-websocket-key": null }, 400],
    ["with a short key", { "sec-websocket-key": "dGhlIHNhbXBsZQ==" }, 400],
    ["with a long key", { "sec-websocket-key": `${"A".repeat(32)}==` }, 400],
    ["with a key that is no base64", { "sec-websocket-key": "!!!!IHNhbXBsZSBub25jZQ==" }, 400],
  ] as const)("%s: %p is %p", (_, changes: Readonly<Record<string, string | null>>, expected) => {
    const headers = new Headers(good);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    expect(outcome(() => checkHandshake(new Request("http://a.example/ws", { headers })))).toBe(expected);
  });

  test("other than GET is 426, and says what to ask for", () => {
    try {
      checkHandshake(new Request("http://a.example/ws", { method: "POST", headers: good }));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(HttpError);
      const { status, headers } = error as HttpError;
      expect(status).toBe(426);
      expect(headers).toEqual({ upgrade: "websocket", connection: "Upgrade", "sec-websocket-version": "13" });
    }
  });
});

describe("an origin", () => {
  const listed = ["https://app.example", /https:\/\/[a-z]+\.partner\.example/g, "null"];
  test.each([
    [undefined, undefined, "fine"],
    ["https://api.example", undefined, "fine"],
    ["https://evil.example", undefined, 403],
    ["http://api.example", undefined, 403],
    ["https://api.example:8443", undefined, 403],
    ["null", undefined, 403],
    ["", undefined, 403],
    ["https://evil.example", "*", "fine"],
    ["https://app.example", listed, "fine"],
    ["https://app.example.evil", listed, 403],
    ["https://eu.partner.example", listed, "fine"],
    ["https://eu.partner.example", listed, "fine"],
    ["https://eu.partner.example.evil", listed, 403],
    ["https://evil/https://eu.partner.example", listed, 403],
    ["null", listed, "fine"],
    ["https://api.example", [], "fine"],
  ] as const)("%p, where %p may, is %p", (origin, origins, expected) => {
    const request = new Request("https://api.example/ws", { headers: origin === undefined ? {} : { origin } });
    const ctx = { request, url: new URL(request.url) } as RequestContext;
    expect(outcome(() => checkOrigin(ctx, origins))).toBe(expected);
  });
});

test.each([
  [undefined, ["a"], ""],
  ["a", undefined, ""],
  ["a, b", ["b", "a"], "b"],
  ["b,a", ["c", "a"], "a"],
  ["c", ["a"], ""],
  ["A", ["a"], ""],
] as const)("of the subprotocols %p the server, which speaks %p, chooses %p", (asked, spoken, chosen) => {
  const headers: Record<string, string> = asked === undefined ? {} : { "sec-websocket-protocol": asked };
  expect(chooseProtocol(new Request("http://a.example", { headers }), spoken)).toBe(chosen);
});

test.each<[SocketSettings, string]>([
  [{ maxMessageSize: 0 }, "maxMessageSize takes a whole number from 1 to 4294967295, not 0"],
  [{ queueSize: 1.5 }, "queueSize takes a whole number from 1 to 4294967295, not 1.5"],
  [{ maxBackpressure: Infinity }, "maxBackpressure takes a whole number from 1 to 4294967295, not Infinity"],
  [{ idleTimeout: -1 }, "idleTimeout takes seconds, 0 for never, not -1"],
  [{ invalid: "ignore" as never }, 'invalid takes "error" or "close", not "ignore"'],
  [{ protocols: ["a b"] }, '"a b" is no name of a subprotocol'],
  [{ protocols: ["a", "a"] }, "protocols has a name twice"],
  [{ origins: ["app.example"] }, '"app.example" is no origin, as in "https://app.example.com"'],
  [{ origins: ["https://app.example/"] }, '"https://app.example/" is no origin, as in "https://app.example.com"'],
])("settings that cannot be kept are refused: %p", (settings, message) => {
  expect(() => checkSettings(settings)).toThrow(message);
});
