/**
 * The library inside a binary of `bun build --compile`, or the copy that `bun build` puts beside a bundle.
 *
 * `import()` is what a bundler follows, but the library is wanted synchronously: so the imports below are never run, and the
 * file that they made the bundler take along is found by its name, to which the bundler adds a hash.
 */
export function embeddedLibrary(file: string): string | undefined {
  const [name, extension] = file.split(".", 2);
  const copy = takenAlong().find((each) => each.startsWith(`${name}-`) && each.endsWith(`.${extension}`));
  return copy === undefined ? undefined : process.getBuiltinModule("node:path").join(import.meta.dir, copy);
}

function takenAlong(): readonly string[] {
  // Asking for the imports keeps them in the bundle.
  if (IMPORTS.length === 0) return [];
  if (!Bun.isStandaloneExecutable) return process.getBuiltinModule("node:fs").readdirSync(import.meta.dir);
  // A Blob by its type, a file with a name in fact.
  return Bun.embeddedFiles.map((each) => (each as File).name);
}

/**
 * One branch per platform: the bundler inlines `process.platform` and `process.arch` and drops the others. Two layouts, this
 * source tree and the published bundle with `native/` beside it: inside `try` an import that cannot be resolved is no error.
 */
const IMPORTS: readonly (() => Promise<unknown>)[] = [
  async () => {
    try {
      if (process.platform === "linux" && process.arch === "x64") await import("../../dist/native/bolide-linux-x64.so");
      if (process.platform === "linux" && process.arch === "arm64")
        await import("../../dist/native/bolide-linux-arm64.so");
      if (process.platform === "darwin" && process.arch === "x64")
        await import("../../dist/native/bolide-darwin-x64.dylib");
      if (process.platform === "darwin" && process.arch === "arm64")
        await import("../../dist/native/bolide-darwin-arm64.dylib");
      if (process.platform === "win32" && process.arch === "x64")
        await import("../../dist/native/bolide-windows-x64.dll");
      if (process.platform === "win32" && process.arch === "arm64")
        await import("../../dist/native/bolide-windows-arm64.dll");
    } catch {
      // Never run.
    }
  },
  async () => {
    try {
      if (process.platform === "linux" && process.arch === "x64") await import("./native/bolide-linux-x64.so");
      if (process.platform === "linux" && process.arch === "arm64") await import("./native/bolide-linux-arm64.so");
      if (process.platform === "darwin" && process.arch === "x64") await import("./native/bolide-darwin-x64.dylib");
      if (process.platform === "darwin" && process.arch === "arm64") await import("./native/bolide-darwin-arm64.dylib");
      if (process.platform === "win32" && process.arch === "x64") await import("./native/bolide-windows-x64.dll");
      if (process.platform === "win32" && process.arch === "arm64") await import("./native/bolide-windows-arm64.dll");
    } catch {
      // Never run.
    }
  },
];
