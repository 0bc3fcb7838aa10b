import type { BodyParser } from "./multipart-form.ts";
import { decodeUtf8 } from "./multipart-form.ts";
import type { Files } from "./files.ts";
import { Pieces } from "./pieces.ts";
import type { Texts } from "./texts.ts";

/** Pairs at most, as many as a query has keys. */
export const MOST_PAIRS = 1_000;
const AMPERSAND = 38;
const EQUALS = 61;
const PERCENT = 37;

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL 5.1) into its texts: `+` is a space, a pair without `=` has the empty
 * text, an escape that is none is itself. Keeps no more of it than one pair.
 */
export function urlencodedForm(into: { readonly texts: Texts; readonly files: Files }, longest: number): BodyParser {
  const { texts, files } = into;
  // A byte takes three when it is escaped, and there is a name beside it.
  const most = 3 * longest + 1_024;
  const pair = new Pieces();
  let cut = false;
  let pairs = 0;

  const add = (bytes: Uint8Array): void => {
    const room = most - pair.size;
    if (bytes.length > room) cut = true;
    if (room > 0 && bytes.length > 0) pair.add(bytes.subarray(0, room));
  };

  const close = (): void => {
    const bytes = pair.bytes();
    if (bytes.length > 0) {
      pairs += 1;
      const equals = bytes.indexOf(EQUALS);
      const name = decodeComponent(equals === -1 ? bytes : bytes.subarray(0, equals)) ?? "\uFFFD";
      take(name, equals === -1 ? bytes.subarray(bytes.length) : bytes.subarray(equals + 1));
    }
    pair.clear();
    cut = false;
  };

  const take = (name: string, bytes: Uint8Array): void => {
    if (files.rules(name) !== undefined) return files.refuseText(name, bytes.length);
    if (!texts.declares(name)) return texts.ignore(name);
    const text = decodeComponent(bytes);
    if (cut || (bytes.length > longest && text !== undefined && Buffer.byteLength(text) > longest)) {
      texts.refuse(name, "too long");
    } else if (text === undefined) texts.refuse(name, "not UTF-8");
    else texts.take(name, text);
  };

  return {
    write(chunk) {
      let from = 0;
      for (let to = chunk.indexOf(AMPERSAND); to !== -1; to = chunk.indexOf(AMPERSAND, from)) {
        add(chunk.subarray(from, to));
        close();
        from = to + 1;
        if (pairs > MOST_PAIRS) return TOO_MANY_PAIRS;
      }
      add(chunk.subarray(from));
      return undefined;
    },
    end() {
      close();
      return pairs > MOST_PAIRS ? TOO_MANY_PAIRS : undefined;
    },
  };
}

const TOO_MANY_PAIRS = {
  loc: ["body"],
  msg: `Expected at most ${MOST_PAIRS} fields`,
  type: "too_many_parts",
  ctx: { max_parts: MOST_PAIRS },
} as const;

/** Decodes a name or a value; undefined where its bytes are no UTF-8. */
function decodeComponent(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes)?.replaceAll("+", " ");
  if (text === undefined || !bytes.includes(PERCENT)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // An escape that is none, or bytes that are no UTF-8: told apart by decoding the escapes alone.
    const latin1 = Buffer.from(text).toString("latin1");
    const plain = latin1.replace(/%([\dA-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return decodeUtf8(Buffer.from(plain, "latin1"));
  }
}
