import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./entries.ts";

/** The licences of the packages whose code is inside the bundles, word for word, as those licences ask. */
export function notice(name: string, packages: ReadonlySet<string>): string {
  const parts = [...packages].sort().map((each) => {
    const folder = join(ROOT, "node_modules", each);
    const { version }: { version: string } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (licence === undefined) throw new Error(`${each} is bundled but comes without its licence`);
    return `## ${each} ${version}\n\n${readFileSync(join(folder, licence), "utf8").trim()}\n`;
  });
  return [`${name} contains code of these packages, bundled into its own files.\n`, ...parts].join("\n");
}
