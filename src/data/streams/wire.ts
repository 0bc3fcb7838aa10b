/** A value as JSON: dates in ISO 8601, bigints as texts, bytes in base64, as in every other answer. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, wired);
}

/** JSON makes an object of a Buffer before it asks: what it was is still in its place. */
function wired(this: unknown, key: string, value: unknown): unknown {
  const own = (this as Record<string, unknown>)[key];
  if (typeof own === "bigint") return String(own);
  return own instanceof Uint8Array ? own.toBase64() : value;
}
