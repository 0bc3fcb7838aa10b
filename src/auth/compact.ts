import type { JwtFaultKind } from "../native/index.ts";
import { decodeBase64url } from "./base64url.ts";

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
/** Limits of a header, as for tokens under a secret. */
const DEEPEST = 64;
const MOST_MEMBERS = 256;

/** A byte order mark is no part of a JSON text (RFC 8259 8.1): it is kept, for the parser to refuse. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a token as strictly as the native verifier of HMAC does, in the same order; answers what is wrong first. */
export function readCompact(token: string): CompactJws | JwtFaultKind {
  if (token.length > LONGEST) return "too_long";
  const [first, encodedPayload, last, more] = token.split(".", 4);
  if (first === undefined || encodedPayload === undefined || last === undefined || more !== undefined) return "compact";
  const [header, payload, signature] = [first, encodedPayload, last].map(decodeBase64url);
  if (header === undefined || payload === undefined || signature === undefined) return "base64";
  const members = readHeader(header);
  if (members === undefined) return "header";
  const { alg, kid, typ, crit, b64 } = members as { readonly [name: string]: unknown };
  // No extension is understood, so that whatever is critical refuses the token (RFC 7515 4.1.11); a payload that is not encoded
  // must be declared critical (RFC 7797 6). `jwk`, `jku`, `x5u` and `x5c` are not looked at: keys come from the verifier alone.
  if (crit !== undefined || (b64 !== undefined && b64 !== true)) return "crit";
  if (typeof alg !== "string") return "header";
  if (kid !== undefined && typeof kid !== "string") return "kid";
  return { alg, kid, typ: typeof typ === "string" ? typ : undefined, payload, signature, encodedPayload };
}

/** The members of a JSON object without a prototype; undefined for anything else, and where a name comes twice (RFC 7515 4). */
function readHeader(bytes: Uint8Array): object | undefined {
  let text: string;
  let value: unknown;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const names = Object.keys(value).length;
  // A name that comes twice has two colons and one key.
  return names <= MOST_MEMBERS && colons(text) === names ? Object.assign(Object.create(null), value) : undefined;
}

/** The colons at the outermost level of a valid JSON text, or -1 where it is too deep. */
function colons(text: string): number {
  let found = 0;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}:]/g)) {
    if (token === "{" || token === "[") {
      if (++depth > DEEPEST) return -1;
    } else if (token === "}" || token === "]") depth--;
    else if (token === ":" && depth === 1) found++;
  }
  return found;
}
