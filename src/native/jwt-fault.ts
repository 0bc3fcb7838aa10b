const KINDS = [
  "scheme",
  "compact",
  "base64",
  "header",
  "algorithm",
  "crit",
  "typ",
  "kid",
  "signature",
  "claims",
  "exp",
  "nbf",
  "iat",
  "iss",
  "aud",
  "too_long",
] as const;

/** What is wrong with a token: the first thing, in the order in which `hmacVerifier` looks. */
export type JwtFaultKind = (typeof KINDS)[number];

/**
 * Says why a token is refused. A value, not an exception, and one per kind: it holds nothing of the token.
 *
 * @example
 * const result = verify("Basic dXNlcjpwYXNz");
 * if (result instanceof JwtFault) console.log(result.kind); // scheme
 */
export class JwtFault {
  readonly kind: JwtFaultKind;

  constructor(kind: JwtFaultKind) {
    this.kind = kind;
  }
}

const FAULTS = /* @__PURE__ */ KINDS.map((kind) => Object.freeze(new JwtFault(kind)));

const BY_KIND = /* @__PURE__ */ Object.fromEntries(FAULTS.map((fault) => [fault.kind, fault])) as Readonly<
  Record<JwtFaultKind, JwtFault>
>;

export const jwtFault = (kind: JwtFaultKind): JwtFault => BY_KIND[kind];

/** `Fault.Undecided` in native/jose.zig: not a fault, but a number that only TypeScript reads. */
export const UNDECIDED = -1 - KINDS.length;

/** Turns a status below zero of the library, other than `UNDECIDED`, into a fault. */
export function nativeJwtFault(status: number): JwtFault {
  const fault = FAULTS[-status - 1];
  if (fault === undefined) throw new RangeError(`The native library answered with the unknown status ${status}`);
  return fault;
}
