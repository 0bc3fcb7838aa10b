import { join } from "node:path";

export const ROOT = join(import.meta.dir, "..", "..");
export const SOURCE = join(ROOT, "src");

/** One file of the package that users name: what they write, the source behind it, and where it may run. */
export interface Entry {
  /** The key in `exports`; undefined for the command, which is reached through `bin`. */
  readonly specifier?: string;
  /** Relative to src/. */
  readonly source: string;
  /** Relative to the package. */
  readonly file: string;
  readonly target: "bun" | "browser";
}

/** The public face: the other entries that run on a server import its file, so that there is one `Api` and one `HttpError`. */
export const FACE: Entry = { specifier: ".", source: "index.ts", file: "index.js", target: "bun" };

export const ENTRIES: readonly Entry[] = [
  FACE,
  { specifier: "./client", source: "client/index.ts", file: "client.js", target: "browser" },
  { specifier: "./testing", source: "testing/index.ts", file: "testing.js", target: "bun" },
  { source: "cli/main.ts", file: "cli.js", target: "bun" },
];

/** Copied as they are from the root of the repository. */
export const DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE"] as const;
