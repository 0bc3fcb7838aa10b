import type { HmacAlgorithm } from "../../src/native/hmac.ts";
import { jwsPolicy, nativeJws } from "../../src/native/hmac-jws.ts";
import { JwtFault } from "../../src/native/index.ts";
import { type HmacVerifierOptions, jwtPolicy, nativeVerifier, scriptVerifier } from "../../src/native/jwt.ts";
import { scriptJws } from "../../src/native/jwt-script.ts";
import { bothWays, type Way } from "./ways.ts";

/** The time at which all tokens of the tests are verified, in seconds. */
export const NOW = 1_700_000_000;

const HASHES = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;

export const secretOf = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(64, text));

export const base64url = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url");

/** A token with this header and payload, as they stand, signed by the secret. */
export function sign(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  secret: Uint8Array,
  algorithm: HmacAlgorithm = "HS256",
): string {
  const message = `${base64url(header)}.${base64url(payload)}`;
  return `${message}.${new Bun.CryptoHasher(HASHES[algorithm], secret).update(message).digest("base64url")}`;
}

/** What a verifier says: the claims or the payload as text, or the kind of the fault. */
type Answer = (value: string) => string;

const told = (result: string | Uint8Array | JwtFault): string => {
  if (result instanceof JwtFault) return result.kind;
  return typeof result === "string" ? result : new TextDecoder("utf-8", { fatal: true }).decode(result);
};

function allWays<Verify extends (value: string) => string | Uint8Array | JwtFault>(
  script: Verify,
  native: (isPortable: boolean) => Verify | undefined,
): readonly { readonly way: string; readonly run: Answer }[] {
  const ways: readonly Way<Verify>[] = bothWays(script, native(false));
  const portable = native(true);
  return [...ways, ...(portable === undefined ? [] : [{ way: "Zig without SHA instructions", run: portable }])].map(
    ({ way, run }) => ({ way, run: (value) => told(run(value)) }),
  );
}

/** Every way to verify a JWT by these options, at `NOW`. */
export function jwtWays(
  options: Partial<HmacVerifierOptions> & Pick<HmacVerifierOptions, "keys">,
): readonly { readonly way: string; readonly run: Answer }[] {
  const policy = jwtPolicy({ requireExp: false, ...options });
  const leeway = options.leeway ?? 0;
  const clock = { expiresAfter: NOW - leeway, beginsBy: NOW + leeway };
  const script = scriptVerifier(policy);
  return allWays(
    (value: string) => script(value, clock),
    (isPortable) => {
      const native = nativeVerifier(policy, isPortable);
      return native && ((value) => native(value, clock));
    },
  );
}

/** Every way to verify a JWS by these keys. */
export function jwsWays(
  keys: Parameters<typeof jwsPolicy>[0],
  algorithms: readonly HmacAlgorithm[] = ["HS256", "HS384", "HS512"],
): readonly { readonly way: string; readonly run: Answer }[] {
  const policy = jwsPolicy(keys, algorithms);
  return allWays(
    (compact: string) => scriptJws(compact, policy),
    (isPortable) => nativeJws(policy, isPortable),
  );
}
