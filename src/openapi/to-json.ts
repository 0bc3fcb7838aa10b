/** A value as JSON, as answers write it: dates, big integers and bytes are strings. `undefined` for what JSON cannot hold. */
export function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return value.toBase64();
  if (value instanceof RegExp) return value.source;
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const json = toJson(one);
      return json === undefined ? [] : [[key, json] as const];
    }),
  );
}
