function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** A host name of RFC 1123 section 2.1: labels of 1 to 63 letters, digits and inner hyphens, 253 in all. */
export function isHostname(text: string): boolean {
  return isHostnameFrom(text, 0);
}

function isHostnameFrom(text: string, from: number): boolean {
  if (text.length === from || text.length - from > 253) return false;
  let label = from;
  for (let index = from; index <= text.length; index++) {
    const code = index === text.length ? 46 : text.charCodeAt(index);
    if (code === 46) {
      if (index === label || index - label > 63 || text.charCodeAt(index - 1) === 45) return false;
      label = index + 1;
    } else if (code === 45 ? index === label : !isAlphanumeric(code)) return false;
  }
  return true;
}

/** The characters of RFC 5322 `atext` that are neither letters nor digits. */
const atext = new Set(Array.from("!#$%&'*+-/=?^_`{|}~", (character) => character.charCodeAt(0)));

/**
 * A mailbox as RFC 5321 section 4.1.2 writes it, without quoted local parts and address literals: a dot-atom of at
 * most 64 characters, `@`, a host name with a dot in it. 254 characters in all.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  let afterDot = true;
  for (let index = 0; index < at; index++) {
    const code = text.charCodeAt(index);
    if (code === 46 && afterDot) return false;
    if (code !== 46 && !isAlphanumeric(code) && !atext.has(code)) return false;
    afterDot = code === 46;
  }
  return !afterDot && text.includes(".", at) && isHostnameFrom(text, at + 1);
}

/** Four decimal octets without leading zeros (RFC 3986 section 3.2.2, `IPv4address`). */
export function isIpv4(text: string): boolean {
  if (text.length > 15) return false;
  const octets = text.split(".");
  return octets.length === 4 && octets.every(isOctet);
}

function isOctet(text: string): boolean {
  if (text.length === 0 || text.length > 3 || (text.length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return Number(text) < 256;
}

/** An IPv6 address of RFC 4291 section 2.2, all three forms, without a zone. */
export function isIpv6(text: string): boolean {
  if (text.length < 2 || text.length > 45) return false;
  const gap = text.indexOf("::");
  if (gap < 0) return groups(text) === 8;
  if (text.indexOf("::", gap + 1) >= 0) return false;
  const head = gap === 0 ? 0 : groups(text.slice(0, gap), true);
  const tail = gap + 2 === text.length ? 0 : groups(text.slice(gap + 2));
  return head >= 0 && tail >= 0 && head + tail < 8;
}

/** How many 16-bit groups the text writes (a trailing IPv4 address is two), or a negative number. */
function groups(text: string, hexOnly = false): number {
  const parts = text.split(":");
  const last = parts.at(-1) as string;
  const dotted = !hexOnly && last.includes(".");
  if (dotted && !isIpv4(last)) return -9;
  const hex = dotted ? parts.slice(0, -1) : parts;
  return hex.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part)) ? hex.length + (dotted ? 2 : 0) : -9;
}
