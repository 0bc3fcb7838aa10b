import { resolve } from "node:path";

/**
 * The library inside a binary of `bun build --compile`, or copied beside a bundle.
 *
 * The bundler inlines `process.platform` and `process.arch`, drops the other branches and embeds the one file; a `require`
 * inside `try` that it cannot resolve it leaves to fail here. Two layouts: this source tree, and the published bundle, where
 * `native/` stands beside `index.js`.
 */
export function embeddedLibrary(): string | undefined {
  return located(fromSource) ?? located(fromPackage);
}

function located(find: () => unknown): string | undefined {
  const found = find();
  const path = typeof found === "string" ? found : (found as { default?: unknown } | undefined)?.default;
  return typeof path === "string" ? resolve(import.meta.dir, path) : undefined;
}

function fromSource(): unknown {
  try {
    if (process.platform === "linux" && process.arch === "x64") return require("../../dist/native/bolide-linux-x64.so");
    if (process.platform === "linux" && process.arch === "arm64")
      return require("../../dist/native/bolide-linux-arm64.so");
    if (process.platform === "darwin" && process.arch === "x64")
      return require("../../dist/native/bolide-darwin-x64.dylib");
    if (process.platform === "darwin" && process.arch === "arm64")
      return require("../../dist/native/bolide-darwin-arm64.dylib");
    if (process.platform === "win32" && process.arch === "x64")
      return require("../../dist/native/bolide-windows-x64.dll");
    if (process.platform === "win32" && process.arch === "arm64")
      return require("../../dist/native/bolide-windows-arm64.dll");
  } catch {
    // Not in this layout.
  }
  return undefined;
}

function fromPackage(): unknown {
  try {
    if (process.platform === "linux" && process.arch === "x64") return require("./native/bolide-linux-x64.so");
    if (process.platform === "linux" && process.arch === "arm64") return require("./native/bolide-linux-arm64.so");
    if (process.platform === "darwin" && process.arch === "x64") return require("./native/bolide-darwin-x64.dylib");
    if (process.platform === "darwin" && process.arch === "arm64") return require("./native/bolide-darwin-arm64.dylib");
    if (process.platform === "win32" && process.arch === "x64") return require("./native/bolide-windows-x64.dll");
    if (process.platform === "win32" && process.arch === "arm64") return require("./native/bolide-windows-arm64.dll");
  } catch {
    // Not in this layout.
  }
  return undefined;
}
