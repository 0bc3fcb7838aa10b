import { existsSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dir, "..", "..");
export const SOURCE = join(ROOT, "src");

/** One bundle of the package: how it is reached, the source behind it, and where it may run. */
export interface Entry {
  /** The key in `exports`; what has none is not imported by users and needs no declarations. */
  readonly specifier?: string;
  /** The name of the command that it is. */
  readonly bin?: string;
  /** Relative to src/. */
  readonly source: string;
  /** Relative to the package. */
  readonly file: string;
  readonly target: "bun" | "browser";
  /** The rooms that this bundle holds for all the others; the face holds those that no other does. */
  readonly rooms?: readonly string[];
  /** Loaded by the other bundles with `import()` when it is needed: a start does not read it. */
  readonly late?: true;
}

/** The public face: the other entries that run on a server import its file, so that there is one `Api` and one `HttpError`. */
export const FACE: Entry = { specifier: ".", source: "index.ts", file: "index.js", target: "bun" };

const PLANNED: readonly Entry[] = [
  FACE,
  // On their own, so that an api without a database never reads Kysely.
  { specifier: "./data", source: "data/index.ts", file: "data.js", target: "bun", rooms: ["data"] },
  { specifier: "./views", source: "views/index.ts", file: "views.js", target: "bun", rooms: ["views"] },
  { specifier: "./client", source: "client/index.ts", file: "client.js", target: "browser" },
  { specifier: "./testing", source: "testing/index.ts", file: "testing.js", target: "bun" },
  { bin: "bolide", source: "cli/main.ts", file: "cli.js", target: "bun" },
  // What makes the document and its pages.
  { source: "openapi/room.ts", file: "openapi.js", target: "bun", late: true },
  // What `bolide build` puts around an api; the command looks for it beside itself.
  { source: "cli/binary.ts", file: "binary.js", target: "bun" },
];

/** Those whose source is there; that none is missing is for the file list to say. */
export const ENTRIES = PLANNED.filter(({ source }) => existsSync(join(SOURCE, source)));

/** Copied as they are from the root of the repository. */
export const DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE"] as const;

/** `@scope/name` of `@scope/name/some/file`. */
export const packageName = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
