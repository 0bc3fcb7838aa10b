import { afterAll, beforeAll, beforeEach, describe, expect, mock, spyOn, test } from "bun:test";
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

  test.each(named(runnable, ({ block }) => block))("%s runs and prints what it says", async (_, module) => {
    await import(module.file);
    const promised = promisedLines(module.block);
    if (promised.length > 0) expect(printed).toEqual(promised);
  });

  test.each(named(exchanges, (block) => block))("%s is answered as it says", async (_, block) => {
    const { api } = (await import(apiBefore(block).file)) as { readonly api: Api };
    for (const exchange of exchangesOf(block)) {
      await compare(await api.handle(exchange.request), exchange);
    }
  });
});

function named<T>(all: readonly T[], blockOf: (one: T) => Block): [place: string, one: T][] {
  return all.map((one) => [placeOf(blockOf(one)), one]);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : Bun.inspect(value);
}

/** The api that an `http` block speaks to: the last one that its page has exported before it. */
function apiBefore(block: Block): Module {
  const found = runnable.findLast(
    ({ block: { page, line, text } }) => page === block.page && line < block.line && /^export const api\b/m.test(text),
  );
  if (found === undefined) throw new Error(`${placeOf(block)}: no block before it exports an api`);
  return found;
}
