import { isDate, isDateTime, isTime } from "./instant.ts";
import { isEmail, isHostname, isIpv4, isIpv6 } from "./address.ts";
import { isCountryCode, isCurrencyCode, isLanguageTag, isTimeZone } from "./codes.ts";

/** `8-4-4-4-12` hexadecimal digits (RFC 9562), any version. */
function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let index = 0; index < 36; index++) {
    const code = text.charCodeAt(index);
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (code !== 45) return false;
    } else if (!isHex(code)) return false;
  }
  return true;
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

/** An absolute URI of the characters of RFC 3986 that the WHATWG parser can read. */
function isUri(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code <= 32 || code >= 127 || uriForbidden.has(code)) return false;
    if (code === 37 && !(isHex(text.charCodeAt(index + 1)) && isHex(text.charCodeAt(index + 2)))) return false;
  }
  return URL.canParse(text);
}

/** `" < > \ ^ ` { | }`: in no production of RFC 3986. */
const uriForbidden = new Set(Array.from('"<>\\^`{|}', (character) => character.charCodeAt(0)));

/** ISO 8601 duration as RFC 3339 appendix A spells it. Each part is optional and ends in its own letter: linear. */
const duration = /^P(?!$)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?!$)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;

/** The string formats that every `Validators` knows; each runs in time linear in the text. */
export const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", isDate],
  ["time", isTime],
  ["date-time", isDateTime],
  ["duration", (text: string) => duration.test(text)],
  ["email", isEmail],
  ["hostname", isHostname],
  ["ipv4", isIpv4],
  ["ipv6", isIpv6],
  ["ip", (text: string) => isIpv4(text) || isIpv6(text)],
  ["uri", isUri],
  ["url", isUri],
  ["uuid", isUuid],
  ["country-code", isCountryCode],
  ["currency-code", isCurrencyCode],
  ["language-tag", isLanguageTag],
  ["time-zone", isTimeZone],
  // A hint for whoever shows a form (OpenAPI Format Registry): any text is one.
  ["password", () => true],
]);
