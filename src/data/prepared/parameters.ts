import { type Expression, type OperationNode, RawNode, ValueNode } from "kysely";
import { Placeholder, type ToJson } from "../codec/index.ts";
import type { DialectName } from "../engine/index.ts";
import type { ColumnKind } from "../model/index.ts";

/** The kinds that a parameter may have: those of columns but for `enum`, which is a text. */
export type ParameterKind = Exclude<ColumnKind, "enum">;

/** One named parameter of a prepared query. */
export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly list: boolean;
}

/** A parameter where Kysely takes an expression. */
export class ParameterExpression<T> implements Expression<T> {
  readonly #node: OperationNode;

  constructor(node: OperationNode) {
    this.#node = node;
  }

  get expressionType(): T | undefined {
    return undefined;
  }

  toOperationNode(): OperationNode {
    return this.#node;
  }
}

/** The expression of a parameter; a list is one parameter however long it is, which the database takes apart. */
export function expressionOf<T>(dialect: DialectName, parameter: Parameter): ParameterExpression<T> {
  const value = ValueNode.create(new Placeholder(parameter.name));
  if (!parameter.list) return new ParameterExpression(value);
  const [before, after] = LISTS[dialect](parameter.kind);
  return new ParameterExpression(RawNode.create([before, after], [value]));
}

/** What stands around the one parameter that holds a list, as JSON. */
const LISTS: Readonly<Record<DialectName, (kind: ParameterKind) => readonly [before: string, after: string]>> = {
  sqlite: (kind) => {
    const value = kind === "bytes" ? "unhex(value)" : kind === "bigint" ? "cast(value as integer)" : "value";
    return [`(select ${value} from json_each(`, "))"];
  },
  // By way of text: the driver would make JSON of a text for a jsonb parameter once more.
  postgres: (kind) =>
    kind === "bytes"
      ? ["(select decode(value, 'hex') from jsonb_array_elements_text(", "::text::jsonb) as list(value))"]
      : ["(select jsonb_array_elements_text(", `::text::jsonb)::${TYPES.postgres[kind]})`],
  mysql: (kind) => {
    const [value, type] = kind === "bytes" ? ["unhex(value)", TYPES.mysql.text] : ["value", TYPES.mysql[kind]];
    return [`(select ${value} from json_table(`, `, '$[*]' columns (value ${type} path '$')) as list)`];
  },
};

const NUMBERS = { integer: "bigint", int32: "integer", number: "double precision", bigint: "bigint" } as const;

/** What the items of a list are cast to; SQLite goes by the values. */
const TYPES: Readonly<Record<Exclude<DialectName, "sqlite">, Readonly<Record<ParameterKind, string>>>> = {
  postgres: {
    ...NUMBERS,
    decimal: "numeric",
    text: "text",
    boolean: "boolean",
    timestamp: "timestamptz",
    date: "date",
    json: "jsonb",
    bytes: "bytea",
    uuid: "uuid",
  },
  mysql: {
    ...NUMBERS,
    int32: "int",
    number: "double",
    decimal: "decimal(65,30)",
    text: "longtext character set utf8mb4",
    boolean: "tinyint",
    timestamp: "datetime(3)",
    date: "date",
    json: "json",
    bytes: "longblob",
    uuid: "char(36)",
  },
};

/** Whether a value is what a kind takes; the name of what it takes. */
const ACCEPTS: Readonly<Record<ParameterKind, readonly [told: string, accepts: (value: unknown) => boolean]>> = {
  integer: ["an integer", Number.isSafeInteger],
  int32: ["an integer of 32 bits", (value) => Number.isInteger(value) && value === ((value as number) | 0)],
  number: ["a number", (value) => typeof value === "number" && !Number.isNaN(value)],
  decimal: ["a string of digits", (value) => typeof value === "string"],
  bigint: ["a bigint", (value) => typeof value === "bigint"],
  text: ["a string", (value) => typeof value === "string"],
  boolean: ["a boolean", (value) => typeof value === "boolean"],
  timestamp: ["a Date", (value) => value instanceof Date && !Number.isNaN(value.getTime())],
  date: ["a string YYYY-MM-DD", (value) => typeof value === "string"],
  json: ["a value", (value) => value !== undefined],
  bytes: ["a Uint8Array", (value) => value instanceof Uint8Array],
  uuid: ["a string", (value) => typeof value === "string"],
};

/** How values go into one database. */
export interface Wire {
  readonly dialect: DialectName;
  readonly encode: (value: unknown) => unknown;
  readonly toJson: ToJson;
}

/** Turns a parameter's value into what the driver takes; throws a `TypeError` for one that is not of its kind. */
export function binderOf(
  { name, kind, list }: Parameter,
  write: Placeholder["write"],
  { dialect, encode, toJson }: Wire,
): (value: unknown) => unknown {
  const [told, accepts] = ACCEPTS[kind];
  const refuse = (value: unknown): never => {
    throw new TypeError(
      `The parameter "${name}" takes ${list ? "an array, each item " : ""}${told}, not ${shown(value)}`,
    );
  };
  if (list) {
    const inList = itemOf(dialect, kind);
    return (value) =>
      JSON.stringify(
        Array.isArray(value)
          ? value.map((item: unknown) => (accepts(item) ? inList(item) : refuse(item)))
          : refuse(value),
      );
  }
  if (write !== undefined) return (value) => (value === null || accepts(value) ? encode(write(value)) : refuse(value));
  if (kind === "json") return (value) => (accepts(value) ? toJson(value) : refuse(value));
  const one = kind === "uuid" ? lower : encode;
  // Null is a value of every kind; `=` finds nothing by it, as in SQL.
  return (value) => (value === null ? null : accepts(value) ? one(value) : refuse(value));
}

const lower = (value: unknown): unknown => (value as string).toLowerCase();
const same = (value: unknown): unknown => value;

/** An item of a list in the JSON that the database takes apart; numbers of 64 bits go as text, bytes in hexadecimal digits. */
function itemOf(dialect: DialectName, kind: ParameterKind): (item: unknown) => unknown {
  if (kind === "bigint") return String;
  if (kind === "bytes") return (item) => (item as Uint8Array).toHex();
  if (kind === "uuid") return lower;
  // MySQL's `datetime` knows no zone.
  if (kind === "timestamp" && dialect === "mysql")
    return (item) => (item as Date).toISOString().replace("T", " ").replace("Z", "");
  return same;
}

const shown = (value: unknown): string =>
  value === undefined ? "undefined" : typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? typeof value);
