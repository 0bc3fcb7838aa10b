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
import { thousandths } from "./negotiate-script.ts";
import { type MediaType, essenceAt, NO_PARAMETERS } from "./media-type.ts";

/** A media range of `Accept` with its weight from 0 to 1. `*` stands for any type or subtype. */
export interface AcceptedType extends MediaType {
  readonly quality: number;
}

/** A content coding of `Accept-Encoding` with its weight from 0 to 1. `*` stands for any that is not named. */
export interface AcceptedEncoding {
  readonly coding: string;
  readonly quality: number;
}

const COMMA = 44;

interface Tail {
  readonly end: number;
  readonly quality: number;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What `readParameter` fills, for all calls. */
const parameter: Parameter = { name: "", start: 0, end: 0 };

/** Reads parameters and weight; what follows the weight (accept-ext of RFC 7231) is checked and dropped. */
function tailAt(text: string, from: number): Tail | HeaderFault {
  if (from === text.length || text.charCodeAt(from) === COMMA) {
    return { end: from, quality: 1000, parameters: NO_PARAMETERS };
  }
  let quality: number | undefined;
  let parameters: Record<string, string> | undefined;
  let at = skipBlanks(text, from);
  while (startsParameter(text, at)) {
    const end = readParameter(text, at, parameter);
    if (typeof end !== "number") return end;
    if (quality === undefined && parameter.name === "q") {
      quality = thousandths(text, parameter.start, parameter.end);
      if (quality < 0) return new HeaderFault("invalid-quality", parameter.start);
    } else if (quality === undefined && parameter.name !== "") {
      parameters ??= Object.create(null) as Record<string, string>;
      parameters[parameter.name] ??= unquote(text.slice(parameter.start, parameter.end));
    }
    at = end;
  }
  if (at < text.length && text.charCodeAt(at) !== COMMA) return new HeaderFault("invalid-character", at);
  return { end: at, quality: quality ?? 1000, parameters: parameters ?? NO_PARAMETERS };
}

/** Calls `element` where each non-empty list element begins; it returns the offset behind its element. */
function eachElement(text: string, element: (from: number) => number | HeaderFault): HeaderFault | undefined {
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    if (text.charCodeAt(at) === COMMA) {
      at = skipBlanks(text, at + 1);
      continue;
    }
    const end = element(at);
    if (typeof end !== "number") return end;
    at = end;
  }
  return undefined;
}

/**
 * Reads `Accept` (RFC 9110 12.5.1), the best first: by weight, then by position.
 *
 * Types and parameter names come in lower case. An empty header is an empty list. Answers a `HeaderFault` where the
 * header leaves the grammar.
 *
 * @example
 * parseAccept("text/html;q=0.5, application/json").map((each) => each.subtype); // ["json", "html"]
 */
export function parseAccept(header: string): readonly AcceptedType[] | HeaderFault {
  const types: AcceptedType[] = [];
  const fault = eachElement(header, (from) => {
    const essence = essenceAt(header, from);
    if (essence instanceof HeaderFault) return essence;
    const tail = tailAt(header, essence.end);
    if (tail instanceof HeaderFault) return tail;
    types.push({
      type: lowerSlice(header, from, essence.slash),
      subtype: lowerSlice(header, essence.slash + 1, essence.end),
      parameters: tail.parameters,
      quality: tail.quality / 1000,
    });
    return tail.end;
  });
  return fault ?? types.sort((left, right) => right.quality - left.quality);
}

/**
 * Reads `Accept-Encoding` (RFC 9110 12.5.3), the best first: by weight, then by position.
 *
 * Codings come in lower case. An empty header is an empty list. Answers a `HeaderFault` where the header leaves the grammar.
 *
 * @example
 * parseAcceptEncoding("gzip;q=0.8, br"); // [{ coding: "br", quality: 1 }, { coding: "gzip", quality: 0.8 }]
 */
export function parseAcceptEncoding(header: string): readonly AcceptedEncoding[] | HeaderFault {
  const codings: AcceptedEncoding[] = [];
  const fault = eachElement(header, (from) => {
    const end = tokenEnd(header, from);
    if (end === from) return new HeaderFault("expected-token", from);
    const tail = tailAt(header, end);
    if (tail instanceof HeaderFault) return tail;
    if (tail.parameters !== NO_PARAMETERS) return new HeaderFault("invalid-character", skipBlanks(header, end));
    codings.push({ coding: lowerSlice(header, from, end), quality: tail.quality / 1000 });
    return tail.end;
  });
  return fault ?? codings.sort((left, right) => right.quality - left.quality);
}
