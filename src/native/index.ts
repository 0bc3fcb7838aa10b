export { parseAccept, parseAcceptEncoding, type AcceptedEncoding, type AcceptedType } from "./accept.ts";
export { parseAuthorization } from "./authorization.ts";
export type { Authorization } from "./credentials.ts";
export { cookieFault, cookieReader, type CookieReader } from "./cookies.ts";
export { parseCookies } from "./cookies-script.ts";
export { parseEntityTags, type EntityTag } from "./entity-tags.ts";
export { HeaderFault, type HeaderFaultKind } from "./fault.ts";
export { nativeStatus, type NativeStatus } from "./library.ts";
export { parseMediaType, type MediaType } from "./media-type.ts";
export {
  encodingNegotiator,
  negotiateEncoding,
  negotiateType,
  typeNegotiator,
  type Negotiator,
} from "./negotiate.ts";
export { parseRange, type ByteRange } from "./range.ts";
