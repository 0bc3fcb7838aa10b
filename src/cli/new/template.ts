import api from "./api.txt" with { type: "text" };
import readme from "./readme.txt" with { type: "text" };
import test from "./test.txt" with { type: "text" };
import tsconfig from "./tsconfig.txt" with { type: "text" };

/** What a new project is made of. */
export interface Project {
  /** Lower case, as npm wants it: `my-app`. */
  readonly name: string;
  /** What package.json asks for: a version, a range, `file:../bolide`. */
  readonly bolide: string;
}

/** The files of a new project, by their paths. */
export function projectFiles({ name, bolide }: Project): Readonly<Record<string, string>> {
  const fill = (text: string) => text.replaceAll("{{title}}", name);
  return {
    "package.json": json({
      name,
      version: "0.1.0",
      private: true,
      type: "module",
      scripts: {
        dev: "bolide dev src/api.ts",
        start: "bolide serve src/api.ts",
        build: "bolide build src/api.ts --outfile dist/app",
        check: "bolide check src/api.ts",
      },
      dependencies: { bolide },
      devDependencies: { "bun-types": BUN_TYPES },
    }),
    "tsconfig.json": tsconfig,
    ".gitignore": ["node_modules/", "dist/", ".env", "*.db", "*.db-shm", "*.db-wal", ""].join("\n"),
    "README.md": fill(readme),
    "src/api.ts": fill(api),
    "test/api.test.ts": test,
  };
}

/** The Bun that this version of Bolide is tested with. */
const BUN_TYPES = "1.4.5";

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
