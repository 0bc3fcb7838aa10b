import { HeaderFault } from "./fault.ts";
import {
  lowerSlice,
  type Parameter,
  readParameter,
  skipBlanks,
  startsParameter,
  tokenEnd,
  unquote,
} from "./grammar.ts";

/** A media type with its parameters, names in lower case, values as they were meant. */
export interface MediaType {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export const NO_PARAMETERS: Readonly<Record<string, string>> = /* @__PURE__ */ Object.freeze(Object.create(null));

const SLASH = 47;

/** The offset of the slash and of the end of `type "/" subtype` at `from`. */
export function essenceAt(text: string, from: number): { slash: number; end: number } | HeaderFault {
  const slash = tokenEnd(text, from);
  if (slash === from) return new HeaderFault("expected-token", from);
  if (text.charCodeAt(slash) !== SLASH) return new HeaderFault("expected-slash", slash);
  const end = tokenEnd(text, slash + 1);
  return end === slash + 1 ? new HeaderFault("expected-token", end) : { slash, end };
}

/**
 * Reads a media type such as the value of `Content-Type` (RFC 9110 8.3.1).
 *
 * Type, subtype and parameter names come in lower case, quoted values without their quotes. Of a repeated parameter
 * the first counts. Answers a `HeaderFault` where the header leaves the grammar.
 *
 * @example
 * parseMediaType('Text/HTML; Charset="utf-8"');
 * // { type: "text", subtype: "html", parameters: { charset: "utf-8" } }
 */
export function parseMediaType(value: string): MediaType | HeaderFault {
  const essence = essenceAt(value, 0);
  if (essence instanceof HeaderFault) return essence;
  const type = lowerSlice(value, 0, essence.slash);
  const subtype = lowerSlice(value, essence.slash + 1, essence.end);
  if (essence.end === value.length) return { type, subtype, parameters: NO_PARAMETERS };
  const parameters: Record<string, string> = Object.create(null);
  const parameter: Parameter = { name: "", start: 0, end: 0 };
  let at = skipBlanks(value, essence.end);
  while (startsParameter(value, at)) {
    const end = readParameter(value, at, parameter);
    if (typeof end !== "number") return end;
    if (parameter.name !== "") parameters[parameter.name] ??= unquote(value.slice(parameter.start, parameter.end));
    at = end;
  }
  return at === value.length ? { type, subtype, parameters } : new HeaderFault("invalid-character", at);
}
