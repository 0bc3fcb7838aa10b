import { join } from "node:path";

/** The sections of README.md that a run writes. */
export type Section = "results" | "auth" | "data" | "views" | "queries" | "startup" | "memory" | "types";

/** Replaces one generated section of `bench/README.md`, between its two comment lines. */
export async function writeSection(section: Section, text: string): Promise<void> {
  const path = join(import.meta.dir, "README.md");
  const readme = await Bun.file(path).text();
  const [open, close] = [`<!-- ${section} -->`, `<!-- /${section} -->`];
  const [from, to] = [readme.indexOf(open), readme.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`README.md has no section between ${open} and ${close}`);
  await Bun.write(path, `${readme.slice(0, from + open.length)}\n\n${text.trim()}\n\n${readme.slice(to)}`);
}
