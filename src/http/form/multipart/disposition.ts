import { MultipartFault } from "./boundary.ts";

/** What a part's `Content-Disposition` says. */
export interface FormData {
  readonly name: string;
  /** As it was sent; undefined for a text field. */
  readonly filename: string | undefined;
}

const FORM_DATA = /^form-data[ \t]*(?=;|$)/i;
const PARAMETER = /;[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*/y;
const TOKEN = /[^\s;"]+/y;
const BLANK = /[ \t]*/y;
/** After a quote that ends a value comes the next parameter, or nothing. */
const END = /[ \t]*(?:;|$)/y;

/**
 * Reads `form-data; name="…"; filename="…"` (RFC 7578 4.2) as browsers write it (WHATWG HTML, multipart form data): `%22`, `%0D` and `%0A`
 * are the only escapes, and a backslash is itself. `\"` is a quote where more of the value follows, as older curl writes it.
 * `filename*` (RFC 8187), which RFC 7578 forbids and older Python sends, counts where no `filename` is given.
 */
export function parseFormData(value: string): FormData | MultipartFault {
  const head = FORM_DATA.exec(value)?.[0];
  if (head === undefined) return new MultipartFault("a part is not form-data");
  const found = new Map<string, string>();
  let at = head.length;
  while (at < value.length) {
    PARAMETER.lastIndex = at;
    const name = PARAMETER.exec(value)?.[1]?.toLowerCase();
    if (name === undefined) {
      // A semicolon at the end is harmless, and sent by some.
      if (/^;?[ \t]*$/.test(value.slice(at))) break;
      return new MultipartFault("a Content-Disposition is malformed");
    }
    const [text, end] = valueAt(value, PARAMETER.lastIndex);
    if (text === undefined) return new MultipartFault("a Content-Disposition is malformed");
    if (found.has(name)) return new MultipartFault(`a Content-Disposition has two parameters ${name}`);
    found.set(name, text);
    BLANK.lastIndex = end;
    BLANK.test(value);
    at = BLANK.lastIndex;
  }
  const name = found.get("name");
  if (name === undefined) return new MultipartFault("a part has no name");
  const extended = found.get("filename*");
  if (found.has("filename") || extended === undefined) return { name, filename: found.get("filename") };
  const filename = decodeExtended(extended);
  return filename === undefined ? new MultipartFault("a filename* is malformed") : { name, filename };
}

/** The value at an offset, and where it ends; undefined where it is none. */
function valueAt(value: string, from: number): readonly [text: string | undefined, end: number] {
  if (value[from] !== '"') {
    TOKEN.lastIndex = from;
    const token = TOKEN.exec(value)?.[0];
    return [token, TOKEN.lastIndex];
  }
  let quote = from + 1;
  for (;;) {
    quote = value.indexOf('"', quote);
    if (quote === -1) return [undefined, from];
    if (value[quote - 1] !== "\\" || endsAt(value, quote + 1)) break;
    quote += 1;
  }
  const raw = value.slice(from + 1, quote);
  return [unescape(raw), quote + 1];
}

function endsAt(value: string, from: number): boolean {
  END.lastIndex = from;
  return END.test(value);
}

const ESCAPES: Readonly<Record<string, string>> = { "%22": '"', "%0D": "\r", "%0A": "\n" };

function unescape(raw: string): string {
  const unquoted = raw.includes('\\"') ? raw.replaceAll('\\"', '"') : raw;
  return unquoted.includes("%")
    ? unquoted.replace(/%(?:22|0D|0A)/gi, (escape) => ESCAPES[escape.toUpperCase()]!)
    : unquoted;
}

/** `UTF-8'en'na%C3%AFve.txt` of RFC 8187 3.2; only UTF-8, as everywhere since. */
function decodeExtended(value: string): string | undefined {
  const encoded = /^utf-8'[\w-]*'(.*)$/i.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
