import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A page of documentation. */
export interface Page {
  /** Its path in the repository, as a link from the root would have it. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** The line of the page on which its first line stands. */
  readonly line: number;
  /** The words after the fence: `ts`, `ts api.ts`, `ts blog.ts migrated` (its `db` gets its tables), `ts no-run`, `http`. */
  readonly info: readonly string[];
  readonly text: string;
}

const ROOT = join(import.meta.dir, "../..");

/** What stands at the root, and everything under docs/. */
export function pages(): Page[] {
  const topics = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  const paths = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...topics.sort().map((name) => `docs/${name}`)];
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** The fenced blocks of a page, in order. Errors: a fence that is never closed. */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = [];
  let open: { readonly fence: string; readonly info: readonly string[]; readonly line: number } | undefined;
  let lines: string[] = [];
  text.split("\n").forEach((line, at) => {
    if (open === undefined) {
      const [, fence, info = ""] = /^(`{3,})(.*)$/.exec(line) ?? [];
      if (fence === undefined) return;
      open = { fence, info: info.trim().split(/\s+/), line: at + 2 };
      lines = [];
    } else if (line === open.fence) {
      blocks.push({ page: path, line: open.line, info: open.info, text: lines.join("\n") });
      open = undefined;
    } else lines.push(line);
  });
  if (open !== undefined) throw new Error(`${path}:${open.line}: this block is never closed`);
  return blocks;
}

/** Where a block stands, as editors open it. */
export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}
