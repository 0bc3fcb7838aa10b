import { type Coerce, coerce, unreadable } from "./coerce.ts";
import { Invalid, Report, SchemaError, type Source } from "./entry.ts";
import { isAbsence, type Judge, Judges } from "./judge.ts";
import type { Node, ObjectNode, Property } from "./node.ts";
import { resolve } from "./node.ts";
import { Settles } from "./settle.ts";
import { isDecimal } from "./wire.ts";

/** Reads declared keys out of raw texts. */
export interface TextReader<T = Record<string, unknown>> {
  /** The declared keys, in the schema's order and spelling. */
  readonly keys: readonly string[];
  /** Per key: whether the caller collects every repetition (`string[]`); of other keys the last one wins (`string`). */
  readonly repeated: readonly boolean[];
  /** `additionalProperties: false`. */
  readonly rejectsUnknown: boolean;
  /** `raws` by the index of the key; `unknown` are the names of undeclared keys, wanted only under `rejectsUnknown`. */
  read(raws: readonly (string | readonly string[] | undefined)[], unknown?: readonly string[]): T | Invalid;
}

type Raw = string | readonly string[] | undefined;

interface Field {
  readonly key: string;
  readonly optional: boolean;
  readonly repeated: boolean;
  readonly initial: (() => unknown) | undefined;
  /** The value of one text, or `unreadable`; constraints are not checked yet. */
  readonly one: (text: string) => unknown;
  /** The same of all repetitions. */
  readonly many: (texts: readonly string[]) => unknown;
  /** What remains to be checked of a readable value; undefined where nothing does. */
  readonly judge: Judge | undefined;
  /** Writes down why a raw text is unreadable. */
  readonly explain: (raw: string | readonly string[], report: Report) => void;
}

/** Makes the reader of an object schema's texts. Throws a `SchemaError` for a property that text cannot spell. */
export function textReader(node: ObjectNode, source: Source): TextReader {
  if (node.extra !== "drop" && node.extra !== "forbid") {
    throw new SchemaError(`${source}: only declared keys are read, so additionalProperties is false or absent`, []);
  }
  const fields = node.properties.map(field);
  const reader = {
    keys: fields.map(({ key }) => key),
    repeated: fields.map(({ repeated }) => repeated),
    rejectsUnknown: node.extra === "forbid",
    read(raws: readonly Raw[], unknown?: readonly string[]): Record<string, unknown> | Invalid {
      if (unknown !== undefined && unknown.length > 0) return explain(fields, source, raws, unknown);
      const result: Record<string, unknown> = {};
      for (let index = 0; index < fields.length; index++) {
        const field = fields[index] as Field;
        const raw = raws[index];
        if (raw === undefined) {
          if (field.initial !== undefined) result[field.key] = field.initial();
          else if (!field.optional) return explain(fields, source, raws, unknown);
          continue;
        }
        const value = typeof raw === "string" ? field.one(raw) : field.many(raw);
        if (value === unreadable || (field.judge !== undefined && !field.judge(value))) {
          return explain(fields, source, raws, unknown);
        }
        result[field.key] = value;
      }
      return result;
    },
  };
  return reader;
}

/** The second, slow pass over texts that are known to be at fault: every fault, in the order of the schema. */
function explain(
  fields: readonly Field[],
  source: Source,
  raws: readonly Raw[],
  unknown: readonly string[] = [],
): Invalid {
  const report = new Report(source);
  fields.forEach((field, index) => {
    const raw = raws[index];
    report.path.push(field.key);
    if (raw !== undefined) {
      const value = typeof raw === "string" ? field.one(raw) : field.many(raw);
      if (value === unreadable) field.explain(raw, report);
      else field.judge?.(value, report);
    } else if (!field.optional && field.initial === undefined) report.add("Expected required property", "missing");
    report.path.pop();
  });
  for (const key of unknown) {
    report.path.push(key);
    report.add("Unexpected property", "extra_forbidden");
    report.path.pop();
  }
  return new Invalid(report.entries);
}

const values = new Judges("value");

function field(property: Property): Field {
  const { key, optional } = property;
  const node = resolve(property.node);
  const settles = new Settles("wire", new Judges("wire"), true);
  const initial = property.default && settles.initial(node, property.default.value);
  const common = { key, optional, initial };
  const list = listOf(node);
  if (list === undefined) return { ...common, repeated: false, ...scalar(node, [key]) };
  const items = list.items.map((item) => coerce(resolve(item), [key, "[]"]));
  const itemAt = (index: number) => items[Math.min(index, items.length - 1)] ?? ((text: string) => text);
  const split = (raw: string | readonly string[]) => (typeof raw === "string" ? (list.csv ? csv(raw) : [raw]) : raw);
  const judge = values.of(node);
  const many = (texts: readonly string[]) => {
    const result: unknown[] = [];
    for (let index = 0; index < texts.length; index++) {
      const value = itemAt(index)(texts[index] as string);
      if (value === unreadable) return unreadable;
      result.push(value);
    }
    return result;
  };
  return {
    ...common,
    repeated: !list.csv,
    one: (text) => many(split(text)),
    many,
    judge,
    explain: (raw, report) => {
      split(raw).forEach((text, index) => {
        const item = list.items[Math.min(index, list.items.length - 1)];
        if (item === undefined || itemAt(index)(text) !== unreadable) return;
        report.path.push(index);
        explainScalar(resolve(item), text, report);
        report.path.pop();
      });
    },
  };
}

function csv(text: string): string[] {
  return text === "" ? [] : text.split(",");
}

/** The item types of an array-typed key: one for all, or one per place of a tuple. */
function listOf(node: Node): { readonly items: readonly Node[]; readonly csv: boolean } | undefined {
  if (node.kind === "array") return { items: [node.items], csv: node.csv };
  if (node.kind === "tuple") return { items: node.items, csv: false };
  if (node.kind !== "union") return undefined;
  // A nullable or undefinable array is read as the array.
  const lists = node.members.map((member) => resolve(member)).filter((member) => !isAbsence(member));
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? listOf(only) : undefined;
}

function scalar(node: Node, path: readonly string[]): Pick<Field, "one" | "many" | "judge" | "explain"> {
  const read: Coerce = coerce(node, path);
  return {
    one: read,
    many: (texts) => read(texts.at(-1) ?? ""),
    judge: isFree(node) ? undefined : values.of(node),
    explain: (raw, report) => explainScalar(node, String(raw), report),
  };
}

/** Whether every value its coercer returns matches the node. */
function isFree(node: Node): boolean {
  switch (node.kind) {
    case "any":
    case "null":
    case "boolean":
    case "enum":
    case "union":
      return true;
    case "number":
    case "bigint":
    case "date":
      return Object.values(node.bounds).every((bound) => bound === undefined);
    case "string":
      return node.pattern === undefined && node.format === undefined && isOpen(node.length);
    case "bytes":
      return isOpen(node.length);
    default:
      return false;
  }
}

function isOpen(extent: { readonly minimum: number | undefined; readonly maximum: number | undefined }): boolean {
  return extent.minimum === undefined && extent.maximum === undefined;
}

const unsafe = `Expected integer between -${Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`;

/** Why a text is unreadable as the node. */
function explainScalar(node: Node, text: string, report: Report): void {
  if (node.kind === "date") report.add("Expected string to match 'date-time' format", "format");
  else if (node.kind === "bytes") report.add("Expected string to match 'base64' format", "format");
  else if (node.kind === "number" && isDecimal(text))
    report.add(node.integer ? unsafe : "Expected finite number", "range");
  else if (node.kind === "union") {
    const members = node.members.map((member) => resolve(member)).filter((member) => !isAbsence(member));
    const [only] = members;
    if (members.length === 1 && only !== undefined) explainScalar(only, text, report);
    else report.add("Expected union value", "type_error");
  } else values.of(node)(unreadable, report);
}
