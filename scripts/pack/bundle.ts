import type { BunPlugin } from "bun";
import { isBuiltin } from "node:module";
import { join, relative, resolve } from "node:path";
import { type Entry, FACE, packageName, ROOT, SOURCE } from "./entries.ts";
import { openHouse } from "./house.ts";

/** What the bundles hold: the names of the packages whose code was bundled, and of those that stay imports. */
export interface Bundled {
  readonly inside: ReadonlySet<string>;
  readonly outside: ReadonlySet<string>;
}

/** Whether a bundle holds rooms that the others import. */
const holds = (entry: Entry): boolean => entry === FACE || entry.rooms !== undefined;

/**
 * Writes one ES module per entry.
 *
 * Hello world reads one file: the face is bundled whole, but for the rooms that have a bundle of their own. The command, the test
 * client and those rooms reach through the house for things that the face does not show; for them the face's file exports those
 * too, under names that no declaration mentions. Code splitting would do the same with three files more.
 */
export async function bundle(entries: readonly Entry[], folder: string): Promise<Bundled> {
  const inside = new Set<string>();
  const outside = new Set<string>();
  const house = await openHouse(entries);
  // Those that hold rooms come last, the face at the very end: only then is known what the others take from behind their doors.
  const order = [...entries.filter((each) => !holds(each)), ...entries.filter(holds).reverse()];
  for (const entry of order) {
    const result = await Bun.build({
      ...(holds(entry) ? house.holder(entry) : { entrypoints: [join(SOURCE, entry.source)] }),
      plugins: [...(entry === FACE ? [packageLayout] : []), ...(entry.target === "bun" ? [house.plugin(entry)] : [])],
      target: entry.target,
      format: "esm",
      // Users meet this code in their stack traces; minified it would be read 1.5 ms sooner (10.1 for 11.8). A page loads the client.
      minify: entry.target === "browser",
      // jose is read where a backend asks for it; inside the face every start would parse it. Kysely is the user's too.
      external: ["*.so", "*.dylib", "*.dll", "jose", "kysely"],
      metafile: true,
    });
    const [output] = result.outputs;
    if (output === undefined || result.outputs.length !== 1) {
      throw new Error(`${entry.source} became ${result.outputs.length} files instead of one`);
    }
    const text = house.taken(await output.text());
    await Bun.write(join(folder, entry.file), text);
    for (const input of Object.keys(result.metafile?.inputs ?? {})) {
      const name = packageOf(input);
      if (name !== undefined) inside.add(name);
    }
    for (const { path } of new Bun.Transpiler({ loader: "js" }).scanImports(text.replace(/^#!.*/, ""))) {
      if (!path.startsWith(".") && !isBuiltin(path)) outside.add(packageName(path));
    }
  }
  return { inside, outside };
}

/** The library stands beside the bundle, never where the checkout builds it: two levels up is the user's project. */
const packageLayout: BunPlugin = {
  name: "package layout",
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\]native[/\\](?:embedded|library)\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      if (!text.includes("../../dist/native"))
        throw new Error(`${path} no longer names dist/native: look at scripts/pack/bundle.ts`);
      return { contents: text.replaceAll("../../dist/native", "./native"), loader: "ts" };
    });
  },
};

function packageOf(input: string): string | undefined {
  const path = relative(ROOT, resolve(input)).replaceAll("\\", "/");
  return /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
}
