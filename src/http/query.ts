/** Raw values by key index, as a `TextReader` takes them: a string, all repeats, or `undefined` where absent. */
export type RawValues = (string | string[] | undefined)[];

/** What limits a query string. */
export interface QueryLimits {
  /** Keys, repeats counted; default 1,000. */
  readonly keys: number;
  /** UTF-16 units of one value as sent; default 8,192. */
  readonly valueLength: number;
}

/** A query string that breaks a limit: answered 400. */
export class QueryFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Reads the declared keys of a URL's query in one pass. */
export type QueryReader = (url: string, unknown?: string[]) => RawValues | QueryFault;

/**
 * Makes a reader for declared keys (application/x-www-form-urlencoded, WHATWG URL 5.1): `+` is a space, a key without `=`
 * is the empty string, the last of a repeated scalar wins. What is not declared is never decoded; its names go to `unknown` when given.
 */
export function queryReader(keys: readonly string[], repeated: readonly boolean[], limits: QueryLimits): QueryReader {
  const size = keys.length;
  const starts = keys.map((key) => `${key}=`);
  const places = new Map(keys.map((key, at) => [key, at]));

  /** The index of the key that a pair at `from` spells as declared, or -1: a comparison in place makes no string. */
  const spelled = (url: string, from: number, expected: number): number => {
    for (let tried = 0, at = expected; tried < size; tried++, at = at + 1 === size ? 0 : at + 1) {
      if (url.startsWith(starts[at]!, from)) return at;
    }
    return -1;
  };

  return (url, unknown) => {
    const values: RawValues = new Array(size).fill(undefined);
    let from = url.indexOf("?") + 1;
    if (from === 0) return values;
    const fragment = url.indexOf("#", from);
    const end = fragment === -1 ? url.length : fragment;
    let expected = 0;
    for (let count = 1; from < end; count++) {
      let to = url.indexOf("&", from);
      if (to === -1 || to > end) to = end;
      if (count > limits.keys) return new QueryFault(`More than ${limits.keys} query keys`);
      let at = spelled(url, from, expected);
      let value: string | undefined;
      if (at !== -1) value = url.slice(from + starts[at]!.length, to);
      else if (to > from) {
        const equals = url.indexOf("=", from);
        const split = equals === -1 || equals > to ? to : equals;
        const name = decodePart(url.slice(from, split));
        at = places.get(name) ?? -1;
        if (at === -1) unknown?.push(name);
        else value = split === to ? "" : url.slice(split + 1, to);
      }
      if (value !== undefined) {
        if (value.length > limits.valueLength)
          return new QueryFault(`Query parameter "${keys[at]!}" is longer than ${limits.valueLength}`);
        value = decodePart(value);
        if (repeated[at]!) {
          const all = values[at];
          if (all === undefined) values[at] = [value];
          else (all as string[]).push(value);
        } else values[at] = value;
        expected = at + 1 === size ? 0 : at + 1;
      }
      from = to + 1;
    }
    return values;
  };
}

/** Decodes one name or value; a malformed escape leaves it to the lenient decoder of WHATWG URL 1.3. */
export function decodePart(part: string): string {
  const plus = part.includes("+");
  if (!plus && !part.includes("%")) return part;
  const spaced = plus ? part.replaceAll("+", " ") : part;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return new URLSearchParams(`v=${part}`).get("v") ?? part;
  }
}
