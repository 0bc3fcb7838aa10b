import { openCrossing, RESULTS } from "./crossing.ts";
import { HeaderFault } from "./fault.ts";
import { isToken } from "./grammar.ts";
import { type NativeFunctions, nativeFunctions } from "./library.ts";
import { parseMediaType } from "./media-type.ts";
import { compileNames } from "./names.ts";
import { selectParameterised } from "./negotiate-parameters.ts";
import { MALFORMED, NONE, selectEncoding, selectType } from "./negotiate-script.ts";

/** Chooses for the value of a header; null and undefined stand for an absent one. */
export type Negotiator = (header: string | null | undefined) => string | undefined;

/** An index into the names, their number for identity, `NONE` or `MALFORMED`. */
type Selector = (header: string) => number;

/** Undefined where the library is not in use or there are more names than results. */
function nativeSelector(
  function_: "accept_type" | "accept_encoding",
  names: readonly string[],
  inScript: Selector,
): Selector | undefined {
  const functions: NativeFunctions | undefined = nativeFunctions();
  if (functions === undefined || names.length === 0 || 3 * names.length > RESULTS) return undefined;
  const select = functions[function_];
  const table = compileNames(functions, names);
  const { input, resultsPointer, write } = openCrossing();
  return (header) => (write(header) ? select(input, header.length, table.pointer, resultsPointer) : inScript(header));
}

export const scriptTypeSelector =
  (names: readonly string[]): Selector =>
  (header) =>
    selectType(header, names);

export const nativeTypeSelector = (names: readonly string[]): Selector | undefined =>
  nativeSelector("accept_type", names, scriptTypeSelector(names));

export const scriptEncodingSelector =
  (names: readonly string[]): Selector =>
  (header) =>
    selectEncoding(header, names);

export const nativeEncodingSelector = (names: readonly string[]): Selector | undefined =>
  nativeSelector("accept_encoding", names, scriptEncodingSelector(names));

/** The library is asked for at the first header, not when a route is declared. It wins at every length (`bun run bench:native`). */
function selectorOf(inScript: Selector, native: () => Selector | undefined): Selector {
  let select: Selector | undefined;
  return (header) => {
    select ??= native() ?? inScript;
    return select(header);
  };
}

/**
 * Compiles the choice among the media types that a route offers, for the value of `Accept` (RFC 9110 12.5.1).
 *
 * The highest weight wins, then the type that the client named most specifically, then the client's order, then the order
 * of `offered`. An absent, empty or malformed header takes the first; undefined means that nothing is acceptable (406).
 * An offered string that is no media type throws a `TypeError`.
 *
 * @example
 * const choose = typeNegotiator(["application/json", "text/html"]);
 * choose("text/html, *\/*;q=0.1"); // "text/html"
 * choose("image/png");            // undefined
 */
export function typeNegotiator(offered: readonly string[]): Negotiator {
  const answers = [...offered];
  const types = answers.map((each) => {
    const type = parseMediaType(each);
    if (type instanceof HeaderFault) throw new TypeError(`${JSON.stringify(each)} is not a media type`);
    return type;
  });
  const names = types.map(({ type, subtype }) => `${type}/${subtype}`);
  const select = types.some(({ parameters }) => Object.keys(parameters).length > 0)
    ? (header: string): number => selectParameterised(header, types)
    : selectorOf(scriptTypeSelector(names), () => nativeTypeSelector(names));
  return (header) => {
    const choice = header === null || header === undefined ? MALFORMED : select(header);
    return choice === NONE ? undefined : answers[Math.max(choice, 0)];
  };
}

/**
 * Compiles the choice among the content codings that a server can apply, for the value of `Accept-Encoding` (RFC 9110 12.5.3).
 *
 * The highest weight wins, then the order of `supported`. `"identity"` is the answer where no coding is wanted: an absent,
 * empty or malformed header, or one that names none of them. Undefined means that the client refuses identity too.
 * A string that is no token throws a `TypeError`.
 *
 * @example
 * const choose = encodingNegotiator(["zstd", "br", "gzip"]);
 * choose("gzip, br;q=0.9"); // "gzip"
 * choose("deflate");        // "identity"
 */
export function encodingNegotiator(supported: readonly string[]): Negotiator {
  const names = supported.map((each) => {
    if (!isToken(each)) throw new TypeError(`${JSON.stringify(each)} cannot be the name of a content coding`);
    return each.toLowerCase();
  });
  const select = selectorOf(scriptEncodingSelector(names), () => nativeEncodingSelector(names));
  return (header) => {
    const choice = header === null || header === undefined ? MALFORMED : select(header);
    return choice === NONE ? undefined : (names[choice] ?? "identity");
  };
}

/**
 * Chooses among media types once; `typeNegotiator` has the rules and is the one to keep for a list that does not change.
 *
 * @example
 * negotiateType("text/*", ["application/json", "text/html"]); // "text/html"
 */
export function negotiateType(header: string | null | undefined, offered: readonly string[]): string | undefined {
  return typeNegotiator(offered)(header);
}

/**
 * Chooses among content codings once; `encodingNegotiator` has the rules and is the one to keep for a list that does not change.
 *
 * @example
 * negotiateEncoding("br", ["br", "gzip"]); // "br"
 */
export function negotiateEncoding(header: string | null | undefined, supported: readonly string[]): string | undefined {
  return encodingNegotiator(supported)(header);
}
