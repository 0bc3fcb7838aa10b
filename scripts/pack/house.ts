import type { BunPlugin } from "bun";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type Entry, FACE, SOURCE } from "./entries.ts";

/** One bundle of the whole house, which the other entries import instead of bundling rooms of their own. */
export interface House {
  /** Sends an entry's imports from outside its own room to the file of the face. */
  plugin(entry: Entry): BunPlugin;
  /** Notes which names from behind the face a finished bundle uses, and gives it back without the imports of others. */
  taken(bundle: string): string;
  /** The face, with the names that were taken. */
  face(): { entrypoints: string[]; files: Record<string, string> };
}

type Exports = Readonly<Record<string, unknown>>;

interface Inner {
  readonly alias: string;
  readonly module: string;
  readonly name: string;
}

export async function openHouse(): Promise<House> {
  const shown: Exports = await import(join(SOURCE, FACE.source));
  const offered = new Map<string, Inner>();
  const used = new Set<string>();

  /** A module as a list of names to fetch from the face: by its public name where it is the same value, else by an alias. */
  const fromFace = async (module: string): Promise<string> => {
    const values: Exports = await import(join(SOURCE, module));
    const names = Object.entries(values).map(([name, value]) => {
      if (name in shown && shown[name] === value) return name;
      const alias = `$${module.replace(/(?:\/index)?\.ts$/, "").replace(/\W/g, "_")}_${name}`;
      offered.set(alias, { alias, module, name });
      return `${alias} as ${name}`;
    });
    return `export { ${names.join(", ")} } from "bolide-face";`;
  };

  return {
    plugin: (entry) => ({
      name: "one house",
      setup(build) {
        const room = join(SOURCE, dirname(entry.source)) + sep;
        build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
          const target = resolve(dirname(importer), path);
          const leaves = importer.startsWith(room) && target.startsWith(SOURCE + sep) && !target.startsWith(room);
          return leaves ? { path: relative(SOURCE, target).replaceAll(sep, "/"), namespace: "house" } : undefined;
        });
        build.onResolve({ filter: /^bolide-face$/ }, () => ({ path: `./${FACE.file}`, external: true }));
        build.onLoad({ filter: /.*/, namespace: "house" }, async ({ path }) => ({
          contents: await fromFace(path),
          loader: "js",
        }));
      },
    }),
    taken(bundle) {
      // The bundler keeps every name of an import from outside, used or not.
      const statement = new RegExp(`^import \\{([^}]*)\\} from "\\./${FACE.file}";\\n`, "gm");
      const rest = bundle.replace(statement, "");
      const isUsed = (name: string): boolean => rest.includes(name.split(" as ").at(-1) ?? name);
      for (const alias of offered.keys()) if (rest.includes(alias)) used.add(alias);
      return bundle.replace(statement, (_, names: string) => {
        const kept = names
          .split(",")
          .map((name) => name.trim())
          .filter(isUsed);
        return kept.length === 0 ? "" : `import { ${kept.join(", ")} } from "./${FACE.file}";\n`;
      });
    },
    face() {
      const path = join(SOURCE, "packed-face.ts");
      const inner = [...offered.values()]
        .filter(({ alias }) => used.has(alias))
        .map(({ alias, module, name }) => `export { ${name} as ${alias} } from "./${module}";`);
      return { entrypoints: [path], files: { [path]: [`export * from "./${FACE.source}";`, ...inner].join("\n") } };
    },
  };
}
