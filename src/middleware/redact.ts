/** What replaces a value that must not be seen. */
export const REDACTED = "[redacted]";

/** Names whose values are secrets wherever they turn up. */
const SECRETS = [
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "api_key",
  "apikey",
  "access_token",
  "refresh_token",
  "id_token",
  "token",
  "code",
  "password",
  "secret",
  "signature",
  "sig",
];

/** Names of query keys and headers, in lower case, whose values are not for logs. */
export function redactedNames(more: readonly string[] = []): ReadonlySet<string> {
  return new Set([...SECRETS, ...more.map((name) => name.toLowerCase())]);
}

/** A query string with the values of these keys replaced; everything else as it was sent. */
export function redactQuery(query: string, names: ReadonlySet<string>): string {
  return query.replace(/([^&=]+)=[^&]*/g, (pair, key: string) =>
    names.has(plainKey(key)) ? `${key}=${REDACTED}` : pair,
  );
}

function plainKey(key: string): string {
  if (!/[%+]/.test(key)) return key.toLowerCase();
  try {
    return decodeURIComponent(key.replaceAll("+", " ")).toLowerCase();
  } catch {
    return key.toLowerCase();
  }
}
