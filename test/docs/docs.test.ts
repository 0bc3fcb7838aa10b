import { afterAll, beforeAll, describe, expect, spyOn, test } from "bun:test";
import { rmSync } from "node:fs";
import type { Api } from "bolide";
import { compare, exchangesOf } from "./exchange.ts";
import { makeFolder, type Module, promisedLines, typeErrors, writeModules } from "./module.ts";
import { type Block, blocksOf, pages, placeOf } from "./page.ts";

const blocks = pages().flatMap(blocksOf);
const folder = makeFolder();
const modules = await writeModules(folder, blocks);
const runnable = modules.filter(({ runs }) => runs);
const exchanges = blocks.filter(({ info }) => info[0] === "http");

afterAll(() => rmSync(folder, { recursive: true }));

test("every block of the documentation type-checks", async () => {
  expect(await typeErrors(folder, modules)).toEqual([]);
}, 60_000);

describe("a block of the documentation runs, and prints what it says:", () => {
  const printed: string[] = [];
  const spies = [
    spyOn(console, "log").mockImplementation((...words) => void printed.push(words.map(shown).join(" "))),
    // What a block logs on purpose, such as a 500, is no news here.
    spyOn(console, "error").mockImplementation(() => {}),
  ];
  beforeAll(() => void (printed.length = 0));
  afterAll(() => spies.forEach((spy) => spy.mockRestore()));

  test.each(runnable.map((module) => [placeOf(module.block), module] as const))("%s", async (_, module) => {
    printed.length = 0;
    await import(module.file);
    const promised = promisedLines(module.block);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });

  test.each(exchanges.map((block) => [placeOf(block), block] as const))("%s answers as shown", async (_, block) => {
    const { api } = (await import(apiBefore(block).file)) as { readonly api: Api };
    for (const exchange of exchangesOf(block)) {
      await compare(await api.handle(exchange.request), exchange);
    }
  });
});

function shown(value: unknown): string {
  return typeof value === "string" ? value : Bun.inspect(value);
}

/** The api that an `http` block speaks to: the last one before it on its page. */
function apiBefore(block: Block): Module {
  const found = runnable.findLast(
    (module) =>
      module.block.page === block.page && module.block.line < block.line && /^export const api\b/m.test(module.block.text),
  );
  if (found === undefined) throw new Error(`${placeOf(block)}: no block before it exports an api`);
  return found;
}
