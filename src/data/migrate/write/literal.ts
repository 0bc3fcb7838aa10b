import type { ColumnShape } from "../shape/shape.ts";

/** A list of texts as source. */
export const stringsCode = (texts: readonly string[]): string =>
  `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;

/** A column's default as the source of what Kysely's `defaultTo` takes. */
export function literalCode({ kind, maxLength, default: value }: ColumnShape): string {
  switch (kind) {
    case "timestamp":
      return `type.literal(new Date(${JSON.stringify(value)}))`;
    case "bytes":
      return `type.literal(Uint8Array.fromBase64(${JSON.stringify(value)}))`;
    case "bigint":
      return `type.literal(${String(value)}n)`;
    case "json":
      return `type.literal(${typeof value === "object" ? JSON.stringify(value) : JSON.stringify(JSON.stringify(value))})`;
    case "text":
      return maxLength === undefined ? `type.literal(${JSON.stringify(value)})` : JSON.stringify(value);
    default:
      return JSON.stringify(value);
  }
}
