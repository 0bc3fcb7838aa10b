import { statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { Api } from "../api.ts";
import { packViewers } from "../openapi/index.ts";
import { type MadeFile, stageAssets } from "./build/assets.ts";
import { checksOf, emitChecks } from "./build/checks.ts";
import { compileBinary } from "./build/compile.ts";
import { tryBinary } from "./build/trial.ts";
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { apiOf, loadModule } from "./load.ts";

/** `bolide build`: one file that serves an api, with everything it needs inside. */
export const buildCommand = command({
  name: "build",
  summary: "Builds a single binary that serves an api",
  operands: ["<file>"],
  flags: {
    outfile: { type: "string", value: "<path>", help: "where to write it; default the name of the directory" },
    target: {
      type: "string",
      value: "<platform>",
      help: "another platform: bun-linux-x64, bun-linux-arm64, bun-darwin-arm64, bun-windows-x64, …",
    },
    assets: {
      type: "string",
      value: "<glob>",
      multiple: true,
      help: "files to embed, to be read below import.meta.dir; may be given again",
    },
  },
  notes: [
    "bolide build src/api.ts --outfile dist/app",
    'bolide build src/api.ts --outfile dist/app --target bun-linux-arm64 --assets "public/**"',
    "",
    "The binary takes the flags of bolide serve: ./dist/app --port 8000",
    "It runs with code generation from strings switched off; the checks of its schemas are made now.",
  ],
  run: async ([file], flags) => {
    const path = resolve(file!);
    const api = apiOf(await loadModule(file!), file!);
    const { plans } = api.compile();
    // A binary does not make its document before it is asked: what is wrong with it is found here.
    if (api.settings.openapi !== false) await api.document();
    const outfile = resolve(flags.outfile ?? process.cwd().replace(/^.*[/\\]/, ""));
    if (statSync(outfile, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new Failure(`${relative(process.cwd(), outfile)} is a directory: name the file with --outfile`, 2);
    }
    const bases = { near: dirname(path), from: process.cwd() };
    const staged = stageAssets(flags.assets ?? [], bases, await pagesOf(api));
    try {
      const built = await compileBinary({
        file: path,
        outfile,
        target: flags.target,
        checks: emitChecks(plans),
        assets: staged.roots,
      });
      if (flags.target === undefined) await tryBinary(built);
      const { size } = statSync(built);
      const shown = relative(process.cwd(), built);
      const facts = [
        `${(size / 1_048_576).toFixed(0)} MiB`,
        plural(plans.length, "route"),
        plural(checksOf(plans).length, "check"),
        ...(staged.count === 0 ? [] : [plural(staged.count, "asset")]),
      ];
      console.log(
        `${shown}: ${facts.join(", ")}; start it with ${/^[./]/.test(shown) ? shown : `./${shown}`} --port 8000`,
      );
      return 0;
    } finally {
      staged.remove();
    }
  },
});

/** Brotli's quality for pages that are embedded: of all five viewers 9 makes 2.4 MB in 0.7 s, 11 makes 2.2 MB in 15. */
const PAGE_QUALITY = 9;

/** What the pages of the api's document load, as far as it is installed here. */
function pagesOf({ settings: { openapi } }: Api): Promise<readonly MadeFile[]> | readonly MadeFile[] {
  return openapi === false || openapi?.pages === false ? [] : packViewers(PAGE_QUALITY);
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
