import type { DialectName, Row } from "../engine/index.ts";
import type { ColumnKind } from "../model/index.ts";
import type { Field, Fields, Nested } from "./field.ts";
import { momentOf } from "./moment.ts";

/** Turns a driver's value that is not null into the kind's own. */
type Decode = (value: unknown) => unknown;

/** Changes a row in place. */
export type DecodeRow = (row: Row) => void;

const toNumber: Decode = (value) => Number(value);
const toBigInt: Decode = (value) => BigInt(value as string | number | bigint);
const toBoolean: Decode = (value) => value === true || Number(value) === 1;
const toText: Decode = (value) => String(value);
const toDate: Decode = (value) =>
  typeof value === "string" ? momentOf(value) : value instanceof Date ? value : new Date(value as number);

const parsed: Decode = (value) => (typeof value === "string" ? JSON.parse(value) : value);

/** The day of a `Date` that stands for one; a text is the day itself. */
const toDay: Decode = (value) => (value instanceof Date ? value.toISOString().split("T", 1)[0] : value);

/** Servers' drivers give a `Buffer`, whose methods are not those of the array that it extends. */
const toBytes: Decode = (value) => {
  const { buffer, byteOffset, byteLength } = value as Uint8Array;
  return new Uint8Array(buffer, byteOffset, byteLength);
};

/** `\x` and hexadecimal digits, as a JSON aggregation writes bytes. */
const fromHex: Decode = (value) => Uint8Array.fromHex(String(value).replace(/^\\x/, ""));

/** What each driver gives that is not yet the kind's own value; a kind that is missing needs nothing. */
const DRIVER: Readonly<Record<DialectName, Partial<Readonly<Record<ColumnKind, Decode>>>>> = {
  sqlite: { boolean: toBoolean, timestamp: toDate, json: parsed, decimal: toText },
  // 64-bit integers and averages arrive as text, days as midnight in UTC.
  postgres: {
    integer: toNumber,
    number: toNumber,
    bigint: toBigInt,
    date: toDay,
    timestamp: toDate,
    bytes: toBytes,
  },
  // 64-bit integers arrive as text once they leave 32 bits.
  mysql: {
    integer: toNumber,
    number: toNumber,
    bigint: toBigInt,
    boolean: toBoolean,
    timestamp: toDate,
    date: toDay,
    decimal: toText,
    bytes: toBytes,
  },
};

/** What JSON that a database wrote gives, the same in all of them; JSON inside of it is parsed with it. */
const NESTED: Partial<Readonly<Record<ColumnKind, Decode>>> = {
  integer: toNumber,
  // PostgreSQL writes NaN and Infinity as texts.
  number: toNumber,
  bigint: toBigInt,
  boolean: toBoolean,
  timestamp: toDate,
  bytes: fromHex,
};

/**
 * What has to be done to each row of a result; undefined when the driver's rows are right as they are. In a `wide` result of
 * SQLite all integers are bigints, so that none loses digits; all but the `bigint` ones become numbers again.
 */
export function rowDecoder(dialect: DialectName, fields: Fields, wide: boolean): DecodeRow | undefined {
  const steps = [...fields].flatMap(([name, field]) => {
    const decode = fieldDecoder(DRIVER[dialect], field);
    return decode === undefined ? [] : [{ name, decode }];
  });
  if (wide) return narrowing(fields, inPlace(steps));
  return steps.length === 0 ? undefined : inPlace(steps);
}

/** Whether a result needs SQLite's integers in full. */
export const isWide = (fields: Fields): boolean => fields.values().some((field) => field === "bigint");

type Step = Readonly<{ name: string; decode: Decode }>;

function inPlace(steps: readonly Step[]): DecodeRow {
  if (steps.length === 1) {
    const { name, decode } = steps[0]!;
    return (row) => {
      const value = row[name];
      if (value !== null && value !== undefined) row[name] = decode(value);
    };
  }
  return (row) => {
    for (const { name, decode } of steps) {
      const value = row[name];
      if (value !== null && value !== undefined) row[name] = decode(value);
    }
  };
}

function narrowing(fields: Fields, decode: DecodeRow): DecodeRow {
  return (row) => {
    for (const name in row) {
      const value = row[name];
      if (typeof value === "bigint" && fields.get(name) !== "bigint") row[name] = Number(value);
    }
    decode(row);
  };
}

function fieldDecoder(table: Partial<Readonly<Record<ColumnKind, Decode>>>, field: Field): Decode | undefined {
  if (field === undefined) return undefined;
  return typeof field === "string" ? table[field] : nestedDecoder(field);
}

function nestedDecoder({ fields, many }: Nested): Decode {
  const steps = [...fields].flatMap(([name, field]) => {
    const decode = fieldDecoder(NESTED, field);
    return decode === undefined ? [] : [{ name, decode }];
  });
  const decodeRow = steps.length === 0 ? undefined : inPlace(steps);
  return (value) => {
    const json = parsed(value);
    if (json === null || decodeRow === undefined) return json;
    if (many) for (const row of json as Row[]) decodeRow(row);
    else decodeRow(json as Row);
    return json;
  };
}
