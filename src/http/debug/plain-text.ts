/** Any value as text: what is thrown need not have a text of its own. */
export function plainText(value: unknown): string {
  return typeof value === "string" ? value : Bun.inspect(value, { depth: 2, colors: false });
}
