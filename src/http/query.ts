/** Raw values by key index, as a `TextReader` takes them: a string, all repeats, or `undefined` where absent. */
export type RawValues = (string | string[] | undefined)[];

/** What limits a query string. */
export interface QueryLimits {
  /** Keys, repeats counted; default 1,000. */
  readonly keys: number;
  /** UTF-16 units of one value; default 8,192. */
  readonly valueLength: number;
}

/** A query string that breaks a limit: answered 400. */
export class QueryFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** The offset just after `?` in an absolute or relative URL, or -1 where it has no query. */
export function queryStart(url: string): number {
  return url.indexOf("?") + 1 || -1;
}

/** Reads the declared keys of a URL's query in one pass. */
export type QueryReader = (url: string, unknown?: string[]) => RawValues | QueryFault;

/**
 * Makes a reader for declared keys (application/x-www-form-urlencoded, WHATWG URL 5.1): `+` is a space, a key without `=`
 * is the empty string, malformed escapes stay as they are, the last of a repeated scalar wins. Undeclared keys are never decoded
 * into a value; their names go to `unknown` when it is given.
 */
export function queryReader(keys: readonly string[], repeated: readonly boolean[], limits: QueryLimits): QueryReader {
  const index = new Map(keys.map((key, at) => [key, at]));
  const size = keys.length;
  return (url, unknown) => {
    const values: RawValues = new Array(size);
    for (let i = 0; i < size; i++) values[i] = undefined;
    let at = queryStart(url);
    if (at === -1) return values;
    let count = 0;
    const end = url.indexOf("#", at) === -1 ? url.length : url.indexOf("#", at);
    while (at < end) {
      let stop = url.indexOf("&", at);
      if (stop === -1 || stop > end) stop = end;
      if (stop > at) {
        if (++count > limits.keys) return new QueryFault(`More than ${limits.keys} query keys`);
        const equals = url.indexOf("=", at);
        const split = equals === -1 || equals > stop ? stop : equals;
        const name = decodePart(url.slice(at, split));
        const slot = index.get(name);
        if (slot === undefined) unknown?.push(name);
        else {
          const value = split === stop ? "" : decodePart(url.slice(split + 1, stop));
          if (value.length > limits.valueLength) return new QueryFault(`Query parameter "${name}" is longer than ${limits.valueLength}`);
          if (repeated[slot]!) {
            const all = values[slot];
            if (all === undefined) values[slot] = [value];
            else (all as string[]).push(value);
          } else values[slot] = value;
        }
      }
      at = stop + 1;
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
