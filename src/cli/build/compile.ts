import { existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describeError, Failure } from "../failure.ts";

/** What goes into a binary. */
export interface Ingredients {
  /** The module that exports the api. */
  readonly file: string;
  readonly outfile: string;
  /** Bun's name of a platform; default this one. */
  readonly target: string | undefined;
  /** The source of the module that holds the emitted checks. */
  readonly checks: string;
  readonly assets: readonly string[];
}

/** No string becomes code in the binary: what is in it is all that it ever runs. */
const NO_CODE_GENERATION = "--disallow-code-generation-from-strings=strict";

/**
 * Bundles an entry that serves the api, and makes it a binary with Bun inside. Returns its path, on Windows with `.exe`.
 * Only blanks are minified, as middleware is skipped by its name and logs show those of handlers and errors: Bun 1.4.5 keeps
 * no names when it minifies identifiers, and drops those of function expressions when it minifies syntax.
 */
export async function compileBinary({ file, outfile, target, checks, assets }: Ingredients): Promise<string> {
  mkdirSync(dirname(outfile), { recursive: true });
  const entry = join(dirname(file), "bolide-binary.ts");
  const emitted = join(dirname(file), "bolide-checks.js");
  const production = join(dirname(file), "bolide-production.js");
  const result = await Bun.build({
    entrypoints: [entry],
    files: {
      // The environment comes first: the app may read it while it loads.
      [entry]: [
        `import ${JSON.stringify(production)};`,
        `import * as app from ${JSON.stringify(`./${basename(file)}`)};`,
        `import checks from ${JSON.stringify(emitted)};`,
        `import { runBinary } from ${JSON.stringify(binaryModule())};`,
        "await runBinary(app, { checks });",
      ].join("\n"),
      [emitted]: checks,
      [production]: 'Bun.env["NODE_ENV"] ??= "production";',
    },
    target: "bun",
    format: "esm",
    minify: { whitespace: true, syntax: false, identifiers: false },
    sourcemap: "linked",
    bytecode: true,
    // What is imported late, as the document of an api is, stays out of the start: 26 ms instead of 32.
    splitting: true,
    define: { "process.env.NODE_ENV": '"production"' },
    compile: {
      outfile,
      ...(target === undefined ? {} : { target: targetOf(target) }),
      execArgv: [NO_CODE_GENERATION],
      assets: [...assets],
      autoloadBunfig: false,
    },
  }).catch((error: unknown) => {
    throw new Failure(`${basename(file)} could not be built: ${describeError(error)}`, 1, { cause: error });
  });
  const built = result.outputs.find(({ kind }) => kind === "entry-point")?.path ?? outfile;
  // The binary has the source maps inside; the copies beside it would make many files of one.
  for (const { kind, path } of result.outputs) if (kind === "sourcemap") rmSync(path, { force: true });
  rmSync(`${built}.map`, { force: true });
  return built;
}

/** The entry's other half, beside this file in the source tree, beside the command in the package. */
function binaryModule(): string {
  const found = ["../binary.ts", "binary.js", "../binary.js"]
    .map((path) => join(import.meta.dir, path))
    .find(existsSync);
  if (found === undefined)
    throw new Failure("this installation of Bolide is incomplete: the entry of binaries is missing");
  return found;
}

const TARGET = /^bun-(?:linux-(?:x64|arm64)(?:-musl)?|darwin-(?:x64|arm64)|windows-(?:x64|arm64))$/;

function targetOf(written: string): Bun.Build.CompileTarget {
  const target = written.startsWith("bun-") ? written : `bun-${written}`;
  if (TARGET.test(target)) return target as Bun.Build.CompileTarget;
  throw new Failure(
    `--target "${written}" is no platform: use bun-linux-x64, bun-linux-arm64 (each also -musl), bun-darwin-x64, bun-darwin-arm64, bun-windows-x64 or bun-windows-arm64`,
    2,
  );
}
