/** One token of SQL. `end` is behind its last character. */
export interface Token {
  readonly kind: "word" | "quoted" | "string" | "mark";
  /** A word as it is written, a quoted name without its quotes, a mark. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Blanks, comments, strings, quoted names (`"a"`, `` `a` ``, `[a]`), words and numbers, and else one mark at a time. */
const TOKEN =
  /(?<blank>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>x?'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<word>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\p{L}_$])|[\p{L}_\d$]+)|(?<mark>[^])/giu;

/** The tokens of a statement as SQLite reads them (sqlite.org/lang_keywords), without blanks and comments. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(TOKEN)) {
    const { blank, string, quoted, word, mark } = match.groups!;
    const start = match.index;
    const end = start + match[0].length;
    if (blank !== undefined) continue;
    if (string !== undefined) tokens.push({ kind: "string", text: string, start, end });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: unquoted(quoted), start, end });
    else tokens.push({ kind: word === undefined ? "mark" : "word", text: word ?? mark!, start, end });
  }
  return tokens;
}

function unquoted(written: string): string {
  const quote = written[0]!;
  const inner = written.slice(1, -1);
  return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}

/** A name in quotes. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Whether a token is one of these keywords; a quoted one never is. */
export const isKeyword = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token?.kind === "word" && words.includes(token.text.toUpperCase());

export const isMark = (token: Token | undefined, mark: string): boolean =>
  token?.kind === "mark" && token.text === mark;

/** The index behind the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    if (isMark(tokens[at], "(")) depth++;
    if (isMark(tokens[at], ")") && --depth === 0) return at + 1;
  }
  return tokens.length;
}
