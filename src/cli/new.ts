import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { projectFiles } from "./new/template.ts";

/** `bolide new`: a project to start from. */
export const newCommand = command({
  name: "new",
  summary: "Makes a project that type-checks, tests and serves",
  operands: ["<directory>"],
  flags: {
    bolide: { type: "string", value: "<spec>", help: "what package.json asks for as bolide; default this version" },
  },
  notes: ["bolide new my-app && cd my-app && bun install && bun run dev"],
  run: (operands, flags) => {
    const directory = resolve(operands[0]!);
    const stats = statSync(directory, { throwIfNoEntry: false });
    if (stats?.isDirectory() === false) throw new Failure(`${operands[0]} is a file`);
    if (stats !== undefined && readdirSync(directory).length > 0) throw new Failure(`${operands[0]} is not empty`);
    const name = packageName(basename(directory));
    const files = projectFiles({ name, bolide: flags.bolide ?? `^${manifest.version}` });
    for (const [path, text] of Object.entries(files)) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const shown = relative(process.cwd(), directory) || ".";
    console.log(`${shown}: ${Object.keys(files).join(", ")}\n\n  cd ${shown}\n  bun install\n  bun run dev`);
    return Promise.resolve(0);
  },
});

/** A directory's name as npm takes it for a package's. */
function packageName(directory: string): string {
  const name = directory
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "");
  if (name === "" || name.length > 214)
    throw new Failure(`"${directory}" cannot name a package: use letters, digits and hyphens`);
  return name;
}
