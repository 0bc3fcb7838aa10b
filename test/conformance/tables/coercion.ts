import { type Row, sentence } from "../row.ts";
import { TEXT_TYPES } from "../apis/reading.ts";

type Cases = Readonly<Record<string, unknown>>;

/** What a text, percent-encoded, is read as by type; an entry type stands for a refusal. */
const ACCEPTED: Readonly<Record<string, Cases>> = {
  integer: {
    "0": 0,
    "7": 7,
    "-7": -7,
    "%2B7": 7,
    "007": 7,
    "9007199254740991": 9007199254740991,
    "-9007199254740991": -9007199254740991,
  },
  positive: { "1": 1, "100": 100 },
  number: { "1": 1, "1.5": 1.5, "-0.5": -0.5, ".5": 0.5, "1e3": 1000, "1E-2": 0.01, "%2B2.5e%2B1": 25 },
  boolean: {
    true: true,
    "1": true,
    yes: true,
    on: true,
    TRUE: true,
    Yes: true,
    oN: true,
    false: false,
    "0": false,
    no: false,
    off: false,
    False: false,
    NO: false,
    Off: false,
  },
  bigint: { "12345678901234567890": "12345678901234567890n", "-1": "-1n", "%2B1": "1n" },
  date: { "2024-02-29": "2024-02-29" },
  time: { "12:30:00Z": "12:30:00Z", "23:59:59.25%2B02:00": "23:59:59.25+02:00" },
  "date-time": {
    "2024-02-29T12:30:00Z": "2024-02-29T12:30:00.000Z",
    "2024-02-29T12:30:00.5%2B02:00": "2024-02-29T10:30:00.500Z",
    "2024-02-29T12:30:00": "2024-02-29T12:30:00.000Z",
    "2024-02-29": "2024-02-29T00:00:00.000Z",
  },
  uuid: { "01890c2e-3b5a-7cc0-9f2a-1b2c3d4e5f60": "01890c2e-3b5a-7cc0-9f2a-1b2c3d4e5f60" },
  string: { text: "text", "7": "7", true: "true", "%20x%20": " x " },
  short: { ab: "ab", "%C3%A9%C3%A9%C3%A9": "ééé" },
  pattern: { abc: "abc" },
  enum: { asc: "asc", desc: "desc" },
  literal: { "7": 7 },
  union: { "1": 1, true: true, all: "all" },
};

const REFUSED: Readonly<Record<string, Cases>> = {
  integer: {
    "1.0": "type_error",
    "1e3": "type_error",
    "0x10": "type_error",
    "%207": "type_error",
    "7%20": "type_error",
    "--7": "type_error",
    "9007199254740992": "range",
    "-9007199254740992": "range",
    NaN: "type_error",
    Infinity: "type_error",
    "1_000": "type_error",
    "%D9%A7": "type_error",
    "-": "type_error",
  },
  positive: { "0": "range", "101": "range", "-1": "range" },
  number: {
    NaN: "type_error",
    Infinity: "type_error",
    "1e999": "type_error",
    "0x1": "type_error",
    "1,5": "type_error",
    "%201": "type_error",
    ".": "type_error",
    "1e": "type_error",
  },
  boolean: { "2": "type_error", t: "type_error", "true%20": "type_error", "-1": "type_error" },
  bigint: { "1.0": "type_error", "0x1": "type_error", "1n": "type_error" },
  date: { "2023-02-29": "format", "2024-2-9": "format", "29.02.2024": "format", "2024-02-29T00:00:00Z": "format" },
  time: { "25:00:00Z": "format", "12:30": "format" },
  "date-time": {
    "2024-02-30T00:00:00Z": "format",
    "1709210000": "format",
    yesterday: "format",
    "2024-02-29T24:00:00Z": "format",
  },
  uuid: { "01890c2e3b5a7cc09f2a1b2c3d4e5f60": "format", "01890c2e-3b5a-7cc0-9f2a-1b2c3d4e5f6g": "format" },
  short: { a: "too_short", abcd: "too_long" },
  pattern: { ABC: "pattern", ab1: "pattern" },
  enum: { ASC: "enum", other: "enum" },
  literal: { "8": "enum", seven: "enum" },
  union: { "1.5": "type_error", ALL: "type_error" },
};

const NOT_STRINGS = ["integer", "positive", "number", "boolean", "bigint", "date-time", "literal"];

function rows(
  table: Readonly<Record<string, Cases>>,
  row: (type: string, text: string, value: unknown) => Omit<Row, "section" | "sentence">[],
) {
  return Object.entries(table).flatMap(([type, cases]) =>
    Object.entries(cases).flatMap(([text, value]) => row(type, text, value)),
  );
}

/** Section 2, text coercion. */
export const coercion: readonly Row[] = [
  ...sentence(
    2,
    "Text coercion, by declared type",
    rows(ACCEPTED, (type, text, value) => [
      { send: `GET /coerce/${type}?value=${text}`, expect: { status: 200, json: { value } } },
      { send: `GET /coerce-param/${type}/${text}`, expect: { status: 200, json: { value } } },
    ]),
  ),
  ...sentence(
    2,
    "A failed coercion is an error entry, never NaN",
    rows(REFUSED, (type, text, kind) => [
      { send: `GET /coerce/${type}?value=${text}`, expect: { status: 422, entries: [`query.value ${String(kind)}`] } },
      // A lone dot is no parameter: it is a dot segment.
      ...(text === "."
        ? []
        : [
            {
              send: `GET /coerce-param/${type}/${text}`,
              expect: { status: 422, entries: [`params.value ${String(kind)}`] },
            },
          ]),
    ]),
  ),
  ...sentence(2, "Empty string for a non-string type is an error", [
    ...NOT_STRINGS.map((type) => ({
      send: `GET /coerce/${type}?value=`,
      expect: {
        status: 422,
        entries: [`query.value ${type === "date-time" ? "format" : type === "literal" ? "enum" : "type_error"}`],
      },
    })),
    { send: "GET /coerce/string?value=", expect: { status: 200, json: { value: "" } } },
  ]),
  ...sentence(2, "Arrays: repeated keys", [
    { send: "GET /coerce/array?value=1&value=2&value=3", expect: { status: 200, json: { value: [1, 2, 3] } } },
    { send: "GET /coerce/array?value=1", expect: { status: 200, json: { value: [1] } } },
    { send: "GET /coerce/array?value=1&other=5&value=2", expect: { status: 200, json: { value: [1, 2] } } },
    {
      send: "GET /coerce/array?value=1&value=x&value=&value=4",
      expect: { status: 422, entries: ["query.value.[1] type_error", "query.value.[2] type_error"] },
    },
    { send: "GET /coerce/array?value=1,2", expect: { status: 422, entries: ["query.value.[0] type_error"] } },
    { send: "GET /coerce/array", expect: { status: 422, entries: ["query.value missing"] } },
  ]),
  ...sentence(2, "csv arrays on request", [
    { send: "GET /coerce/csv?value=1,2,3", expect: { status: 200, json: { value: [1, 2, 3] } } },
    { send: "GET /coerce/csv?value=1%2C2", expect: { status: 200, json: { value: [1, 2] } } },
    { send: "GET /coerce/csv?value=1,2&value=3", expect: { status: 200, json: { value: [1, 2, 3] } } },
    { send: "GET /coerce/csv?value=1&value=2,x", expect: { status: 422, entries: ["query.value.[2] type_error"] } },
    { send: "GET /coerce/csv?value=1,x", expect: { status: 422, entries: ["query.value.[1] type_error"] } },
  ]),
  ...sentence(
    2,
    "An absent value that is required is missing",
    Object.keys(TEXT_TYPES)
      .filter((type) => type !== "array")
      .map((type) => ({ send: `GET /coerce/${type}`, expect: { status: 422, entries: ["query.value missing"] } })),
  ),
];
