/** What stands in a secret's place. */
export const MASK = "••••••••";

/** Names, written in snake case, whose values are not for the eye. */
const SECRET_NAME =
  /secret|token|passw|passphrase|credential|authorization|cookie|signature|apikey|(?:^|_)(?:keys?|dsn|pwd|pass|auth|sid|session|jwt|salt|csrf|otp|pin)(?:_|$)/;

/** Whether a header, variable, cookie or query key of this name holds a secret: `x-api-key` and `jwtSecret`, not `keyboard`. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(
    name
      .replace(/([a-z\d])([A-Z])/g, "$1_$2")
      .replace(/[^A-Za-z\d]+/g, "_")
      .toLowerCase(),
  );
}

const URL_PASSWORD = /\b([a-z][a-z\d+.-]*:\/\/[^\s:/?#@"']*):[^\s/?#"']+@/gi;
const SCHEME_AND_TOKEN = /\b(bearer|basic|digest)\s+[\w.~+/=-]{6,}/gi;
const JSON_WEB_TOKEN = /\beyJ[\w-]{6,}\.[\w-]+\.[\w-]*/g;
/** A shorter value may be a word of the text by chance. */
const SHORTEST_SECRET = 8;

/** Masks the values of secret names, and secrets wherever else they turn up. */
export interface Masker {
  /** A value by its name: masked where the name says so, scrubbed otherwise. */
  value(name: string, value: string): string;
  /** Free text: passwords in URLs, bearer tokens, JWTs and the values that are secret elsewhere are masked. */
  text(text: string): string;
}

/** A masker that knows the secret values among these pairs, `names` (in lower case) secret besides those that look so, so that they are masked in messages and queries as well. */
export function masker(
  pairs: Iterable<readonly [name: string, value: string | undefined]>,
  names: readonly string[] = [],
): Masker {
  const isSecret = (name: string) => isSecretName(name) || names.includes(name.toLowerCase());
  const known = new Set<string>();
  for (const [name, value] of pairs) {
    if (value !== undefined && value.length >= SHORTEST_SECRET && isSecret(name)) known.add(value);
  }
  // Longest first, so that no secret is left half seen behind one that it contains.
  const secrets = [...known].sort((one, other) => other.length - one.length);

  function text(given: string): string {
    let masked = given;
    for (const secret of secrets) masked = masked.replaceAll(secret, MASK);
    return masked
      .replace(URL_PASSWORD, `$1:${MASK}@`)
      .replace(SCHEME_AND_TOKEN, `$1 ${MASK}`)
      .replace(JSON_WEB_TOKEN, MASK);
  }
  return { text, value: (name, value) => (isSecret(name) && value !== "" ? MASK : text(value)) };
}
