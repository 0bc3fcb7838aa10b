import { dirname, join, resolve } from "node:path";

const NAMESPACE = "bolide-no-migrations";

/**
 * Lets an app be loaded that imports its list of migrations where there is none yet, or one that a merge has left in pieces: until
 * `make` has written it, it is empty.
 */
export function standInFor(directory: string): void {
  const barrel = join(directory, "index.ts");
  const names = new Set([directory, barrel, join(directory, "index"), join(directory, "index.js")]);
  Bun.plugin({
    name: NAMESPACE,
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer }) =>
        names.has(resolve(dirname(importer), path)) ? { path: barrel, namespace: NAMESPACE } : undefined,
      );
      build.onLoad({ filter: /./, namespace: NAMESPACE }, () => ({
        contents: "export const migrations = {};",
        loader: "js",
      }));
    },
  });
}
