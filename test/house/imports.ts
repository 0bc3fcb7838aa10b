/** `import … from "x"`, `export … from "x"`, `import "x"`, over one line or several; type imports are imports. */
const STATEMENT = /^[ \t]*(?:import|export)\b(?:[^"'`;]*?\bfrom)?\s*"([^"]+)"/gm;

/** `import("x")`, as a value or as a type, and `require("x")`. */
const CALL = /\b(?:import|require)\(\s*"([^"]+)"\s*[,)]/g;

/** What a source file imports, as it is written there. Bun's own scanner leaves type imports out. */
export function importsOf(text: string): readonly string[] {
  const code = text
    .split("\n")
    .filter((line) => !/^\s*(?:\*|\/\*|\/\/)/.test(line))
    .join("\n");
  return [STATEMENT, CALL].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!));
}
