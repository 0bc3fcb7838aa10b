import { describe, expect, test } from "bun:test";
import { FormatRegistry } from "@sinclair/typebox";
import { Invalid, t, Validators } from "../../src/schema/index.ts";

const accepts = (format: string, text: string) =>
  !(new Validators().json(t.String({ format }), "body").read(text) instanceof Invalid);

const rows: readonly [format: string, accepted: readonly string[], refused: readonly string[]][] = [
  [
    "date",
    ["2024-02-29", "0000-01-01", "9999-12-31"],
    ["2023-02-29", "2024-00-01", "2024-04-31", "2024-2-01", "20240201", "2024-02-01Z"],
  ],
  [
    "time",
    ["00:00:00Z", "23:59:59.999999999+14:00", "23:59:60Z", "00:29:60+00:30"],
    ["24:00:00Z", "00:60:00Z", "12:00:60Z", "12:00:00", "12:00:00.Z", "12:00:00+24:00"],
  ],
  [
    "date-time",
    ["2026-11-22T08:24:00Z", "2026-11-22t08:24:00.1z", "2026-11-22 08:24:00-05:00"],
    ["2026-11-22", "2026-11-22T08:24:00", "2026-11-22_08:24:00Z", "2026-02-30T00:00:00Z"],
  ],
  ["duration", ["P1Y2M3DT4H5M6S", "PT1S", "P3W", "P1M"], ["P", "PT", "P1YT", "1Y", "P1S", "P1W2D", "P1.5Y"]],
  [
    "email",
    ["a@b.co", "first.last+tag@sub.example.org", "o'neil@example.org"],
    [
      "a",
      "@b.co",
      "a@",
      "a@b",
      "a..b@c.de",
      ".a@b.co",
      "a.@b.co",
      "a@b..co",
      "a@-b.co",
      "a b@c.de",
      "a@b.co\n",
      `${"a".repeat(65)}@b.co`,
      `a@${"b".repeat(64)}.co`,
      "ä@b.co",
      "a@b@c.de",
    ],
  ],
  [
    "hostname",
    ["localhost", "a.b-c.example", "1.2.3.4", "a".repeat(63)],
    ["", "-a", "a-", "a..b", ".a", "a.", "a_b", "a".repeat(64), `${"a.".repeat(127)}aa`],
  ],
  [
    "ipv4",
    ["0.0.0.0", "255.255.255.255", "127.0.0.1"],
    ["1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", "1.2.3.a", " 1.2.3.4"],
  ],
  [
    "ipv6",
    ["::", "::1", "1::", "2001:db8::8a2e:370:7334", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4"],
    [
      "",
      ":",
      ":::",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7::8",
      "12345::",
      "g::",
      "::1%eth0",
      "1.2.3.4::",
      "::1.2.3.400",
    ],
  ],
  [
    "uri",
    ["https://example.org/a?b=c#d", "mailto:a@b.co", "urn:isbn:0451450523", "http://[::1]:8080/"],
    ["", "example.org", "/a", "http://", "http://a b", "http://a/%zz", "http://ä.org/", "http://a/<b>"],
  ],
  [
    "uuid",
    ["00000000-0000-0000-0000-000000000000", "0191D8A0-7B1C-7DEF-8ABC-0123456789AB"],
    [
      "",
      "0191d8a07b1c7def8abc0123456789ab",
      "{0191d8a0-7b1c-7def-8abc-0123456789ab}",
      "0191d8a0-7b1c-7def-8abc-0123456789a",
      "0191d8a0-7b1c-7def-8abc-0123456789ax",
    ],
  ],
];

describe.each(rows)("format %s", (format, accepted, refused) => {
  test.each(accepted.map((text) => [text]))("accepts %p", (text) => expect(accepts(format, text)).toBe(true));
  test.each(refused.map((text) => [text]))("refuses %p", (text) => expect(accepts(format, text)).toBe(false));
});

describe("the global format registry", () => {
  test("stays empty", () => {
    new Validators().json(t.String({ format: "email" }), "body").read("a@b.co");
    expect(FormatRegistry.Has("email")).toBe(false);
  });

  test("wins where a user has put a format into it", () => {
    FormatRegistry.Set("email", (text) => text === "mine");
    FormatRegistry.Set("plate", (text) => text.startsWith("ZH"));
    try {
      expect([
        accepts("email", "mine"),
        accepts("email", "a@b.co"),
        accepts("plate", "ZH 1"),
        accepts("plate", "BE 1"),
      ]).toEqual([true, false, true, false]);
    } finally {
      FormatRegistry.Delete("email");
      FormatRegistry.Delete("plate");
    }
  });
});
