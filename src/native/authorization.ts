import { type Authorization, authParameters, schemeOf, scriptAuthorization } from "./credentials.ts";
import { openCrossing } from "./crossing.ts";
import { type HeaderFault, nativeFault } from "./fault.ts";
import { nativeFunctions } from "./library.ts";

/** Statuses of `split` in native/authorization.zig. */
const BARE = 0;
const TOKEN68 = 1;

/** The header length from which the native path is the cheaper one (`bun run bench:native`). */
const AUTHORIZATION_TAKEOVER = 24;

type Parser = (value: string) => Authorization | HeaderFault;

/** Undefined where the library is not in use. */
export function nativeAuthorization(): Parser | undefined {
  const functions = nativeFunctions();
  if (functions === undefined) return undefined;
  const { authorization_split } = functions;
  const { input, results, resultsPointer, write } = openCrossing();
  return (value) => {
    if (!write(value)) return scriptAuthorization(value);
    const status = authorization_split(input, value.length, resultsPointer);
    if (status < 0) return nativeFault(status, results[0] as number);
    const scheme = schemeOf(value, results[0] as number);
    if (status === BARE) return { scheme };
    if (status === TOKEN68) return { scheme, token: value.slice(results[1], results[2]) };
    return authParameters(value, scheme, results[1] as number);
  };
}

let fast: Parser | undefined;

/**
 * Reads `Authorization` or `Proxy-Authorization` (RFC 9110 11.4).
 *
 * The scheme comes in lower case. A token68 is given as it stands: whether it is base64 or a JWT is for its scheme to say.
 * Parameters lose their quotes; one that comes twice is a fault. Answers a `HeaderFault` where the header leaves the grammar.
 *
 * @example
 * parseAuthorization("Bearer mF_9.B5f-4.1JqM"); // { scheme: "bearer", token: "mF_9.B5f-4.1JqM" }
 * parseAuthorization('Digest realm="a"');       // { scheme: "digest", parameters: { realm: "a" } }
 */
export function parseAuthorization(value: string): Authorization | HeaderFault {
  if (value.length < AUTHORIZATION_TAKEOVER) return scriptAuthorization(value);
  fast ??= nativeAuthorization() ?? scriptAuthorization;
  return fast(value);
}
