import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a command said and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A user's machine in a temporary folder: a home and a cache of its own, and nothing but Bun on the PATH. */
export class Project {
  readonly folder: string;
  readonly #machine = mkdtempSync(join(tmpdir(), "user-machine-"));

  constructor() {
    this.folder = this.place("project");
    const programs = this.place("bin");
    for (const name of ["bun", "bunx"]) symlinkSync(process.execPath, join(programs, name));
  }

  /** A folder of the machine, made if it is not there. */
  place(name: string): string {
    const path = join(this.#machine, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  write(name: string, content: string | object): void {
    writeFileSync(join(this.folder, name), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }

  /** Runs a command to its end, in the project. */
  run(...command: readonly string[]): Promise<Outcome> {
    return this.runIn("project", ...command);
  }

  async runIn(place: string, ...command: readonly string[]): Promise<Outcome> {
    const child = this.start(command, place);
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { code, out, err };
  }

  /** Starts a command; where in the machine is `in`, by default the project. */
  start(command: readonly string[], place = "project"): Bun.Subprocess<"ignore", "pipe", "pipe"> {
    const { BOLIDE_NATIVE: _, ...inherited } = process.env;
    const env = {
      ...inherited,
      HOME: this.place("home"),
      BUN_INSTALL_CACHE_DIR: this.place("cache"),
      PATH: this.place("bin"),
    };
    // `bun` is looked up on the PATH of this process, not on the child's.
    const [program = "", ...options] = command;
    const path = program.includes("/") ? program : join(this.place("bin"), program);
    return Bun.spawn([path, ...options], {
      cwd: this.place(place),
      env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  }

  remove(): void {
    rmSync(this.#machine, { recursive: true, force: true });
  }
}

/** The address that `bolide serve` and the binaries print. Errors: what the process said instead, when it ends without one. */
export async function printedAddress(server: Bun.Subprocess<"ignore", "pipe", "pipe">): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  for await (const chunk of server.stdout) {
    said += decoder.decode(chunk, { stream: true });
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
    if (found !== null) return found[0];
  }
  throw new Error(`No address was printed: ${said}${await new Response(server.stderr).text()}`);
}
