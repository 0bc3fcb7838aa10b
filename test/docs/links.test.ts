import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { type Page, pages } from "./page.ts";

const ROOT = join(import.meta.dir, "../..");
const all = pages();

describe.each(all.map((page) => [page.path, page] as const))("%s", (_, page) => {
  test("leads to pages and headings that are there", () => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  test("names only scripts that package.json has", () => {
    const named = [...page.text.matchAll(/\bbun@?[\d.]* run ([a-z][\w:-]*)/g)].map((match) => match[1]!);
    const own = page.path === "docs/cli.md" || page.path === "docs/testing.md" ? NEW_PROJECT : [];
    expect(named.filter((name) => !(name in manifest.scripts) && !own.includes(name))).toEqual([]);
  });
});

/** Scripts of a project that `bolide new` makes: two pages speak of those as well. */
const NEW_PROJECT = ["dev", "start", "build", "test", "check"];

/** Targets inside the repository, outside of code. */
function linksOf({ text }: Page): string[] {
  const prose = text.replace(/^```[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!).filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: Page, link: string): boolean {
  const [file = "", heading] = link.split("#");
  const path = file === "" ? page.path : normalize(join(dirname(page.path), file));
  if (!existsSync(join(ROOT, path))) return false;
  return heading === undefined || headingsOf(all.find((one) => one.path === path)?.text ?? "").includes(heading);
}

/** Headings as GitHub names them: lower case, without punctuation, hyphens for spaces. */
function headingsOf(text: string): string[] {
  const headings = [...text.replace(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)].map((match) => match[1]!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
