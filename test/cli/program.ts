import { setDefaultTimeout } from "bun:test";
import { join } from "node:path";

/** Milliseconds for a test that starts programs: a busy machine takes its time. */
setDefaultTimeout(30_000);

/** The checkout. */
export const ROOT = join(import.meta.dir, "../..");

/** The command line, as its users start it. */
export const BOLIDE: readonly string[] = [process.execPath, join(ROOT, "src/cli/main.ts")];

/** Where and with which environment a program runs. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a program left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export async function run(words: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  await using program = new Program(words, surroundings);
  return await program.ended();
}

/** A running program; disposing of it kills it where it has not ended. */
export class Program {
  readonly #child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  #out = "";
  #err = "";
  #heard = Promise.withResolvers<void>();
  readonly #read: Promise<unknown>;

  constructor(words: readonly string[], { cwd = ROOT, env = {} }: Surroundings = {}) {
    this.#child = Bun.spawn([...words], {
      cwd,
      env: { ...process.env, PORT: undefined, HOST: undefined, NODE_ENV: undefined, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#read = Promise.all([
      this.#listen(this.#child.stdout, (text) => (this.#out += text)),
      this.#listen(this.#child.stderr, (text) => (this.#err += text)),
    ]);
  }

  /** Waits until the program has written what the pattern matches, on either stream, and returns the match. Errors: it ended without. */
  async wrote(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#out) ?? pattern.exec(this.#err);
      if (found !== null) return found;
      const ended = await Promise.race([this.#heard.promise, this.#read.then(() => "ended" as const)]);
      if (ended === "ended" && !pattern.test(this.#out + this.#err)) {
        throw new Error(`the program ended without ${pattern}:\n${this.#out}${this.#err}`);
      }
    }
  }

  /** The address that a server has printed. */
  async address(): Promise<string> {
    return (await this.wrote(/ listens on (http:[^\s,]+)/))[1]!;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async ended(): Promise<Ended> {
    await this.#child.exited;
    await this.#read;
    return { code: this.#child.exitCode, signal: this.#child.signalCode, out: this.#out, err: this.#err };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async #listen(stream: ReadableStream<Uint8Array>, keep: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      keep(decoder.decode(chunk, { stream: true }));
      this.#heard.resolve();
      this.#heard = Promise.withResolvers();
    }
  }
}
