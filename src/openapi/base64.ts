/**
 * A pattern for the base64 (RFC 4648 section 4, padded) of `minimum` to `maximum` bytes: JSON Schema has no keyword that counts bytes.
 *
 * Three bytes are four digits; one or two that are left over are padded.
 *
 * @example
 * base64Pattern(2, 2); // "^(?:[A-Za-z0-9+/]{3}=)$"
 */
export function base64Pattern(minimum: number, maximum: number | undefined): string {
  const most = maximum ?? Infinity;
  const ends = ["", `${DIGIT}{2}==`, `${DIGIT}{3}=`].flatMap((end, left) => {
    const [from, to] = [Math.max(0, Math.ceil((minimum - left) / 3)), Math.floor((most - left) / 3)];
    return to < from ? [] : [groups(from, to) + end];
  });
  return `^(?:${ends.join("|")})$`;
}

const DIGIT = "[A-Za-z0-9+/]";

function groups(from: number, to: number): string {
  if (to === 0) return "";
  if (from === 0 && to === Infinity) return `(?:${DIGIT}{4})*`;
  return `(?:${DIGIT}{4}){${from === to ? from : `${from},${to === Infinity ? "" : to}`}}`;
}
