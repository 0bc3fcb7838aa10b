import { describe, expect, expectTypeOf, test } from "bun:test";
import { hintsOf, Invalid, type Static, t, type TSchema, Validators } from "../../src/schema/index.ts";

const accepts = (schema: TSchema, value: unknown) =>
  !(new Validators().json(schema, "body").read(value) instanceof Invalid);
const long = (length: number, end = "") => "a".repeat(length - end.length) + end;

const rows: readonly (readonly [
  name: string,
  schema: TSchema,
  accepted: readonly unknown[],
  refused: readonly unknown[],
])[] = [
  [
    "Email",
    t.Email(),
    ["ada@example.com", "o'neil+x@sub.example.org"],
    ["ada", "ada@host", "@example.com", `${long(64)}@${long(63)}.${long(63)}.${long(63)}.com`, 1],
  ],
  [
    "Slug",
    t.Slug(),
    ["a", "hello-world-2", long(100)],
    ["", "Hello", "a--b", "-a", "a-", "a_b", "ä", "a\n", long(101)],
  ],
  [
    "Url",
    t.Url(),
    ["https://example.com/a?b#c", "http://[::1]:8080/", "HTTPS://EXAMPLE.COM"],
    [
      "example.com",
      "ftp://example.com",
      "javascript:alert(1)",
      "https://",
      "https://a b",
      `https://example.com/${long(2048)}`,
    ],
  ],
  [
    "Username",
    t.Username(),
    ["ada", "ada_lovelace", "a.b-c", long(32)],
    ["ab", "-ada", ".ada", "ada lovelace", "ädä", long(33)],
  ],
  [
    "Password",
    t.Password(),
    ["12345678", "correct horse battery", "пароль-ключ", long(128)],
    ["1234567", long(129), 12345678],
  ],
  [
    "Phone",
    t.Phone(),
    ["+41446681800", "+12", "+123456789012345"],
    ["0446681800", "+0446681800", "+1", "+1234567890123456", "+41 44 668 18 00", "+41a"],
  ],
  ["Latitude", t.Latitude(), [-90, 0, 47.4, 90], [-90.1, 91, "47.4", Number.NaN]],
  ["Longitude", t.Longitude(), [-180, 8.5, 180], [-180.1, 181, null]],
  ["CurrencyCode", t.CurrencyCode(), ["CHF", "EUR", "JPY", "XAF", "ZWG"], ["chf", "DEM", "AAA", "EU", "EURO", ""]],
  ["CountryCode", t.CountryCode(), ["CH", "GB", "AX", "ZW"], ["ch", "UK", "EU", "XX", "CHE", ""]],
  [
    "LanguageCode",
    t.LanguageCode(),
    ["en", "pt-BR", "zh-Hant-TW", "de-DE-1996", "sl-rozaj-biske"],
    ["", "e", "en_US", "en-", "english1", "x-private", "en-u", long(36)],
  ],
  [
    "TimeZone",
    t.TimeZone(),
    ["UTC", "Europe/Zurich", "America/Argentina/Buenos_Aires", "Asia/Calcutta", "Asia/Kolkata"],
    ["", "europe/zurich", "Mars/Olympus", "+01:00", "Europe/", "UTC\n", long(65)],
  ],
  [
    "HexColor",
    t.HexColor(),
    ["#0af", "#0aF8", "#00aaff", "#00aaff80"],
    ["0af", "#0", "#0a", "#00aaf", "#00aaff8", "#00aaff800", "#ggg", "red"],
  ],
  [
    "IpAddress",
    t.IpAddress(),
    ["127.0.0.1", "::1", "2001:db8::7334"],
    ["", "1.2.3", "256.1.1.1", ":::", "::1%eth0", "localhost"],
  ],
  ["IpAddress of version 4", t.IpAddress({ version: 4 }), ["127.0.0.1"], ["::1"]],
  ["IpAddress of version 6", t.IpAddress({ version: 6 }), ["::1"], ["127.0.0.1"]],
  ["Hostname", t.Hostname(), ["localhost", "db-1.example.com"], ["", "-a", "a_b", "a..b", long(64)]],
  ["Port", t.Port(), [1, 80, 65535], [0, 65536, 1.5, "80"]],
  ["NonEmpty", t.NonEmpty(), ["a", " a "], ["", " ", "\n\t", 1]],
  ["Positive", t.Positive(), [0.1, 1], [0, -1]],
  ["NonNegative", t.NonNegative(), [0, 0.5], [-0.1]],
  ["PositiveInteger", t.PositiveInteger(), [1, 2], [0, 1.5, -1]],
  ["NonNegativeInteger", t.NonNegativeInteger(), [0, 7], [-1, 0.5]],
  ["Percentage", t.Percentage(), [0, 33.3, 100], [-1, 100.1]],
];

describe.each(rows)("t.%s", (_, schema, accepted, refused) => {
  test.each(accepted.map((value) => [value]))("accepts %p", (value) => expect(accepts(schema, value)).toBe(true));
  test.each(refused.map((value) => [value]))("refuses %p", (value) => expect(accepts(schema, value)).toBe(false));
});

describe("the document shows", () => {
  test.each([
    [t.Slug(), '{"pattern":"^[a-z0-9]+(?:-[a-z0-9]+)*$","maxLength":100,"type":"string"}'],
    [t.Email(), '{"format":"email","maxLength":254,"type":"string"}'],
    [t.Password(), '{"format":"password","minLength":8,"maxLength":128,"writeOnly":true,"type":"string"}'],
    [t.CountryCode(), '{"pattern":"^[A-Z]{2}$","format":"country-code","maxLength":2,"type":"string"}'],
    [t.Latitude({ title: "North" }), '{"minimum":-90,"maximum":90,"title":"North","type":"number"}'],
    [t.Positive(), '{"exclusiveMinimum":0,"type":"number"}'],
  ])("%#: what is checked", (schema, text) => expect(JSON.stringify(schema)).toBe(text));
});

describe("options", () => {
  test("replace the type's own, and those of columns are columns'", () => {
    const schema = t.Username({ minLength: 1, unique: true, readOnly: true, default: "ada" });
    expect(accepts(schema, "a")).toBe(true);
    expect(hintsOf(schema)).toEqual({ unique: true });
    expectTypeOf(schema.readOnly).toEqualTypeOf<true>();
    expectTypeOf<Static<typeof schema>>().toEqualTypeOf<string>();
  });

  test("a password is write-only by its type", () => {
    const password = t.Password();
    expectTypeOf(password.writeOnly).toEqualTypeOf<true>();
    expect(password.writeOnly).toBe(true);
  });
});
