import type { BunPlugin } from "bun";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type Entry, FACE, SOURCE } from "./entries.ts";

/** The house in bundles: each room is in one of them, and the other bundles import it from there. */
export interface House {
  /** Sends an entry's imports of rooms that other bundles hold to those bundles. */
  plugin(entry: Entry): BunPlugin;
  /** Notes which names from behind the doors of others a finished bundle uses, and gives it back without the imports of the rest. */
  taken(bundle: string): string;
  /** An entry that holds rooms, with the names that were taken from behind its door. */
  holder(entry: Entry): { entrypoints: string[]; files: Record<string, string> };
}

type Exports = Readonly<Record<string, unknown>>;

interface Inner {
  readonly alias: string;
  readonly holder: Entry;
  readonly module: string;
  readonly name: string;
}

export async function openHouse(entries: readonly Entry[]): Promise<House> {
  const holders = entries.filter((entry) => entry === FACE || entry.rooms !== undefined);
  const shown = new Map<Entry, Exports>();
  for (const holder of holders) shown.set(holder, (await import(join(SOURCE, holder.source))) as Exports);
  const offered = new Map<string, Inner>();
  const used = new Set<string>();

  /** The bundle that holds a module, by its path below src. */
  const holderOf = (module: string): Entry => {
    const room = module.split("/", 1)[0]!;
    return holders.find(({ rooms }) => rooms?.includes(room)) ?? FACE;
  };

  /** A module as a list of names to fetch from its bundle: by the public name where it is the same value, else by an alias. */
  const fetched = async (module: string): Promise<string> => {
    const holder = holderOf(module);
    const values: Exports = await import(join(SOURCE, module));
    const face = shown.get(holder)!;
    const names = Object.entries(values).map(([name, value]) => {
      if (name in face && face[name] === value) return name;
      const alias = `$${module.replace(/(?:\/index)?\.ts$/, "").replace(/\W/g, "_")}_${name}`;
      offered.set(alias, { alias, holder, module, name });
      return `${alias} as ${name}`;
    });
    return `export { ${names.join(", ")} } from "bolide-bundle:${holder.file}";`;
  };

  return {
    plugin: (entry) => ({
      name: "one house",
      setup(build) {
        const room = join(SOURCE, dirname(entry.source)) + sep;
        build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
          const target = resolve(dirname(importer), path);
          if (!importer.startsWith(SOURCE + sep) || !target.startsWith(SOURCE + sep)) return undefined;
          const module = relative(SOURCE, target).replaceAll(sep, "/");
          const late = entries.find((each) => each.late === true && each !== entry && each.source === module);
          if (late !== undefined) return { path: `./${late.file}`, external: true };
          const stays = holderOf(module) === entry || (entry !== FACE && target.startsWith(room));
          return stays ? undefined : { path: module, namespace: "house" };
        });
        build.onResolve({ filter: /^bolide-bundle:/ }, ({ path }) => ({
          path: `./${path.slice("bolide-bundle:".length)}`,
          external: true,
        }));
        build.onLoad({ filter: /.*/, namespace: "house" }, async ({ path }) => ({
          contents: await fetched(path),
          loader: "js",
        }));
      },
    }),
    taken(bundle) {
      let text = bundle;
      for (const { file } of holders) {
        // The bundler keeps every name of an import from outside, used or not.
        const statement = new RegExp(`^import \\{([^}]*)\\} from "\\./${file}";\\n`, "gm");
        const rest = text.replace(statement, "");
        const isUsed = (name: string): boolean => rest.includes(name.split(" as ").at(-1) ?? name);
        for (const alias of offered.keys()) if (rest.includes(alias)) used.add(alias);
        text = text.replace(statement, (_, names: string) => {
          const kept = names
            .split(",")
            .map((name) => name.trim())
            .filter(isUsed);
          return kept.length === 0 ? "" : `import { ${kept.join(", ")} } from "./${file}";\n`;
        });
      }
      return text;
    },
    holder(entry) {
      const path = join(SOURCE, `packed-${entry.file.replace(/\.js$/, ".ts")}`);
      const inner = [...offered.values()]
        .filter(({ alias, holder }) => holder === entry && used.has(alias))
        .map(({ alias, module, name }) => `export { ${name} as ${alias} } from "./${module}";`);
      return { entrypoints: [path], files: { [path]: [`export * from "./${entry.source}";`, ...inner].join("\n") } };
    },
  };
}
