import { HeaderFault } from "./fault.ts";
import { skipBlanks } from "./grammar.ts";

/** An entity-tag without its quotes (RFC 9110 8.8.3). */
export interface EntityTag {
  readonly value: string;
  readonly weak: boolean;
}

const QUOTE = 34;
const COMMA = 44;

/** etagc is %x21 / %x23-7E / obs-text: no blanks, no controls, no quote. */
const isTagCharacter = (code: number): boolean => code > 32 && code !== 127 && code < 256;

/**
 * Reads `If-Match` and `If-None-Match` (RFC 9110 13.1): `"*"`, or the list of tags in the order of the header.
 *
 * Empty list elements are skipped (RFC 9110 5.6.1.2). Answers a `HeaderFault` where the header leaves the grammar; a
 * list without a tag is one of kind `empty-list`.
 *
 * @example
 * parseEntityTags('W/"a", "b"'); // [{ value: "a", weak: true }, { value: "b", weak: false }]
 */
export function parseEntityTags(value: string): "*" | readonly EntityTag[] | HeaderFault {
  if (value === "*") return "*";
  const tags: EntityTag[] = [];
  let at = skipBlanks(value, 0);
  while (at < value.length) {
    if (value.charCodeAt(at) === COMMA) {
      at = skipBlanks(value, at + 1);
      continue;
    }
    const weak = value.startsWith("W/", at);
    const open = weak ? at + 2 : at;
    if (value.charCodeAt(open) !== QUOTE) return new HeaderFault("invalid-character", open);
    const close = value.indexOf('"', open + 1);
    if (close < 0) return new HeaderFault("unterminated-quote", value.length);
    for (let each = open + 1; each < close; each++) {
      if (!isTagCharacter(value.charCodeAt(each))) return new HeaderFault("invalid-character", each);
    }
    tags.push({ value: value.slice(open + 1, close), weak });
    at = skipBlanks(value, close + 1);
    if (at < value.length && value.charCodeAt(at) !== COMMA) return new HeaderFault("invalid-character", at);
  }
  return tags.length === 0 ? new HeaderFault("empty-list", value.length) : tags;
}
