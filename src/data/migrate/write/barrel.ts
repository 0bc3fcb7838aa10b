/**
 * The source of `migrations/index.ts`: every migration by its name, imported where a bundler sees it, so that all of them are in a
 * single binary.
 */
export function writeBarrel(names: readonly string[]): string {
  const sorted = names.toSorted();
  const imports = sorted.map((name) => `import * as ${identifier(name)} from ${JSON.stringify(`./${name}.ts`)};`);
  const entries = sorted.map((name) => `  ${JSON.stringify(name)}: ${identifier(name)},`);
  return [
    "// Written by bolide migrate make.",
    'import type { Migrations } from "bolide/data";',
    ...imports,
    "",
    entries.length === 0
      ? "export const migrations: Migrations = {};"
      : ["export const migrations: Migrations = {", ...entries, "};"].join("\n"),
    "",
  ].join("\n");
}

const identifier = (name: string): string => `m${name.replaceAll(/[^A-Za-z0-9_]/g, "_")}`;
