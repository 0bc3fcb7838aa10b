/**
 * A string that is equal for equal JSON values and for no others, whatever the order of their keys: what
 * `uniqueItems` compares.
 *
 * @example
 * identity({ a: 1, b: 2 }) === identity({ b: 2, a: 1 }); // true
 */
export function identity(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(identity).join()}]`;
  if (value instanceof Date) return `d${value.getTime()}`;
  if (value instanceof Uint8Array) return `u${value.toBase64()}`;
  if (typeof value === "object" && value !== null) {
    const fields = value as Readonly<Record<string, unknown>>;
    const keys = Object.keys(fields).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${identity(fields[key])}`).join()}}`;
  }
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? typeof value);
}
