import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOLIDE, Program, run } from "../cli/program.ts";
import { Project } from "../cli/project.ts";

const api = (id: string, more = "") => `import { Api, t } from "bolide";
export const api = new Api({ title: "Small" });
api.get("/x/:id", { params: { id: ${id} }, response: t.Object({ id: ${id} }) }, ({ params }) => params as never);
${more}`;

const bolide = (project: Project, ...words: string[]) => run([...BOLIDE, ...words], { cwd: project.directory });

describe("bolide openapi", () => {
  test("prints the document as JSON", async () => {
    using project = new Project({ "api.ts": api("t.Integer()") });
    const { code, out, err } = await bolide(project, "openapi", "api.ts");
    expect([code, err]).toEqual([0, ""]);
    const document = JSON.parse(out) as { readonly info: object; readonly paths: object };
    expect([document.info, Object.keys(document.paths)]).toEqual([{ title: "Small", version: "0.0.0" }, ["/x/{id}"]]);
  });

  test("writes it as JSON or as YAML, into folders that are not there yet", async () => {
    using project = new Project({ "api.ts": api("t.Integer()") });
    for (const name of ["docs/openapi.json", "docs/deep/openapi.yaml"])
      expect(await bolide(project, "openapi", "api.ts", "--out", name)).toMatchObject({ code: 0, out: "", err: "" });
    const read = (name: string) => readFileSync(join(project.directory, name), "utf8");
    expect(Bun.YAML.parse(read("docs/deep/openapi.yaml"))).toEqual(JSON.parse(read("docs/openapi.json")));
    expect(read("docs/openapi.json")).toEndWith("}\n");
  });

  test("lists what breaks, and then fails", async () => {
    using project = new Project({
      "old.ts": api("t.Integer()", 'api.get("/y", () => 1);'),
      "new.ts": api("t.Integer({ maximum: 9 })"),
    });
    await bolide(project, "openapi", "old.ts", "--out", "openapi.yaml");
    expect(await bolide(project, "openapi", "old.ts", "--diff", "openapi.yaml")).toMatchObject({
      code: 0,
      out: "nothing breaks for clients of openapi.yaml\n",
    });
    const changed = await bolide(project, "openapi", "new.ts", "--diff", "openapi.yaml", "--out", "openapi.yaml");
    expect([changed.code, changed.out]).toEqual([
      1,
      ["GET /x/{id}: path parameter id: maximum is 9, it was free", "GET /y: is gone", ""].join("\n"),
    ]);
    // The older document was read before it was written over.
    expect((await bolide(project, "openapi", "new.ts", "--diff", "openapi.yaml")).code).toBe(0);
  });

  test.each([
    [["--strict"], 1, "GET /y: declares no response"],
    [["--out", "openapi.txt"], 2, "--out openapi.txt: the document is .json or .yaml"],
    [["--diff", "none.json"], 1, "none.json: there is no such file"],
    [["--diff", "bad.json"], 1, "bad.json cannot be read: "],
    [["--diff", "package.json"], 1, "package.json is no OpenAPI document"],
  ])("%j is refused in a sentence", async (words, code, message) => {
    using project = new Project({
      "api.ts": api("t.Integer()", 'api.get("/y", () => 1);'),
      "bad.json": "{",
      "package.json": "{}",
    });
    const refused = await bolide(project, "openapi", "api.ts", ...words);
    expect([refused.code, refused.out]).toEqual([code, ""]);
    expect(refused.err).toStartWith(`bolide: ${message}`);
    expect(existsSync(join(project.directory, "openapi.txt"))).toBe(false);
  });

  test("and bolide serve, check and build name what is given twice", async () => {
    const User = (type: string) => `t.Object({ a: ${type} }, { $id: "User" })`;
    const twice = `api.get("/a", { response: ${User("t.Integer()")} }, () => ({ a: 1 }));
api.get("/b", { response: ${User("t.Boolean()")} }, () => ({ a: true }));`;
    using project = new Project({ "api.ts": api("t.Integer()", twice) });
    const told = 'GET /b (200): has a schema named "User", and GET /a (200) has another one of that name';
    expect((await bolide(project, "openapi", "api.ts")).err).toStartWith(`bolide: ${told}`);
    const served = await bolide(project, "serve", "api.ts", "--port", "0");
    expect([served.code, served.out]).toEqual([1, ""]);
    expect(served.err).toStartWith(`bolide: ${told}`);
    const checked = await bolide(project, "check", "api.ts");
    expect(checked.code).toBe(1);
    expect(checked.out).toContain(`start-up  FAILED  ${told}`);
    const built = await bolide(project, "build", "api.ts", "--outfile", "dist/app");
    expect([built.code, existsSync(join(project.directory, "dist/app"))]).toEqual([1, false]);
    expect(built.err).toStartWith(`bolide: ${told}`);
  });
});

test("a binary has the document and its pages inside, and finds them far from where it was built", async () => {
  using project = new Project({ "api.ts": api("t.Integer()") });
  for (const name of ["swagger-ui-dist", "redoc", "rapidoc", "@stoplight"])
    symlinkSync(join(import.meta.dir, "node_modules", name), join(project.directory, "node_modules", name));
  const built = await bolide(project, "build", "api.ts", "--outfile", "dist/app");
  expect([built.code, built.err]).toEqual([0, ""]);
  await using program = new Program([join(project.directory, "dist/app"), "--port", "0"], { cwd: tmpdir() });
  const address = await program.address();
  const ask = (path: string) => fetch(new URL(path, address), { headers: { "accept-encoding": "br" } });
  expect(Object.keys(((await (await ask("/openapi.json")).json()) as { paths: object }).paths)).toEqual(["/x/{id}"]);
  for (const page of ["docs", "swagger", "redoc", "rapidoc", "elements"]) {
    const markup = await (await ask(`/${page}`)).text();
    const [, file = ""] = /src="([^"]+)"/.exec(markup)!;
    const script = await ask(`/${file}`);
    expect([page, script.status, script.headers.get("content-encoding")]).toEqual([page, 200, "br"]);
    expect((await script.text()).length).toBeGreaterThan(500_000);
  }
}, 60_000);
