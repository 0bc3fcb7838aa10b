export { parseAccept, parseAcceptEncoding, type AcceptedEncoding, type AcceptedType } from "./accept.ts";
export { parseAuthorization } from "./authorization.ts";
export type { Authorization } from "./credentials.ts";
export { buckets } from "./buckets.ts";
export {
  areBuckets,
  type BucketRate,
  BUCKETS_BYTES,
  BUCKETS_HEADER,
  bucketsMatterUntil,
  keepBuckets,
  newBuckets,
  type TakeBucket,
} from "./buckets-script.ts";
export { cookieFault, cookieReader, type CookieReader } from "./cookies.ts";
export { parseCookies } from "./cookies-script.ts";
export { parseEntityTags, type EntityTag } from "./entity-tags.ts";
export { HeaderFault, type HeaderFaultKind } from "./fault.ts";
export type { HmacAlgorithm, HmacKey } from "./hmac.ts";
export { hmacJws, type JwsKey } from "./hmac-jws.ts";
export { hmacVerifier, type HmacVerifier, type HmacVerifierOptions } from "./jwt.ts";
export { decodeBase64url } from "./jwt-base64url.ts";
export { strictObject, strictText } from "./jwt-json.ts";
export { JwtFault, type JwtFaultKind } from "./jwt-fault.ts";
export { nativeStatus, type NativeStatus } from "./library.ts";
export { parseMediaType, type MediaType } from "./media-type.ts";
export { encodingNegotiator, negotiateEncoding, negotiateType, typeNegotiator, type Negotiator } from "./negotiate.ts";
export { parseRange, type ByteRange } from "./range.ts";
