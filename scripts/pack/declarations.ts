import { isBuiltin } from "node:module";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Entry, packageName, ROOT, SOURCE } from "./entries.ts";

/** A specifier in each way that the compiler writes one; comments and literals are matched to be stepped over. */
const TOKEN = /\/\*[^]*?\*\/|(\bfrom |\bimport\(|\bimport )"([^"]+)"|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/**
 * Writes the declarations that the entries show into `folder`, and gives the names of the packages that they mention.
 *
 * The compiler leaves `./x.ts` in declarations, whatever it is told about rewriting: here it becomes `./x.js`, which is how a
 * declaration names its neighbour. Errors: what the compiler says, when it says anything.
 */
export async function declarations(entries: readonly Entry[], folder: string): Promise<ReadonlySet<string>> {
  const emitted = `${folder}.emitted`;
  emit(entries, emitted);
  const packages = new Set<string>();
  const kept = new Set<string>();
  const queue = entries.flatMap(({ specifier, source }) => (specifier === undefined ? [] : [declaration(source)]));
  for (const name of queue) {
    if (kept.has(name)) continue;
    kept.add(name);
    const text = await Bun.file(join(emitted, name)).text();
    const written = text.replace(TOKEN, (whole, keyword: string | undefined, specifier: string | undefined) => {
      if (keyword === undefined || specifier === undefined) return whole;
      if (!specifier.startsWith(".")) {
        if (!isBuiltin(specifier)) packages.add(packageName(specifier));
        return whole;
      }
      queue.push(relative(emitted, declaration(join(emitted, dirname(name), specifier))));
      return `${keyword}"${specifier.replace(/\.ts$/, ".js")}"`;
    });
    await Bun.write(join(folder, name), written);
  }
  rmSync(emitted, { recursive: true });
  return packages;
}

const declaration = (source: string): string => source.replace(/\.ts$/, ".d.ts");

function emit(entries: readonly Entry[], outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const project = join(outDir, "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir,
    rootDir: SOURCE,
    typeRoots: [join(ROOT, "node_modules")],
    // For the type check to say, which reads more than what is packed.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const files = [
    ...entries.flatMap(({ specifier, source }) => (specifier === undefined ? [] : [join(SOURCE, source)])),
    // Declarations without an import, such as those of file kinds, are found by nobody else.
    ...new Bun.Glob("**/*.d.ts").scanSync({ cwd: SOURCE, absolute: true }),
  ];
  writeFileSync(project, JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions, include: [], files }));
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { exitCode, stdout } = Bun.spawnSync([process.execPath, compiler, "--project", project], { cwd: ROOT });
  if (exitCode !== 0) throw new Error(`The declarations could not be emitted:\n${stdout.toString()}`);
}
