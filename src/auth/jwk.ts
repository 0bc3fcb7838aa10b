/** A JSON Web Key (RFC 7517); what it holds beyond these is not looked at. */
export interface Jwk {
  readonly kty?: string | undefined;
  readonly kid?: string | undefined;
  readonly alg?: string | undefined;
  readonly use?: string | undefined;
  readonly key_ops?: readonly string[] | undefined;
  readonly k?: string | undefined;
  readonly n?: string | undefined;
  readonly e?: string | undefined;
  readonly crv?: string | undefined;
  readonly x?: string | undefined;
  readonly y?: string | undefined;
}

/** A private JSON Web Key (RFC 7518 6.2.2, 6.3.2; RFC 8037 2). */
export interface PrivateJwk extends Jwk {
  readonly d?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
}

export function isJwk(source: unknown): source is Jwk {
  return typeof source === "object" && source !== null && typeof (source as Jwk).kty === "string";
}
