import type { HmacAlgorithm, HmacKey, JwtPolicy } from "./hmac.ts";
import { compileVerifier, LONGEST_TOKEN, openTokenMemory } from "./hmac-table.ts";
import { jwtPolicy } from "./jwt.ts";
import { type JwtFault, jwtFault, nativeJwtFault } from "./jwt-fault.ts";
import { scriptJws } from "./jwt-script.ts";
import { nativeFunctions } from "./library.ts";

/** A key for `hmacJws`: its own algorithms, where it has any, narrow those of the call. */
export type JwsKey = Omit<HmacKey, "algorithms"> & Partial<Pick<HmacKey, "algorithms">>;

type VerifyJws = (compact: string) => Uint8Array | JwtFault;

export function jwsPolicy(keys: readonly JwsKey[], algorithms: readonly HmacAlgorithm[]): JwtPolicy {
  const both = keys.map((key) => ({
    ...key,
    algorithms: algorithms.filter((algorithm) => key.algorithms?.includes(algorithm) ?? true),
  }));
  return jwtPolicy({ keys: both, requireExp: false });
}

/** Undefined where the library is not in use. */
export function nativeJws(policy: JwtPolicy, isPortable?: boolean): VerifyJws | undefined {
  const functions = nativeFunctions();
  if (functions === undefined) return undefined;
  const { jws_verify } = functions;
  const table = compileVerifier(functions, policy, isPortable);
  const { input, decoded, write, bytes } = openTokenMemory();
  return (compact) => {
    if (compact.length > LONGEST_TOKEN) return jwtFault("too_long");
    if (!write(compact)) return scriptJws(compact, policy);
    const status = jws_verify(input, compact.length, table.pointer, decoded);
    return status < 0 ? nativeJwtFault(status) : bytes(status);
  };
}

/**
 * Compiles the verification of JWS in their compact form, signed with HMAC (RFC 7515 5.2), into one synchronous call that gives the payload's bytes.
 *
 * The payload may be anything; everything else is as for `hmacVerifier`. A detached or unencoded payload (RFC 7797) is not supported and refused.
 *
 * @example
 * const secret = new TextEncoder().encode("a secret of at least 32 bytes, please");
 * const verify = hmacJws([{ secret }], { algorithms: ["HS256"] });
 * verify("e30.e30"); // JwtFault { kind: "compact" }
 */
export function hmacJws(
  keys: readonly JwsKey[],
  { algorithms }: { readonly algorithms: readonly HmacAlgorithm[] },
): VerifyJws {
  const policy = jwsPolicy(keys, algorithms);
  let verify: VerifyJws | undefined;
  return (compact) => {
    verify ??= nativeJws(policy) ?? ((text) => scriptJws(text, policy));
    return verify(compact);
  };
}
