import { SchemaError } from "./entry.ts";
import { Judges } from "./judge.ts";
import type { Node } from "./node.ts";
import { resolve } from "./node.ts";
import { instant } from "./instant.ts";
import { base64Bytes, decimal } from "./wire.ts";

/** What a coercer returns for text that does not spell a value of its type. */
export const unreadable: unique symbol = Symbol("unreadable");

/** Reads one text as a value of a declared type; constraints are checked afterwards. */
export type Coerce = (text: string) => unknown;

const judges = new Judges("value");

/** Folds a node into its coercer. Throws a `SchemaError` for a kind that text cannot spell. */
export function coerce(node: Node, path: readonly string[]): Coerce {
  return (visitors[node.kind] as (node: Node, path: readonly string[]) => Coerce)(node, path);
}

const visitors: {
  readonly [K in Node["kind"]]: (node: Extract<Node, { kind: K }>, path: readonly string[]) => Coerce;
} = {
  any: () => (text) => text,
  never: () => () => unreadable,
  null: () => (text) => (text === "null" ? null : unreadable),
  undefined: () => () => unreadable,
  boolean: () => boolean,
  string: () => (text) => text,
  number: (node) => (node.integer ? integer : number),
  bigint: () => (text) => decimal(text) ?? unreadable,
  date: () => (text) => {
    const time = instant(text);
    return Number.isNaN(time) ? unreadable : new Date(time);
  },
  bytes: () => (text) => (base64Bytes(text) < 0 ? unreadable : Uint8Array.fromBase64(text)),
  enum: (node) => {
    const spellings = new Map<string, unknown>();
    for (const value of node.values) if (typeof value === "string") spellings.set(value, value);
    const readers = [
      node.values.some((value) => typeof value === "number") ? number : undefined,
      node.values.some((value) => typeof value === "boolean") ? boolean : undefined,
    ].filter((reader) => reader !== undefined);
    return (text) => {
      const spelled = spellings.get(text);
      if (spelled !== undefined) return spelled;
      for (const read of readers) {
        const value = read(text);
        if (node.values.includes(value as number)) return value;
      }
      return unreadable;
    };
  },
  union: (node, path) => {
    const members = node.members.map((member) => ({ read: coerce(member, path), accepts: judges.of(member) }));
    return (text) => {
      for (const { read, accepts } of members) {
        const value = read(text);
        if (value !== unreadable && accepts(value)) return value;
      }
      return unreadable;
    };
  },
  intersect: (node, path) => {
    const [first] = node.members;
    return first === undefined ? (text) => text : coerce(first, path);
  },
  not: () => (text) => text,
  custom: () => (text) => text,
  refined: ({ node }, path) => coerce(node, path),
  ref: (node, path) => coerce(resolve(node), path),
  array: (_, path) => nested("An array inside an array", path),
  tuple: (_, path) => nested("A tuple inside an array", path),
  object: (_, path) => nested("An object", path),
  record: (_, path) => nested("A record", path),
};

function nested(what: string, path: readonly string[]): never {
  throw new SchemaError(`${what} cannot be read from text`, path);
}

/** Decimal digits with an optional sign, within ±(2^53 - 1). `Number` would also take "", " 1", "0x10" and "1e3". */
function integer(text: string): number | typeof unreadable {
  const length = text.length;
  const first = text.charCodeAt(0);
  const start = first === 45 || first === 43 ? 1 : 0;
  if (length === start) return unreadable;
  let value = 0;
  for (let index = start; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return unreadable;
    value = value * 10 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return unreadable;
  }
  return first === 45 ? 0 - value : value;
}

/** `digits[.digits][e[±]digits]` with an optional sign, finite: scanned by hand, as a pattern costs 40 ns more. */
function number(text: string): number | typeof unreadable {
  let index = 0;
  const digits = () => {
    const from = index;
    for (let code = text.charCodeAt(index); code >= 48 && code <= 57; code = text.charCodeAt(++index));
    return index > from;
  };
  const sign = () => {
    const code = text.charCodeAt(index);
    if (code === 43 || code === 45) index++;
  };
  sign();
  let any = digits();
  if (text.charCodeAt(index) === 46) {
    index++;
    any = digits() || any;
  }
  if (!any) return unreadable;
  if ((text.charCodeAt(index) | 32) === 101) {
    index++;
    sign();
    if (!digits()) return unreadable;
  }
  if (index !== text.length) return unreadable;
  const value = Number(text);
  return Number.isFinite(value) ? value : unreadable;
}

function boolean(text: string): boolean | typeof unreadable {
  // Most clients write these two, and `toLowerCase` makes a string.
  if (text === "true") return true;
  if (text === "false") return false;
  switch (text.length > 5 ? "" : text.toLowerCase()) {
    case "true":
    case "1":
    case "yes":
    case "on":
      return true;
    case "false":
    case "0":
    case "no":
    case "off":
      return false;
    default:
      return unreadable;
  }
}
