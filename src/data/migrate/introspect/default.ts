import type { ColumnKind } from "../../model/index.ts";
import type { ColumnShape } from "../shape/shape.ts";

/** What a column's shape says of its default. */
export type InitialValue = Pick<ColumnShape, "generated" | "default" | "expression">;

/** What each dialect writes for the values that it makes itself; compared without blanks and parentheses around. */
export interface MadeValues {
  readonly now: RegExp;
  readonly uuid: RegExp;
}

/** Reads the SQL of a default. One that is no plain value stays an expression. */
export function initialValue(written: string | null | undefined, kind: ColumnKind, made: MadeValues): InitialValue {
  if (written === null || written === undefined) return {};
  const text = unwrapped(written);
  if (/^null\b/i.test(text)) return {};
  if (made.now.test(text)) return { generated: "now" };
  if (made.uuid.test(text)) return { generated: "uuid" };
  const value = literal(text, kind);
  return value === undefined ? { expression: written } : { default: value };
}

/** `(…)` around the whole expression says nothing. */
function unwrapped(written: string): string {
  const text = written.trim();
  return text.startsWith("(") && text.endsWith(")") && closesLast(text) ? unwrapped(text.slice(1, -1)) : text;
}

function closesLast(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (const [at, character] of Array.from(text).entries()) {
    if (character === "'") quoted = !quoted;
    else if (!quoted && character === "(") depth++;
    else if (!quoted && character === ")" && --depth === 0) return at === Array.from(text).length - 1;
  }
  return false;
}

/** `'text'` or `E'text'`, with PostgreSQL's cast or MySQL's character set, or a bare word or number. */
const STRING = /^(?:_\w+\s*)?(?<escape>e|x)?'(?<text>(?:[^']|'')*)'(?:::[\w ."[\]]+(?:\([\d,]+\))?)?$/i;
const BARE = /^(?<text>[-+]?[\d.]+(?:e[-+]?\d+)?|true|false)(?:::[\w ]+)?$/i;

function literal(text: string, kind: ColumnKind): unknown {
  const string = STRING.exec(text)?.groups;
  if (string !== undefined) {
    const inner = string["text"]!.replaceAll("''", "'");
    const escape = string["escape"]?.toLowerCase();
    if (escape === "x") return Uint8Array.fromHex(inner).toBase64();
    return typed(escape === "e" ? inner.replaceAll("\\\\", "\\") : inner, kind);
  }
  const bare = BARE.exec(text.replace(/^\((-[\d.]+)\)/, "$1"))?.groups?.["text"];
  return bare === undefined ? undefined : typed(bare, kind);
}

/** A default's text as the JSON of its kind. */
function typed(text: string, kind: ColumnKind): unknown {
  switch (kind) {
    // What is past 2^53 keeps its digits.
    case "integer":
    case "int32":
      return Number.isSafeInteger(Number(text)) ? Number(text) : text;
    case "number":
      return Number(text);
    case "boolean":
      return /^(?:true|1|t)$/i.test(text);
    case "json":
      return parsed(text);
    case "timestamp": {
      const zoned = /(?:z|[-+]\d\d(?::?\d\d)?)$/i.test(text) ? text.replace(/([-+]\d\d)$/, "$1:00") : `${text}Z`;
      const moment = new Date(zoned.replace(" ", "T"));
      return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
    }
    case "bytes":
      return /^\\x[0-9a-f]*$/i.test(text) ? Uint8Array.fromHex(text.slice(2)).toBase64() : undefined;
    default:
      return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
