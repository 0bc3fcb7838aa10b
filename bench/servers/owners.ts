import { caller, callerKey, otherKeys } from "../credentials.ts";

/** Whose the API keys are, by the SHA-256 of the key: what a peer's own hook looks them up by. */
export function ownersBy(hash: (key: string) => string): ReadonlyMap<string, typeof caller> {
  const others = otherKeys.map((key, at) => [hash(key), { ...caller, sub: `other-${at}` }] as const);
  return new Map([[hash(callerKey), caller], ...others]);
}
