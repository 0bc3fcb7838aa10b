import { type EntityTag, HeaderFault, parseEntityTags } from "../native/index.ts";
import { parseHttpDate } from "./date.ts";

/** What is known of the representation that would be sent. */
export interface Validators {
  /** Its entity tag as it is sent: quoted, `W/` in front of a weak one. */
  readonly etag: string | undefined;
  /** When it was last modified, in milliseconds since 1970. */
  readonly lastModified: number | undefined;
}

/** `send` it, say that it is `unchanged` (304), or that a precondition has `failed` (412). */
export type Verdict = "send" | "unchanged" | "failed";

/** Judges the preconditions of a request in the order of RFC 9110 13.2.2; an `If-Match` that cannot be read has failed, the others are ignored. */
export function judgePreconditions(request: Request, validators: Validators): Verdict {
  const { headers, method } = request;
  const reads = method === "GET" || method === "HEAD";

  const ifMatch = headers.get("if-match");
  if (ifMatch !== null) {
    if (!lists(ifMatch, validators.etag, false)) return "failed";
  } else if (isLater(validators.lastModified, headers.get("if-unmodified-since"))) return "failed";

  const ifNoneMatch = headers.get("if-none-match");
  if (ifNoneMatch !== null) {
    if (lists(ifNoneMatch, validators.etag, true)) return reads ? "unchanged" : "failed";
  } else if (reads) {
    const since = headers.get("if-modified-since");
    if (since !== null && isLater(validators.lastModified, since) === false) return "unchanged";
  }
  return "send";
}

/**
 * Whether `Range` counts, as far as `If-Range` is concerned (RFC 9110 13.1.5): there is none, or it names this very
 * representation by a strong tag or by an exact date that is over a second old.
 */
export function rangeApplies(request: Request, validators: Validators, now = Date.now()): boolean {
  const ifRange = request.headers.get("if-range");
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return ifRange === validators.etag && !ifRange.startsWith("W/");
  const date = parseHttpDate(ifRange);
  if (date === undefined || validators.lastModified === undefined) return false;
  return date === wholeSeconds(validators.lastModified) && now - validators.lastModified > 1000;
}

/** Whether a list of tags names this one: `weakly`, or only where both are strong (RFC 9110 8.8.3.2). */
function lists(header: string, etag: string | undefined, weakly: boolean): boolean {
  const tags = parseEntityTags(header);
  // The representation exists, so any tag will do (13.1.1, 13.1.2).
  if (tags === "*") return true;
  if (tags instanceof HeaderFault || etag === undefined) return false;
  const weak = etag.startsWith("W/");
  const value = etag.slice(weak ? 3 : 1, -1);
  return tags.some((tag: EntityTag) => tag.value === value && (weakly || (!tag.weak && !weak)));
}

/** Whether it was modified after the date of a header; `undefined` where there is nothing to compare. */
function isLater(lastModified: number | undefined, header: string | null): boolean | undefined {
  if (header === null || lastModified === undefined) return undefined;
  const date = parseHttpDate(header);
  return date === undefined ? undefined : wholeSeconds(lastModified) > date;
}

function wholeSeconds(millis: number): number {
  return Math.floor(millis / 1000) * 1000;
}
