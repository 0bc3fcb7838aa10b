import { describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../cli/program.ts";
import { Project } from "../cli/project.ts";

/** Prints what an api of the project answers to: a path, and the files that its page loads. */
const ASKING = `import { Api } from "bolide";
const api = new Api({ title: "Asked" });
const ask = async (path) => {
  const response = await api.handle(new Request("http://localhost" + path));
  return { status: response.status, policy: response.headers.get("content-security-policy"), text: await response.text() };
};
const page = await ask(process.argv[2]);
const files = [...page.text.matchAll(/(?:src|href)="([^"]*assets[^"]*)"/g)].map(([, url]) => "/" + url);
console.log(JSON.stringify({ ...page, files: await Promise.all(files.map(async (file) => (await ask(file)).text)) }));`;

interface Page {
  readonly status: number;
  readonly policy: string;
  readonly text: string;
  readonly files: readonly string[];
}

async function ask(project: Project, path: string, cwd = project.directory): Promise<Page> {
  const { out, err } = await run([process.execPath, join(project.directory, "ask.ts"), path], { cwd });
  expect(err).toBe("");
  return JSON.parse(out) as Page;
}

/** Stands in for a version of Swagger UI that the project has chosen. */
const CHOSEN: Readonly<Record<string, string>> = {
  "node_modules/swagger-ui-dist/package.json": '{"name":"swagger-ui-dist","version":"5.99.0"}',
  "node_modules/swagger-ui-dist/swagger-ui-bundle.js": 'chosen("script");',
  "node_modules/swagger-ui-dist/swagger-ui.css": ".chosen {}",
};

describe("in a project,", () => {
  test.each([
    ["/swagger", "Swagger UI", "bun add swagger-ui-dist@5"],
    ["/redoc", "Redoc", "bun add redoc@2"],
    ["/rapidoc", "RapiDoc", "bun add rapidoc@9"],
    ["/elements", "Stoplight Elements", "bun add @stoplight/elements@9"],
  ])("%s without its package says the one command that adds it, and loads nothing", async (path, name, command) => {
    using project = new Project({ "ask.ts": ASKING });
    const { status, text, policy, files } = await ask(project, path);
    expect([status, files]).toEqual([404, []]);
    expect(text).toContain(`<h1>${name} is not installed</h1>`);
    expect(text).toContain(`<pre><code>${command}</code></pre>`);
    expect(text).not.toContain("<script");
    expect(policy).toContain("script-src 'self';");
  });

  test("a viewer that is nowhere is not fetched, even where Bun would install what is imported", async () => {
    using project = new Project({ "ask.ts": ASKING });
    // No node_modules above: there Bun's resolver goes to the registry.
    using bare = new Project({});
    rmSync(join(bare.directory, "node_modules"), { recursive: true });
    expect((await ask(project, "/swagger", bare.directory)).status).toBe(404);
  });

  test("Scalar is there, as it comes with Bolide", async () => {
    using project = new Project({ "ask.ts": ASKING });
    const { status, files } = await ask(project, "/docs");
    expect([status, files.length]).toEqual([200, 1]);
    expect(files[0]!.length).toBeGreaterThan(4_000_000);
  });

  test("a viewer is the one that the project has installed", async () => {
    using project = new Project({ "ask.ts": ASKING, ...CHOSEN });
    const { status, files } = await ask(project, "/swagger");
    expect([status, ...files.toSorted()]).toEqual([200, ".chosen {}", 'chosen("script");']);
    expect((await ask(project, "/redoc")).status).toBe(404);
  });

  test("it is found where the program is started from, and beside the program", async () => {
    using program = new Project({ "ask.ts": ASKING });
    using project = new Project(CHOSEN);
    expect((await ask(program, "/swagger", project.directory)).files).toContain('chosen("script");');
    for (const [path, text] of Object.entries(CHOSEN)) program.write(path, text.replace("chosen", "beside"));
    expect((await ask(program, "/swagger", tmpdir())).files).toContain('beside("script");');
    expect((await ask(program, "/swagger", project.directory)).files).toContain('chosen("script");');
  });
});
