import { type Coerce, coerce, unreadable } from "./coerce.ts";
import type { Report } from "./entry.ts";
import { isAbsence, type Judge, Judges } from "./judge.ts";
import type { Node, Property } from "./node.ts";
import { typeOf } from "./node.ts";
import { Settles } from "./settle.ts";
import { isDecimal } from "./wire.ts";

/** One declared key of a text source, folded. */
export interface Field {
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

const values = new Judges("value");
const settles = new Settles("wire", new Judges("wire"), true);

/** Folds one property. Throws a `SchemaError` for a type that text cannot spell. */
export function fieldOf(property: Property): Field {
  const { key, optional } = property;
  const own = property.node;
  const node = typeOf(own);
  const initial = property.default && settles.initial(node, property.default.value);
  const common = { key, optional, initial };
  const list = listOf(node);
  if (list === undefined) return { ...common, repeated: false, ...scalar(node, own, [key]) };
  const items = list.items.map((item) => coerce(typeOf(item), [key, "[]"]));
  const itemAt = (index: number) => items[Math.min(index, items.length - 1)] ?? ((text: string) => text);
  // Of a list with commas that comes in several texts, as clients write lists that know of no commas, each counts.
  const split = (raw: string | readonly string[]) => {
    if (list.csv) return typeof raw === "string" ? csv(raw) : raw.flatMap(csv);
    return typeof raw === "string" ? [raw] : raw;
  };
  const judge = values.of(own);
  const many = (raw: string | readonly string[]) => {
    const texts = split(raw);
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
    repeated: true,
    one: many,
    many,
    judge,
    explain: (raw, report) => {
      split(raw).forEach((text, index) => {
        const item = list.items[Math.min(index, list.items.length - 1)];
        if (item === undefined || itemAt(index)(text) !== unreadable) return;
        report.path.push(index);
        explainScalar(typeOf(item), text, report);
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
  const lists = node.members.map((member) => typeOf(member)).filter((member) => !isAbsence(member));
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? listOf(only) : undefined;
}

function scalar(node: Node, own: Node, path: readonly string[]): Pick<Field, "one" | "many" | "judge" | "explain"> {
  const read: Coerce = coerce(node, path);
  return {
    one: read,
    many: (texts) => read(texts.at(-1) ?? ""),
    judge: isFree(own) ? undefined : values.of(own),
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
  else if (node.kind === "never") report.add("Unexpected property", "extra_forbidden");
  else if (node.kind === "bytes") report.add("Expected string to match 'base64' format", "format");
  else if (node.kind === "number" && isDecimal(text))
    report.add(node.integer ? unsafe : "Expected finite number", "range");
  else if (node.kind === "union") {
    const members = node.members.map((member) => typeOf(member)).filter((member) => !isAbsence(member));
    const [only] = members;
    if (members.length === 1 && only !== undefined) explainScalar(only, text, report);
    else report.add("Expected union value", "type_error");
  } else values.of(node)(unreadable, report);
}
