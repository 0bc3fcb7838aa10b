import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./program.ts";

/** What the sources of this checkout need beside them to be type-checked; the package ships declarations instead. */
export const AMBIENT = "node_modules/bolide/src/native/files.d.ts";

/** A project in a temporary directory, with this checkout as its bolide; disposing of it removes it. */
export class Project {
  readonly directory = mkdtempSync(join(tmpdir(), "bolide-cli-"));

  constructor(files: Readonly<Record<string, string>>) {
    const bolide = {
      name: "bolide",
      version: "0.0.0",
      type: "module",
      exports: {
        ".": "./src/index.ts",
        "./client": "./src/client/index.ts",
        "./testing": "./src/testing/index.ts",
        "./views": "./src/views/index.ts",
      },
    };
    this.write("node_modules/bolide/package.json", JSON.stringify(bolide));
    symlinkSync(join(ROOT, "src"), join(this.directory, "node_modules/bolide/src"));
    symlinkSync(join(ROOT, "node_modules/bun-types"), join(this.directory, "node_modules/bun-types"));
    if (files["package.json"] === undefined)
      this.write("package.json", JSON.stringify({ name: "project", type: "module" }));
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = join(this.directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
