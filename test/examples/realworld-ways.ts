import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "bun:test";
import { mismatch } from "./realworld-answers.ts";

const ROOT = join(import.meta.dir, "../..");
const SECRET = "a secret of the tests, long enough for HS256";

/** An answer whose body fits RealWorld's document. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of any shape
  readonly body: any;
}

/** What goes with a request. */
export interface Sent {
  readonly token?: string | undefined;
  readonly body?: unknown;
}

/** One of the ways on which requests reach the application. */
export interface Way {
  readonly name: string;
  readonly base: string;
  fetch(request: Request): Promise<Response> | Response;
  stop(): Promise<void>;
}

/** Sends a request, and holds the answer against the document. */
export async function ask(way: Way, method: string, path: string, { token, body }: Sent = {}): Promise<Answer> {
  const headers: Record<string, string> = { "x-requested-with": "XMLHttpRequest" };
  if (token !== undefined) headers["authorization"] = `Token ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const request = new Request(`${way.base}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await way.fetch(request);
  const text = await response.text();
  const answer = {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
  expect(mismatch(method, path, answer.status, answer.body)).toEqual([]);
  return answer;
}

/** By `api.handle`, on SQLite. What it reads of the environment it reads when it is loaded: once in a test file. */
export async function inProcess(): Promise<Way> {
  const folder = mkdtempSync(join(tmpdir(), "realworld-"));
  const given = { REALWORLD_DB: join(folder, "new/realworld.db"), JWT_SECRET: SECRET, REALWORLD_SEED: "0" };
  Object.assign(Bun.env, given);
  const { api } = await import("../../examples/realworld/api.ts");
  const end = (await api.settings.lifespan?.(api as never)) as () => Promise<void>;
  return {
    name: "in process, SQLite",
    base: "http://realworld.test/api",
    fetch: (request) => api.handle(request),
    async stop() {
      await end();
      for (const name of Object.keys(given)) delete Bun.env[name];
      rmSync(folder, { recursive: true });
    },
  };
}

/** A program of its own: the source by `bolide serve`, in an empty folder unless one is given. */
export async function served(env: Readonly<Record<string, string>> = {}, folder?: string): Promise<Way> {
  const own = folder ?? mkdtempSync(join(tmpdir(), "realworld-"));
  const program = [process.execPath, join(ROOT, "src/cli/main.ts"), "serve", join(ROOT, "examples/realworld/api.ts")];
  const child = Bun.spawn([...program, "--port", "0", "--debug"], {
    cwd: own,
    env: { PATH: Bun.env["PATH"] ?? "", JWT_SECRET: SECRET, REALWORLD_SEED: "0", ...env },
    stdout: "pipe",
    stderr: "pipe",
  });
  const base = `${await addressOf(child.stdout, child.stderr)}/api`;
  return {
    name: `over a socket, ${env["DATABASE_URL"] === undefined ? "SQLite" : "PostgreSQL"}`,
    base,
    fetch: (request) => fetch(request),
    async stop() {
      child.kill("SIGTERM");
      expect(await child.exited).toBe(0);
      if (folder === undefined) rmSync(own, { recursive: true });
    },
  };
}

/** Whatever listens at `REALWORLD_URL`, as in `http://127.0.0.1:8000/api`: the binary, or somebody else's. */
export const elsewhere = (base: string): Way => ({
  name: `at ${base}`,
  base,
  fetch: (request) => fetch(request),
  stop: async () => {},
});

async function addressOf(output: ReadableStream<Uint8Array>, errors: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    const found = /listens on (http:\S+)/.exec(text)?.[1];
    if (found !== undefined && text.endsWith("\n")) return found;
  }
  throw new Error(`the program ended: ${text}${await new Response(errors).text()}`);
}
