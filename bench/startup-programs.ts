import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { results } from "./data.ts";

/** The programs whose start is measured. */
export const names = ["raw", "bolide", "hono", "elysia"] as const;
export type Name = (typeof names)[number];

const here = import.meta.dir;
const folder = join(results, "startup");
const ROUTES = 1000;

/** Whether what a program imports is there. */
export function available(name: Name): boolean {
  if (name === "raw") return true;
  return existsSync(name === "bolide" ? join(here, "..", "src", "index.ts") : join(here, "node_modules", name));
}

const heads: Readonly<Record<Name, string>> = {
  raw: "const routes = {\n",
  bolide: 'import { Api, t } from "bolide";\nconst api = new Api({ title: "Many", version: "1.0.0" });\n',
  hono: 'import { zValidator } from "@hono/zod-validator";\nimport { Hono } from "hono";\nimport * as z from "zod";\nconst app = new Hono();\n',
  elysia: 'import { Elysia, t } from "elysia";\nconst app = new Elysia();\n',
};

const routes: Readonly<Record<Name, (n: number) => string>> = {
  raw: (n) => `"/items${n}": { POST: async (r: Request) => Response.json(await r.json()) },`,
  bolide: (n) =>
    `api.post("/items${n}", { body: { id${n}: t.Integer({ minimum: ${n} }), name: t.String({ maxLength: 50 }), tags: t.Array(t.String()) } }, ({ body }) => body);`,
  hono: (n) =>
    `app.post("/items${n}", zValidator("json", z.object({ id${n}: z.int().min(${n}), name: z.string().max(50), tags: z.array(z.string()) })), (c) => c.json(c.req.valid("json")));`,
  elysia: (n) =>
    `app.post("/items${n}", ({ body }) => body, { body: t.Object({ id${n}: t.Integer({ minimum: ${n} }), name: t.String({ maxLength: 50 }), tags: t.Array(t.String()) }) });`,
};

const port = "Number(Bun.env.PORT)";
const tails: Readonly<Record<Name, string>> = {
  raw: `};\nBun.serve({ hostname: "127.0.0.1", port: ${port}, development: false, routes: { ...routes, "/": { GET: () => new Response("ready") } } });`,
  bolide: `api.get("/", () => "ready");\nawait api.listen({ host: "127.0.0.1", port: ${port} });`,
  hono: `app.get("/", (c) => c.text("ready"));\nBun.serve({ hostname: "127.0.0.1", port: ${port}, development: false, fetch: app.fetch });`,
  elysia: `app.get("/", () => "ready").listen({ hostname: "127.0.0.1", port: ${port} });`,
};

const thousand = (name: Name): string =>
  [heads[name], ...Array.from({ length: ROUTES }, (_, n) => routes[name](n)), tails[name]].join("\n");

/** Bolide as it is packed, found in `node_modules` as users find it. */
async function pack(): Promise<void> {
  const script = join(here, "..", "scripts", "pack.ts");
  const child = Bun.spawn([process.execPath, script, "--unchecked", "--out", folder], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const errors = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`Bolide could not be packed:\n${errors}`);
  cpSync(join(folder, "package"), join(folder, "node_modules", "bolide"), { recursive: true });
}

/** Writes the programs, away from the paths of this repository's tsconfig, and gives their folder. */
export async function writePrograms(): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await Bun.write(join(folder, "tsconfig.json"), "{}");
  if (available("bolide")) await pack();
  for (const name of names) {
    cpSync(join(here, "hello", `${name}.ts`), join(folder, `hello-${name}.ts`));
    await Bun.write(join(folder, `thousand-${name}.ts`), thousand(name));
  }
  return folder;
}

/** Compiles a program into a single binary and gives its path. */
export async function compile(source: string): Promise<string> {
  const outfile = source.replace(/\.ts$/, "");
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm"];
  const child = Bun.spawn([process.execPath, "build", ...flags, source, "--outfile", outfile], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const errors = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`${source} could not be compiled:\n${errors}`);
  return outfile;
}
