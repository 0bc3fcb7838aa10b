/** Letters that Unicode does not take apart into a plain one and a mark, as people type them. */
const PLAIN = new Map(
  ["łl", "øo", "đd", "ðd", "ħh", "ıi", "əe", "ŋn", "ŧt", "ßss", "æae", "œoe", "þth"].map(([letter = "", ...plain]) => [
    letter,
    plain.join(""),
  ]),
);
const SPECIAL = new RegExp(`[${[...PLAIN.keys()].join("")}]`, "g");

/** A name as it is indexed: small letters without marks, so that "lodz" finds Łódź and "tromso" Tromsø. */
export function fold(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(SPECIAL, (letter) => PLAIN.get(letter)!);
}

/**
 * A full-text query for names that have every word of a text, the last of them as the beginning of a word, in one country
 * or in any; `undefined` where the text has no word. Words are letters and digits in quotes, so no text is FTS5 syntax.
 *
 * @example
 * wordsQuery("San Fran", "US"); // 'name : ("san" "fran"*) AND country : "US"'
 */
export function wordsQuery(text: string, country?: string): string | undefined {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu);
  if (words === null) return undefined;
  const name = `name : (${words.map((word) => `"${word}"`).join(" ")}*)`;
  return country === undefined ? name : `${name} AND country : "${country}"`;
}
