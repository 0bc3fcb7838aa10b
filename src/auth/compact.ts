import { decodeBase64url, type JwtFaultKind, strictObject, strictText } from "../native/index.ts";

/** A JWS in its compact form (RFC 7515 7.1), read but not verified. */
export interface CompactJws {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly typ: string | undefined;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The payload as it stands in the token. */
  readonly encodedPayload: string;
}

/** As for tokens under a secret: longer ones are refused unread. */
const LONGEST = 16_384;
/** Reads a token as strictly as the native verifier of HMAC does, in the same order; answers what is wrong first. */
export function readCompact(token: string): CompactJws | JwtFaultKind {
  if (token.length > LONGEST) return "too_long";
  const [first, encodedPayload, last, more] = token.split(".", 4);
  if (first === undefined || encodedPayload === undefined || last === undefined || more !== undefined) return "compact";
  const [header, payload, signature] = [first, encodedPayload, last].map(decodeBase64url);
  if (header === undefined || payload === undefined || signature === undefined) return "base64";
  const members = strictObject(strictText(header));
  if (members === undefined) return "header";
  // What every object inherits is no member of the header.
  const { alg, kid, typ, crit, b64 } = { __proto__: null, ...members } as { readonly [name: string]: unknown };
  // No extension is understood, so that whatever is critical refuses the token (RFC 7515 4.1.11); a payload that is not encoded
  // must be declared critical (RFC 7797 6). `jwk`, `jku`, `x5u` and `x5c` are not looked at: keys come from the verifier alone.
  if (crit !== undefined || (b64 !== undefined && b64 !== true)) return "crit";
  if (typeof alg !== "string") return "header";
  if (kid !== undefined && typeof kid !== "string") return "kid";
  return { alg, kid, typ: typeof typ === "string" ? typ : undefined, payload, signature, encodedPayload };
}
