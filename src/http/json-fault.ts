const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE_CODE = 32;

/** Where and why a text is not JSON. */
export interface JsonPosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** What was expected there. */
  readonly reason: string;
}

/**
 * Finds the first place where a text that `JSON.parse` refused stops being JSON (RFC 8259).
 * JavaScriptCore's own message has no position. Runs only on malformed bodies; needs no stack, so depth is no matter.
 */
export function jsonPosition(text: string): JsonPosition {
  const [offset, reason] = firstFault(text);
  const before = text.lastIndexOf("\n", offset - 1);
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return { line, column: offset - (offset === 0 ? -1 : before), reason };
}

type Expected = "value" | "value or ]" | "key" | "key or }" | ":" | ", or ]" | ", or }" | "end";

function firstFault(text: string): [offset: number, reason: string] {
  const closers: string[] = [];
  let expected: Expected = "value";
  let at = 0;
  for (;;) {
    at = skip(SPACE, text, at);
    const char = text[at];
    if (char === undefined) return [at, expected === "end" ? "nesting too deep" : "unexpected end"];
    switch (expected) {
      case "value":
      case "value or ]":
        if (char === "{" || char === "[") {
          closers.push(char === "{" ? "}" : "]");
          expected = char === "{" ? "key or }" : "value or ]";
          at++;
        } else if (char === "]" && expected === "value or ]") {
          closers.pop();
          expected = afterValue(closers);
          at++;
        } else {
          const end = char === '"' ? stringEnd(text, at) : skip(SCALAR, text, at);
          if (typeof end !== "number") return end;
          if (end === at) return [at, "expected a value"];
          at = end;
          expected = afterValue(closers);
        }
        break;
      case "key":
      case "key or }":
        if (char === "}" && expected === "key or }") {
          closers.pop();
          expected = afterValue(closers);
          at++;
        } else {
          if (char !== '"') return [at, "expected a property name in double quotes"];
          const end = stringEnd(text, at);
          if (typeof end !== "number") return end;
          at = end;
          expected = ":";
        }
        break;
      case ":":
        if (char !== ":") return [at, "expected ':'"];
        expected = "value";
        at++;
        break;
      case ", or ]":
      case ", or }":
        if (char === ",") expected = expected === ", or ]" ? "value" : "key";
        else if (char === closers.at(-1)) {
          closers.pop();
          expected = afterValue(closers);
        } else return [at, `expected ',' or '${closers.at(-1)}'`];
        at++;
        break;
      case "end":
        return [at, "unexpected text after the value"];
    }
  }
}

function afterValue(closers: readonly string[]): Expected {
  const closer = closers.at(-1);
  return closer === undefined ? "end" : closer === "]" ? ", or ]" : ", or }";
}

/** Where the string ends that begins here, or where and why it is none. By hand: a pattern takes 230 ms for a megabyte, this 1. */
function stringEnd(text: string, start: number): number | [offset: number, reason: string] {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < SPACE_CODE) return [at, "control character in a string"];
    if (code === BACKSLASH) {
      const end = skip(ESCAPE, text, at);
      if (end === at) return at + 1 === text.length ? [at + 1, "unterminated string"] : [at, "bad escape in a string"];
      at = end;
    } else at++;
  }
  return [at, "unterminated string"];
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
