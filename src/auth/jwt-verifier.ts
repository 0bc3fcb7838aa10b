import { type HmacAlgorithm, hmacVerifier, type HmacVerifierOptions, JwtFault } from "../native/index.ts";
import { readCompact } from "./compact.ts";
import type { KeyFinder } from "./jwks.ts";
import { signatureFault } from "./jws.ts";
import type { SecretKey } from "./key.ts";

/** What a token is held against, whatever its signature. */
export type ClaimsPolicy = Pick<HmacVerifierOptions, "leeway" | "issuer" | "audience" | "requireExp" | "typ" | "now">;

/** The claims' JSON text of a good token, or why it is refused. */
export type Verified = string | JwtFault;

/** Verifies what a request presents. */
export interface TokenVerifier {
  /** The value of a header: the scheme, then the token. Another scheme's is the fault `scheme`, at once. */
  header(value: string): Verified | Promise<Verified>;
  /** The token alone. */
  bare(token: string): Verified | Promise<Verified>;
}

/** Verifies tokens under secrets, natively and at once. */
export function secretTokens(
  keys: readonly (SecretKey & { readonly algorithms: readonly HmacAlgorithm[] })[],
  scheme: string,
  policy: ClaimsPolicy,
): TokenVerifier {
  const bare = hmacVerifier({ ...policy, keys });
  return { bare, header: scheme === "" ? bare : hmacVerifier({ ...policy, keys, scheme }) };
}

/** Verifies tokens under public keys: one promise for each. */
export function publicKeyTokens(
  find: KeyFinder,
  algorithms: readonly string[],
  scheme: string,
  policy: ClaimsPolicy,
): TokenVerifier {
  const check = claimsCheck(policy);
  const bare = async (token: string): Promise<Verified> => {
    const jws = readCompact(token);
    if (typeof jws === "string") return new JwtFault(jws);
    // Asked first, so that no made-up name of a key has a set fetched for an algorithm that is out of question.
    if (!algorithms.includes(jws.alg)) return new JwtFault("algorithm");
    const fault = await signatureFault(token, jws, await find(jws.kid));
    return fault === undefined ? check(jws.encodedPayload, jws.typ) : new JwtFault(fault);
  };
  return {
    bare,
    header(value) {
      const token = scheme === "" ? value : credentialsOf(value, scheme);
      return token === undefined ? new JwtFault("scheme") : bare(token);
    },
  };
}

/** credentials = auth-scheme 1*SP token (RFC 9110 11.4, RFC 6750 2.1). */
function credentialsOf(value: string, scheme: string): string | undefined {
  if (value.slice(0, scheme.length).toLowerCase() !== scheme.toLowerCase()) return undefined;
  const rest = value.slice(scheme.length);
  return rest === "" || rest.startsWith(" ") ? rest.replace(/^ +/, "") : undefined;
}

/**
 * Checks the claims of a token whose signature is good: as those of any other, since it is signed again with a secret of this process
 * and given to the native verifier. That costs 1 us, and the rules have one home.
 */
function claimsCheck(policy: ClaimsPolicy): (encodedPayload: string, typ: string | undefined) => Verified {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const keyed = new Bun.CryptoHasher("sha256", secret);
  const verify = hmacVerifier({ ...policy, keys: [{ secret, algorithms: ["HS256"] }] });
  const plain = header({ alg: "HS256" });
  return (encodedPayload, typ) => {
    const head = policy.typ === undefined ? plain : header({ alg: "HS256", typ });
    const input = `${head}.${encodedPayload}`;
    return verify(`${input}.${keyed.copy().update(input).digest("base64url")}`);
  };
}

function header(parameters: { readonly alg: "HS256"; readonly typ?: string | undefined }): string {
  return Buffer.from(JSON.stringify(parameters)).toString("base64url");
}
