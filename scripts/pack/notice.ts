import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./entries.ts";

/** The licences of the packages whose code is inside the bundles, word for word, as those licences ask. */
export function notice(name: string, packages: ReadonlySet<string>): string {
  const parts = [...packages].sort().map((each) => {
    const folder = join(ROOT, "node_modules", each);
    const { version }: { version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    const text = licence === undefined ? withoutFile(each) : readFileSync(join(folder, licence), "utf8");
    return `## ${each} ${version}\n\n${text.trim()}\n`;
  });
  return [`${name} contains code of these packages, bundled into its own files.\n`, ...parts].join("\n");
}

/** Packages that leave the file with their licence, which is ours too, in their repository: whose they are. */
const OWNERS: Readonly<Record<string, string>> = {
  "@scalar/api-reference": "Copyright (c) 2023-present Scalar (https://github.com/scalar/scalar)",
};

function withoutFile(name: string): string {
  const owner = OWNERS[name];
  if (owner === undefined) throw new Error(`${name} is bundled but comes without its licence`);
  return readFileSync(join(ROOT, "LICENSE"), "utf8").replace(/^Copyright .*$/m, owner);
}
