import { t } from "bolide";
import { belongsTo, model } from "../../../src/data/index.ts";

/** A table with a column of each kind, each of them null where it is left out. */
export const Thing = model("things", {
  id: t.PrimaryKey(),
  integer: t.Nullable(t.Integer()),
  int32: t.Nullable(t.Integer({ format: "int32" })),
  number: t.Nullable(t.Number()),
  decimal: t.Nullable(t.Decimal({ precision: 30, scale: 10 })),
  bigint: t.Nullable(t.BigInt()),
  text: t.Nullable(t.String()),
  boolean: t.Nullable(t.Boolean()),
  timestamp: t.Nullable(t.Timestamp()),
  date: t.Nullable(t.Day()),
  json: t.Nullable(t.Json()),
  bytes: t.Nullable(t.Bytes()),
  uuid: t.Nullable(t.Uuid()),
  enum: t.Nullable(t.StringEnum(["a", "it's", "ü"])),
});

/** The same kinds, where JSON's null is not SQL's. */
export const Holder = model(
  "holders",
  { id: t.PrimaryKey(), json: t.Json(t.Unknown()), thing: t.ForeignKey("things.id") },
  { relations: { held: belongsTo("things", "thing") } },
);

export type Kind = Exclude<keyof typeof Thing.declared, "id">;

/** Values at the edges of a kind. Each comes back as it went in, on every database. */
export const VALUES: { readonly [K in Kind]: readonly unknown[] } = {
  integer: [0, -0, 1, -1, 2147483648, -2147483649, 4294967296, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  int32: [0, 2147483647, -2147483648],
  number: [0, 1.5, -1e-300, 0.1, 5e-324, Number.MAX_VALUE, Number.EPSILON, 2 ** 53 + 2, 2 ** 64],
  decimal: ["0.0000000000", "1.1000000000", "-99999999999999999999.9999999999", "12345678901234567890.0000000001"],
  bigint: [0n, 1n, -1n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  text: [
    "",
    " ",
    "'",
    '"; drop table things; --',
    "null",
    "0",
    "007",
    "1e3",
    "[1]",
    '{"a":1}',
    '"quoted"',
    "\\x00ff \\n \\",
    "line\r\nbreak\ttab",
    "\u0001\u001f\u007f\u0080\uffff",
    "é e\u0301 ﬀ İ ß",
    "😀👩‍👩‍👧‍👦𝕏",
    "\ufeffbyte order mark",
    "Ä".repeat(500_000),
  ],
  boolean: [true, false],
  timestamp: [
    "1970-01-01T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "1945-05-08T21:01:00.001Z",
    "2026-03-29T01:30:00.000Z",
    "2026-10-25T00:30:00.123Z",
    "2038-01-19T03:14:08.000Z",
    "1000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ].map((text) => new Date(text)),
  date: ["1970-01-01", "1969-12-31", "2024-02-29", "1000-01-01", "9999-12-31", "2026-10-25"],
  json: [
    "",
    "text",
    "null",
    "true",
    "1",
    '"quoted"',
    '{"a":1}',
    "[]",
    "é😀\u0001\\",
    0,
    -1.5,
    1e-7,
    9007199254740991,
    true,
    false,
    [],
    {},
    [null],
    [[], {}, "", 0, null],
    { a: null, "": "", 'quo"te': "'", nested: { deep: [1, "2", { three: 3 }] } },
    { date: "2026-11-22T08:00:00.000Z", constructor: 1 },
    ["x".repeat(100_000)],
  ],
  bytes: [[], [0], [0, 1, 255, 254, 0], [39, 34, 92, 120], Array.from({ length: 256 }, (_, index) => index)].map(
    (bytes) => Uint8Array.from(bytes),
  ),
  uuid: ["00000000-0000-0000-0000-000000000000", "0191d2c5-7e3a-7c1e-9d2b-ffffffffffff"],
  enum: ["a", "it's", "ü"],
};

/** A value as a test's name shows it. */
export function shown(value: unknown): string {
  const text =
    typeof value === "bigint"
      ? `${value}n`
      : value instanceof Uint8Array
        ? `<${value.toHex()}>`
        : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length})` : text;
}
