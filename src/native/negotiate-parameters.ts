import { type AcceptedType, parseAccept } from "./accept.ts";
import { HeaderFault } from "./fault.ts";
import type { MediaType } from "./media-type.ts";
import { MALFORMED, NONE } from "./negotiate-script.ts";

/** How specifically a range names an offered type (RFC 9110 12.5.1), or -1 when it does not. */
function specificity(range: AcceptedType, offered: MediaType): number {
  if (range.type !== "*" && range.type !== offered.type) return -1;
  if (range.subtype !== "*" && range.subtype !== offered.subtype) return -1;
  const parameters = Object.entries(range.parameters);
  if (parameters.some(([name, value]) => offered.parameters[name]?.toLowerCase() !== value.toLowerCase())) return -1;
  return parameters.length * 3 + (range.type === "*" ? 0 : range.subtype === "*" ? 1 : 2);
}

/**
 * Chooses among media types of which some have parameters: rare, so it is written on top of `parseAccept`.
 * The order of preference is that of native/accept.zig.
 */
export function selectParameterised(header: string, offered: readonly MediaType[]): number {
  const ranges = parseAccept(header);
  if (ranges instanceof HeaderFault) return MALFORMED;
  if (ranges.length === 0) return 0;
  const candidates = offered.map((type, index) => {
    // Of ranges that are equally specific, `parseAccept` puts the better one first.
    const standing = { index, position: 0, specificity: -1, quality: 0 };
    for (const [position, range] of ranges.entries()) {
      const degree = specificity(range, type);
      if (degree > standing.specificity)
        Object.assign(standing, { position, specificity: degree, quality: range.quality });
    }
    return standing;
  });
  const [best] = candidates
    .filter(({ quality }) => quality > 0)
    .sort(
      (left, right) =>
        right.quality - left.quality || right.specificity - left.specificity || left.position - right.position,
    );
  return best?.index ?? NONE;
}
