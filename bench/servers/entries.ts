// A peer's own validation errors, written as the entries of the yardstick's 422 answer.
import type { Entry } from "./raw-order.ts";

/** An error of a JSON Schema validator in Ajv's shape: Fastify has it, and TypeBox 1. */
export interface KeywordError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
}

const locOf = (source: string, path: string): (string | number)[] => [
  source,
  ...path
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
];

const typeByKeyword: Readonly<Record<string, string>> = {
  minLength: "too_short",
  maxLength: "too_long",
  minItems: "too_short",
  maxItems: "too_long",
  pattern: "pattern",
  format: "format",
  enum: "enum",
};

/** From Ajv's shape. */
export function keywordEntry(source: string, error: KeywordError): Entry {
  const loc = locOf(source, error.instancePath);
  const params = error.params as { type?: string; limit?: number; missingProperty?: string };
  switch (error.keyword) {
    case "type":
      return { loc, msg: `Expected ${params.type}`, type: "type_error" };
    case "minimum":
      return { loc, msg: `Expected integer to be greater or equal to ${params.limit}`, type: "range" };
    case "maximum":
      return { loc, msg: `Expected integer to be less or equal to ${params.limit}`, type: "range" };
    case "required":
      return { loc: [...loc, params.missingProperty ?? ""], msg: "Expected required property", type: "missing" };
    default:
      return { loc, msg: `Expected ${error.keyword}`, type: typeByKeyword[error.keyword] ?? "value_error" };
  }
}

/** An error of TypeBox 0.34, whose message is the yardstick's already. */
export function typeboxEntry(source: string, error: { readonly path: string; readonly message: string }): Entry {
  const type = /^Expected (required)|to be (greater|less)|length|match|format/.exec(error.message)?.[0];
  const types: Readonly<Record<string, string>> = {
    "Expected required": "missing",
    "to be greater": "range",
    "to be less": "range",
    match: "pattern",
    format: "format",
    length: "value_error",
  };
  return { loc: locOf(source, error.path), msg: error.message, type: types[type ?? ""] ?? "type_error" };
}
