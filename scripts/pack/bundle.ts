import type { BuildConfig, BunPlugin } from "bun";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type Entry, FACE, ROOT, SOURCE } from "./entries.ts";

/** What the bundles hold: the names of the packages whose code was bundled, and of those that stay imports. */
export interface Bundled {
  readonly inside: ReadonlySet<string>;
  readonly outside: ReadonlySet<string>;
}

/**
 * Writes one ES module per entry.
 *
 * Hello world reads one file: the face is bundled whole. The command and the test client reach through the house for things
 * that the face does not show; for them the face's file exports those too, under names that no declaration mentions. Code
 * splitting would do the same with three files more.
 */
export async function bundle(entries: readonly Entry[], folder: string): Promise<Bundled> {
  const inside = new Set<string>();
  const outside = new Set<string>();
  const face = await InnerNames.read();
  for (const entry of [...entries.filter((each) => each !== FACE), FACE]) {
    const config = entry === FACE ? face.entry() : { entrypoints: [join(SOURCE, entry.source)] };
    const plugins = entry === FACE ? [packageLayout] : entry.target === "bun" ? [face.plugin(entry)] : [];
    const result = await Bun.build({
      ...config,
      plugins,
      target: entry.target,
      format: "esm",
      // Users meet this code in their stack traces; minified it starts no sooner (33 ms either way). A page loads the client.
      minify: entry.target === "browser",
      external: ["*.so", "*.dylib", "*.dll"],
      metafile: true,
    });
    const [output] = result.outputs;
    if (output === undefined || result.outputs.length !== 1) {
      throw new Error(`${entry.source} became ${result.outputs.length} files instead of one`);
    }
    await Bun.write(join(folder, entry.file), await output.text());
    for (const input of Object.keys(result.metafile?.inputs ?? {})) {
      const name = packageOf(input);
      if (name !== undefined) inside.add(name);
    }
    for (const { path } of new Bun.Transpiler({ loader: "js" }).scanImports(await output.text())) {
      if (/^(?!bun$|bun:|node:)[@a-z]/.test(path)) outside.add(path.split("/").slice(0, path.startsWith("@") ? 2 : 1).join("/"));
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
      if (!text.includes("../../dist/native")) throw new Error(`${path} no longer names dist/native: look at scripts/pack/bundle.ts`);
      return { contents: text.replaceAll("../../dist/native", "./native"), loader: "ts" };
    });
  },
};

/** What the other entries take from behind the face, found while they are bundled. */
class InnerNames {
  readonly #public: Readonly<Record<string, unknown>>;
  /** Name in the face's file to the module and the name there. */
  readonly #inner = new Map<string, { readonly module: string; readonly name: string }>();

  private constructor(face: Readonly<Record<string, unknown>>) {
    this.#public = face;
  }

  static async read(): Promise<InnerNames> {
    return new InnerNames((await import(join(SOURCE, FACE.source))) as Record<string, unknown>);
  }

  /** Sends imports that leave the entry's own room to the face's file. */
  plugin(entry: Entry): BunPlugin {
    const room = join(SOURCE, dirname(entry.source)) + sep;
    return {
      name: "one house",
      setup: (build) => {
        build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
          const target = resolve(dirname(importer), path);
          const leaves = importer.startsWith(room) && target.startsWith(SOURCE + sep) && !target.startsWith(room);
          return leaves ? { path: target, namespace: "house" } : undefined;
        });
        build.onResolve({ filter: /^bolide-face$/ }, () => ({ path: `./${FACE.file}`, external: true }));
        build.onLoad({ filter: /.*/, namespace: "house" }, async ({ path }) => ({
          contents: await this.#reexports(path),
          loader: "js",
        }));
      },
    };
  }

  /** The face and what was asked of it besides. */
  entry(): Pick<BuildConfig, "entrypoints"> & { files: Record<string, string> } {
    const path = join(SOURCE, "packed-face.ts");
    const inner = [...this.#inner].map(([alias, { module, name }]) => `export { ${name} as ${alias} } from "./${module}";`);
    return { entrypoints: [path], files: { [path]: [`export * from "./${FACE.source}";`, ...inner].join("\n") } };
  }

  async #reexports(path: string): Promise<string> {
    const module = relative(SOURCE, path).replaceAll(sep, "/");
    const values = (await import(path)) as Readonly<Record<string, unknown>>;
    const names = Object.keys(values).map((name) => {
      if (name in this.#public && this.#public[name] === values[name]) return name;
      const alias = `$${module.replace(/(?:\/index)?\.ts$/, "").replace(/\W/g, "_")}_${name}`;
      this.#inner.set(alias, { module, name });
      return `${alias} as ${name}`;
    });
    return `export { ${names.join(", ")} } from "bolide-face";`;
  }
}

function packageOf(input: string): string | undefined {
  return /(?:^|.*[/\\])node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(relative(ROOT, resolve(input)))?.[1]?.replaceAll("\\", "/");
}
