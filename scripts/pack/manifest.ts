import { join } from "node:path";
import { type Entry, ROOT } from "./entries.ts";

/** What the package takes from the repository's own package.json. */
interface Repository {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

export const repository = (): Promise<Repository> => Bun.file(join(ROOT, "package.json")).json();

/** Types of Bun's own modules: a project that type-checks has them, one that only runs needs none. */
const TYPES_OF_BUN = ["bun-types", ">=1.4.0"] as const;

/** Packages that a project may have: each is asked for only where it is used. */
const PEERS: Readonly<Record<string, string>> = Object.fromEntries([
  TYPES_OF_BUN,
  ["@stoplight/elements", "^9.0.0"],
  ["rapidoc", "^9.3.0"],
  ["redoc", "^2.5.0"],
  ["swagger-ui-dist", "^5.0.0"],
]);

/**
 * The package.json that users get: entry points, exact pins of what the code or the declarations import, and nothing that
 * serves development only. Errors: an import of a package that is no dependency.
 */
export function manifest(from: Repository, entries: readonly Entry[], imported: ReadonlySet<string>): object {
  const dependencies = [...imported].map((name) => {
    const version = from.dependencies[name];
    if (version === undefined || !/^\d/.test(version))
      throw new Error(`The package imports ${name}, which is no pinned dependency`);
    return [name, version] as const;
  });
  const exports = entries.flatMap(({ specifier, source, file }) =>
    specifier === undefined
      ? []
      : [[specifier, { types: `./types/${source.replace(/\.ts$/, ".d.ts")}`, import: `./${file}` }]],
  );
  return {
    name: from.name,
    version: from.version,
    description: from.description,
    keywords: ["bun", "api", "framework", "http", "server", "typed", "validation", "zig"],
    license: from.license,
    type: "module",
    sideEffects: false,
    engines: from.engines,
    exports: { ...Object.fromEntries(exports), "./package.json": "./package.json" },
    bin: Object.fromEntries(entries.flatMap(({ bin, file }) => (bin === undefined ? [] : [[bin, `./${file}`]]))),
    files: ["*.js", "types", "native", "bolide-pages", "NOTICE", "CHANGELOG.md"],
    dependencies: Object.fromEntries(dependencies.sort(([one], [other]) => one.localeCompare(other))),
    peerDependencies: PEERS,
    peerDependenciesMeta: Object.fromEntries(Object.keys(PEERS).map((name) => [name, { optional: true }])),
  };
}
