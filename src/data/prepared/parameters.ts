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
  const [before, after] = LISTS[dialect](TYPES[dialect][parameter.kind]);
  return new ParameterExpression(RawNode.create([before, after], [value]));
}

/** What stands around the one parameter that holds a list, as JSON. */
const LISTS: Readonly<Record<DialectName, (type: string) => readonly [before: string, after: string]>> = {
  sqlite: () => ["(select value from json_each(", "))"],
  postgres: (type) => ["(select jsonb_array_elements_text(", `::jsonb)::${type})`],
  mysql: (type) => ["(select value from json_table(", `, '$[*]' columns (value ${type} path '$')) as list)`],
};

const NUMBERS = { integer: "bigint", int32: "integer", number: "double precision", bigint: "bigint" } as const;

const TYPES: Readonly<Record<DialectName, Readonly<Record<ParameterKind, string>>>> = {
  sqlite: {
    ...NUMBERS,
    decimal: "text",
    text: "text",
    boolean: "boolean",
    timestamp: "text",
    date: "text",
    json: "text",
    bytes: "blob",
    uuid: "text",
  },
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
  number: ["a number", (value) => typeof value === "number"],
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

/** Turns a parameter's value into what the driver takes; throws a `TypeError` for one that is not of its kind. */
export function binderOf(
  { name, kind, list }: Parameter,
  json: boolean,
  encode: (value: unknown) => unknown,
  toJson: ToJson,
): (value: unknown) => unknown {
  const [told, accepts] = ACCEPTS[kind];
  const refuse = (value: unknown): never => {
    throw new TypeError(
      `The parameter "${name}" takes ${list ? "an array, each item " : ""}${told}, not ${shown(value)}`,
    );
  };
  if (list) {
    return (value) => {
      if (!Array.isArray(value)) return refuse(value);
      for (const item of value) if (!accepts(item)) refuse(item);
      return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? String(item) : item));
    };
  }
  if (json || kind === "json") return (value) => (accepts(value) ? toJson(value) : refuse(value));
  // Null is a value of every kind; `=` finds nothing by it, as in SQL.
  return (value) => (value === null ? null : accepts(value) ? encode(value) : refuse(value));
}

const shown = (value: unknown): string =>
  value === undefined ? "undefined" : typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? typeof value);
