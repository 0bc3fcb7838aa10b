import type { Random } from "./random.ts";

/** Characters that a class without bounds is drawn from: printable ASCII. */
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
const DIGITS = PRINTABLE.filter((character) => /\d/.test(character));
const LETTERS = PRINTABLE.filter((character) => /\w/.test(character));
const ESCAPED: Readonly<Record<string, readonly string[]>> = {
  d: DIGITS,
  w: LETTERS,
  s: [" "],
  D: PRINTABLE.filter((character) => !DIGITS.includes(character)),
  W: PRINTABLE.filter((character) => !LETTERS.includes(character)),
  S: PRINTABLE.slice(1),
  t: ["\t"],
  n: ["\n"],
  r: ["\r"],
};

/**
 * A text that a regular expression matches: literals, classes, groups, alternatives and quantifiers; `undefined` for one that has more
 * (looking around, back references, Unicode properties). What may repeat without end repeats at most `stretch` times more than it must.
 */
export function textMatching(pattern: string, random: Random, stretch: number): string | undefined {
  try {
    return new Drawing(pattern, random, stretch).all();
  } catch (error) {
    if (error instanceof Beyond) return undefined;
    throw error;
  }
}

/** The expression has something that is not known here. */
class Beyond extends Error {}

/** Reads an expression from left to right, and draws a text for each of its parts. */
class Drawing {
  readonly #pattern: string;
  readonly #random: Random;
  readonly #stretch: number;
  #at = 0;

  constructor(pattern: string, random: Random, stretch: number) {
    this.#pattern = pattern;
    this.#random = random;
    this.#stretch = stretch;
  }

  all(): string {
    const text = this.#alternatives()();
    if (this.#at < this.#pattern.length) throw new Beyond();
    return text;
  }

  #alternatives(): () => string {
    const choices = [this.#sequence()];
    while (this.#take("|")) choices.push(this.#sequence());
    return () => this.#random.pick(choices)();
  }

  #sequence(): () => string {
    const parts: (() => string)[] = [];
    while (this.#at < this.#pattern.length && !"|)".includes(this.#pattern[this.#at]!)) parts.push(this.#repeated());
    return () => parts.map((part) => part()).join("");
  }

  #repeated(): () => string {
    const part = this.#part();
    const [least, most] = this.#quantifier();
    return () => Array.from({ length: this.#random.integer(least, most) }, part).join("");
  }

  #quantifier(): readonly [least: number, most: number] {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#pattern.slice(this.#at));
    if (found === null) return [1, 1];
    const [text, first, comma, last] = found;
    this.#at += text.length;
    if (text.startsWith("?")) return [0, 1];
    const least = text.startsWith("*") ? 0 : text.startsWith("+") ? 1 : Number(first);
    const most = comma === "" ? least : last === undefined || last === "" ? Infinity : Number(last);
    return [least, Math.min(most, least + this.#stretch)];
  }

  #part(): () => string {
    const character = this.#next();
    switch (character) {
      case "^":
      case "$":
        return () => "";
      case ".":
        return () => this.#random.pick(LETTERS);
      case "(":
        return this.#group();
      case "[":
        return this.#class();
      case "\\":
        return this.#one(this.#escaped());
      default:
        if ("*+?{".includes(character)) throw new Beyond();
        return () => character;
    }
  }

  #group(): () => string {
    const kind = /^\?(?::|<[A-Za-z_]\w*>)/.exec(this.#pattern.slice(this.#at));
    if (kind !== null) this.#at += kind[0].length;
    else if (this.#pattern[this.#at] === "?") throw new Beyond();
    const inner = this.#alternatives();
    if (!this.#take(")")) throw new Beyond();
    return inner;
  }

  #class(): () => string {
    const negated = this.#take("^");
    const members = new Set<string>();
    while (!this.#take("]")) {
      const first = this.#member();
      if (first.length === 1 && this.#pattern[this.#at] === "-" && this.#pattern[this.#at + 1] !== "]") {
        this.#at++;
        const last = this.#member()[0]!;
        for (let code = first[0]!.charCodeAt(0); code <= last.charCodeAt(0); code++)
          members.add(String.fromCharCode(code));
      } else for (const each of first) members.add(each);
    }
    return this.#one(negated ? PRINTABLE.filter((character) => !members.has(character)) : [...members]);
  }

  #member(): readonly string[] {
    const character = this.#next();
    return character === "\\" ? this.#escaped() : [character];
  }

  #escaped(): readonly string[] {
    const character = this.#next();
    const known = ESCAPED[character];
    if (known !== undefined) return known;
    if (character === "x" || character === "u") {
      const digits = /^[\dA-Fa-f]+/.exec(this.#pattern.slice(this.#at, this.#at + (character === "x" ? 2 : 4)))?.[0];
      if (digits === undefined) throw new Beyond();
      this.#at += digits.length;
      return [String.fromCharCode(Number.parseInt(digits, 16))];
    }
    if (/[A-Za-z\d]/.test(character)) throw new Beyond();
    return [character];
  }

  #one(from: readonly string[]): () => string {
    if (from.length === 0) throw new Beyond();
    return () => this.#random.pick(from);
  }

  #next(): string {
    const character = this.#pattern[this.#at++];
    if (character === undefined) throw new Beyond();
    return character;
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}
