import { afterAll, beforeAll, beforeEach, describe, expect, mock, spyOn, test } from "bun:test";
import { rmSync } from "node:fs";
import type { Api } from "bolide";
import { compare, exchangesOf } from "./exchange.ts";
import { isMigrated, migrate, writeMigrations } from "./migrated.ts";
import { isTest, makeFolder, type Module, promisedLines, runTests, typeErrors, writeModules } from "./module.ts";
import { type Block, blocksOf, pages, placeOf } from "./page.ts";

const blocks = pages().flatMap(blocksOf);
const folder = makeFolder();
const modules = await writeModules(folder, blocks);
// A block that cannot be imported says so in its own test.
for (const module of modules.filter(isMigrated)) await writeMigrations(module).catch(() => {});
const runnable = modules.filter(({ runs }) => runs);

afterAll(() => rmSync(folder, { recursive: true }));

test("every block of the documentation type-checks", async () => {
  expect(await typeErrors(folder, modules)).toEqual([]);
}, 60_000);

describe("a block of the documentation:", () => {
  let printed: string[] = [];

  beforeAll(() => {
    spyOn(console, "log").mockImplementation((...words) => void printed.push(words.map(shown).join(" ")));
    // What a block logs on purpose, such as a 500, is no news here.
    spyOn(console, "error").mockImplementation(() => {});
  });
  beforeEach(() => {
    printed = [];
  });
  afterAll(() => mock.restore());

  // In the order of the page: what a block leaves in a database is there for those below it.
  for (const block of blocks) {
    const module = runnable.find((one) => one.block === block);
    if (module !== undefined && isTest(module)) {
      test(`${placeOf(block)} is tests that pass`, async () => {
        expect(await runTests(module)).toBe(0);
      });
    } else if (module !== undefined) {
      test(`${placeOf(block)} runs and prints what it says`, async () => {
        await import(module.file);
        if (isMigrated(module)) await migrate(module);
        const promised = promisedLines(block);
        if (promised.length > 0) expect(printed).toEqual(promised);
      });
    } else if (block.info[0] === "http") {
      test(`${placeOf(block)} is answered as it says`, async () => {
        const { api } = (await import(apiBefore(block).file)) as { readonly api: Api };
        for (const exchange of exchangesOf(block)) await compare(await api.handle(exchange.request), exchange);
      });
    }
  }
});

/** As `console.log` shows it, on one line. */
function shown(value: unknown): string {
  if (typeof value === "string") return value;
  return Bun.inspect(value)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/,(?= [}\]])/g, "");
}

/** The api that an `http` block speaks to: the last one that its page has exported before it. */
function apiBefore(block: Block): Module {
  const found = runnable.findLast(
    ({ block: { page, line, text } }) => page === block.page && line < block.line && /^export const api\b/m.test(text),
  );
  if (found === undefined) throw new Error(`${placeOf(block)}: no block before it exports an api`);
  return found;
}
