/**
 * A secret as the name under which something is kept: SHA-256, base64url, 43 characters. For secrets with more randomness than anybody can
 * try, such as tokens and session ids; passwords need `Bun.password`.
 *
 * @example
 * ```ts
 * await store.set(`token:${hashed(token)}`, "17", 60_000);
 * ```
 */
export function hashed(secret: string): string {
  // A third of the price of a hasher object: 116 ns against 311.
  return Bun.SHA256.hash(secret, "base64url");
}
