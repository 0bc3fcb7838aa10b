import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { makeMigration } from "../../src/cli/migrate/make.ts";
import { type Target, targetOf } from "../../src/cli/migrate/target.ts";
import { type AnyModel, database, model, sqlite } from "../../src/data/index.ts";
import { t } from "../../src/schema/index.ts";
import { Project } from "./project.ts";
import { BOLIDE, run } from "./program.ts";

const API = `import { Api, t } from "bolide";
import { database, model, sqlite } from "bolide/data";
const User = model("users", { id: t.PrimaryKey(), name: t.String() });
export const db = database(sqlite("app.db"), { users: User });
export const api = new Api({ title: "App" });
export async function seed(database) {
  await database.insertInto("users").values([{ name: "Ada" }, { name: "Zoe" }]).execute();
}
`;

/** The same project, whose app also exports what its migrations folder lists. */
const BUILT = `${API}export { migrations } from "./migrations/index.ts";\n`;

const projects: Project[] = [];
afterAll(() => projects.forEach((project) => project[Symbol.dispose]()));

function projectOf(api = API): Project {
  const project = new Project({ "src/api.ts": api });
  projects.push(project);
  const exports = { ".": "./src/index.ts", "./data": "./src/data/index.ts" };
  project.write("node_modules/bolide/package.json", JSON.stringify({ name: "bolide", type: "module", exports }));
  return project;
}

const bolide = async (project: Project, ...words: readonly string[]) => {
  const { code, out, err } = await run([...BOLIDE, ...words], { cwd: project.directory, env: { CI: "true" } });
  return { code, out, err };
};

const migrate = (project: Project, ...words: readonly string[]) => bolide(project, "migrate", ...words);
const change = (project: Project, from: string, to: string): void => {
  const text = readFileSync(join(project.directory, "src/api.ts"), "utf8");
  expect(text).toContain(from);
  project.write("src/api.ts", text.replace(from, to));
};
const folder = (project: Project): string[] => readdirSync(join(project.directory, "src/migrations")).toSorted();

test("an app that imports its migrations before there are any can make the first, and nothing but up makes a file", async () => {
  const project = projectOf(BUILT);
  const files = () => readdirSync(project.directory).filter((name) => name.startsWith("app.db"));
  expect(await bolide(project, "serve", "src/api.ts")).toMatchObject({
    code: 1,
    err: "bolide: src/api.ts could not be loaded: Cannot find module './migrations/index.ts' imported from src/api.ts; bolide migrate make writes it\n",
  });
  expect(await migrate(project, "status")).toEqual({ code: 0, out: "There are no migrations.\n", err: "" });
  expect(await migrate(project, "check")).toEqual({
    code: 1,
    out: "",
    err: "the models need a migration: create table users\n",
  });
  expect(await migrate(project, "make")).toMatchObject({ code: 0, err: "" });
  expect(await migrate(project, "make")).toMatchObject({ code: 0, err: "" });
  expect(await migrate(project, "status")).toMatchObject({ code: 0, out: "  0001_initial  pending\n" });
  expect(files()).toEqual([]);
  expect(await migrate(project, "up")).toEqual({ code: 0, out: "applied 0001_initial\n", err: "" });
  expect(files()).toEqual(["app.db"]);
});

test("from models to a migrated database, and back", async () => {
  const project = projectOf();
  expect(await migrate(project, "check")).toEqual({
    code: 1,
    out: "",
    err: "the models need a migration: create table users\n",
  });
  expect(await migrate(project, "make")).toEqual({
    code: 0,
    out: "  create table users\nsrc/migrations/0001_initial.ts is written; read it, then run bolide migrate up\n",
    err: "",
  });
  expect(folder(project)).toEqual(["0001_initial.ts", "index.ts", "snapshot.json"]);
  expect(await migrate(project, "make")).toEqual({
    code: 0,
    out: "Nothing to do: the migrations say what the models say.\n",
    err: "",
  });
  expect(await migrate(project, "status")).toEqual({ code: 0, out: "  0001_initial  pending\n", err: "" });
  expect(await migrate(project, "check")).toEqual({ code: 1, out: "", err: "0001_initial is not applied\n" });
  expect(await migrate(project, "up")).toEqual({ code: 0, out: "applied 0001_initial\n", err: "" });
  expect(await migrate(project, "up")).toEqual({ code: 0, out: "Nothing to do.\n", err: "" });
  expect((await migrate(project, "status")).out).toMatch(
    /^ {2}0001_initial {2}applied \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n$/,
  );
  expect(await migrate(project, "check")).toEqual({
    code: 0,
    out: "Models, migrations and database agree: 1 applied.\n",
    err: "",
  });
  expect(await bolide(project, "seed")).toEqual({ code: 0, out: "", err: "" });
  expect((await bolide(project, "inspect", "app.db")).out).toContain(
    'export const User = model("users", {\n  id: t.PrimaryKey(),\n  name: t.String(),\n});\n',
  );

  change(project, "name: t.String()", "name: t.String(), age: t.Integer({ default: 7 })");
  expect((await migrate(project, "make", "ages")).out).toBe(
    "  users: add column age\nsrc/migrations/0002_ages.ts is written; read it, then run bolide migrate up\n",
  );
  expect((await migrate(project, "up")).out).toBe("applied 0002_ages\n");
  const file = new Database(join(project.directory, "app.db"));
  expect(file.query("select name, age from users").all()).toEqual([
    { name: "Ada", age: 7 },
    { name: "Zoe", age: 7 },
  ]);
  file.run("alter table users add column extra text");
  file.close();
  expect(await migrate(project, "check")).toEqual({
    code: 1,
    out: "",
    err: "in the database users.extra is in no migration\n",
  });
  expect((await migrate(project, "down")).out).toBe("undone 0002_ages\n");
  expect((await migrate(project, "up", "--to", "0002_ages")).out).toBe("applied 0002_ages\n");
  expect((await migrate(project, "down", "--steps", "2")).out).toBe("undone 0002_ages\nundone 0001_initial\n");
});

test("where nobody can be asked, a change that loses data is not written unless --yes says so", async () => {
  const project = projectOf();
  await migrate(project, "make");
  change(project, "name: t.String()", "fullName: t.String({ default: 'x' })");
  const told = [
    "warning: users.name is dropped with its values",
    "note: users.fullName may be the former name; renamedFrom would say so",
  ];
  const { code, out, err } = await migrate(project, "make");
  expect([code, out]).toEqual([1, "  users: add column fullName\n  users: drop column name\n"]);
  expect(err.trimEnd().split("\n")).toEqual([
    ...told,
    "Nothing was written. Say renamedFrom in the models where a name changed, or --yes where data may go.",
  ]);
  expect(folder(project)).toEqual(["0001_initial.ts", "index.ts", "snapshot.json"]);
  expect((await migrate(project, "make", "--yes")).out).toEndWith(
    "src/migrations/0002_users_add_fullName.ts is written; read it, then run bolide migrate up\n",
  );
  change(project, "default: 'x'", "default: 'x', renamedFrom: 'name'");
  expect((await migrate(project, "make")).out).toBe("Nothing to do: the migrations say what the models say.\n");
});

test("a hint renames, and a migration without changes is for those that are written by hand", async () => {
  const project = projectOf();
  await migrate(project, "make");
  change(project, "name: t.String()", "fullName: t.String({ renamedFrom: 'name' })");
  expect((await migrate(project, "make")).out).toStartWith("  users: rename column name to fullName\n");
  expect((await migrate(project, "make", "by hand", "--empty")).out).toBe(
    "src/migrations/0003_by_hand.ts is written; read it, then run bolide migrate up\n",
  );
  expect((await migrate(project, "up")).out).toBe(
    "applied 0001_initial\napplied 0002_users_rename_name\napplied 0003_by_hand\n",
  );
  expect((await migrate(project, "check")).code).toBe(0);
});

describe("what is wrong is told in a sentence:", () => {
  const table: readonly (readonly [what: string, words: readonly string[], code: number, err: string])[] = [
    [
      "an unknown action",
      ["migrate", "upp"],
      2,
      'bolide: "upp" is none of make, up, down, status, resolve, check; see bolide migrate --help\n',
    ],
    ["an unknown migration", ["migrate", "up", "--to", "0009"], 2, 'bolide: there is no migration "0009"\n'],
    [
      "no number of steps",
      ["migrate", "down", "--steps", "-1"],
      2,
      "bolide: --steps needs a value, --steps <number>; see bolide migrate --help\n",
    ],
    [
      "a half resolution",
      ["migrate", "resolve", "0001_initial"],
      2,
      "bolide: name a migration and say --applied or --undone\n",
    ],
    [
      "another database",
      ["migrate", "status", "--db", "src/api.ts#other"],
      1,
      "bolide: src/api.ts exports no database as other\n",
    ],
    ["a missing app", ["migrate", "status", "--app", "none.ts"], 1, "bolide: none.ts: there is no such file\n"],
    ["nothing to inspect", ["inspect", "none.db"], 1, "bolide: none.db: there is no such file\n"],
    ["no file either", ["inspect", "sqlite:none.db"], 1, "bolide: none.db: there is no such file\n"],
    ["an unknown kind of address", ["inspect", "oracle://a"], 1, "bolide: oracle://a: there is no such file\n"],
    [
      "no database",
      ["inspect", "package.json"],
      1,
      "bolide: package.json cannot be inspected: SQLiteError: file is not a database\n",
    ],
    [
      "a server that is away",
      ["inspect", "postgres://user:secret@127.0.0.1:1/shop"],
      1,
      "bolide: The database cannot be reached: Failed to connect\n",
    ],
  ];
  const project = projectOf();
  test.each(table)("%s", async (_, words, code, err) => {
    expect(await bolide(project, ...words)).toEqual({ code, out: "", err });
  });

  test("a snapshot that is gone, a migration that is not listed", async () => {
    await migrate(project, "make");
    project.write("src/migrations/0002_more.ts", "export async function up() {}\n");
    expect((await migrate(project, "check")).err).toStartWith("src/migrations/index.ts does not list 0002_more\n");
    unlinkSync(join(project.directory, "src/migrations/snapshot.json"));
    expect((await migrate(project, "make")).err).toBe(
      "bolide: src/migrations/snapshot.json is missing: it says what the database looks like after the migrations beside it\n",
    );
  });
});

test("a list of migrations that misses some is told, and one that a merge left in pieces is made anew", async () => {
  const project = projectOf();
  await migrate(project, "make");
  const list = readFileSync(join(project.directory, "src/migrations/index.ts"), "utf8");
  project.write("src/api.ts", BUILT);
  project.write("src/migrations/0002_more.ts", "export async function up() {}\n");
  expect(await migrate(project, "up")).toEqual({
    code: 0,
    out: "applied 0001_initial\n",
    err: "note: src/migrations/index.ts does not list 0002_more; bolide migrate make lists it\n",
  });
  project.write("src/migrations/index.ts", `<<<<<<< HEAD\n${list}=======\n`);
  expect(await migrate(project, "up")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^bolide: src\/api\.ts could not be loaded: src\/migrations\/index\.ts:1:1: /),
  });
  expect(await migrate(project, "make")).toEqual({
    code: 0,
    out:
      "Nothing to do: the migrations say what the models say.\n" +
      "src/migrations/index.ts is written anew: it lists the migrations that are there\n",
    err: "",
  });
  expect(await migrate(project, "up")).toEqual({ code: 0, out: "applied 0002_more\n", err: "" });
  project.write("src/api.ts", API);
  project.write("src/migrations/index.ts", "export const migrations = 5;\n");
  expect(await migrate(project, "status")).toEqual({
    code: 1,
    out: "",
    err: "bolide: src/migrations/index.ts exports no migrations; bolide migrate make writes it anew\n",
  });
});

test("a binary has its migrations inside, and applies and undoes them", async () => {
  const project = projectOf();
  await migrate(project, "make");
  project.write("src/api.ts", BUILT);
  expect((await bolide(project, "build", "src/api.ts", "--outfile", "app")).code).toBe(0);
  const app = join(project.directory, "app");
  const elsewhere = new Project({});
  projects.push(elsewhere);
  const there = async (...words: readonly string[]) => {
    const { code, out, err } = await run([app, ...words], { cwd: elsewhere.directory });
    return { code, out, err };
  };
  expect(await there("migrate", "status")).toEqual({ code: 0, out: "  0001_initial  pending\n", err: "" });
  expect(await there("migrate", "up")).toEqual({ code: 0, out: "applied 0001_initial\n", err: "" });
  expect(await there("migrate", "down")).toEqual({ code: 0, out: "undone 0001_initial\n", err: "" });
  expect(await there("migrate", "make")).toMatchObject({
    code: 2,
    err: 'app: "make" is none of up, down, status, resolve; see app migrate --help\n',
  });
}, 120_000);

describe("at a terminal", () => {
  const before = model("users", { id: t.PrimaryKey(), name: t.String(), nick: t.String() });
  const after = model("people", { id: t.PrimaryKey(), fullName: t.String(), nick: t.String() });

  const target = (project: Project, declared: AnyModel): Target =>
    targetOf(
      { db: database(sqlite(":memory:"), { [declared.table]: declared }) },
      { file: "api.ts", name: undefined, migrations: {}, directory: join(project.directory, "src/migrations") },
    );

  test.each([
    [
      [true, true],
      ["Is people the former users, renamed?", "Is people.fullName the former name, renamed?"],
      ["renameTo", "renameColumn"],
    ],
    [
      [false, true],
      ["Is people the former users, renamed?", "Data is lost by this. Write the migration?"],
      ["createTable", "dropTable"],
    ],
  ] as const)("renames are asked for, %p", async (answers, questions, does) => {
    const project = projectOf();
    await using first = target(project, before);
    await makeMigration(first, { name: "a", yes: false, empty: false }, undefined);
    await using second = target(project, after);
    const asked: string[] = [];
    const person = { confirm: async (question: string) => answers[asked.push(question) - 1]! };
    expect(await makeMigration(second, { name: "b", yes: false, empty: false }, person)).toBe(0);
    expect<readonly string[]>(asked).toEqual(questions);
    const [up] = readFileSync(join(project.directory, "src/migrations/0002_b.ts"), "utf8").split(
      "export async function down",
    );
    expect(does.every((call) => up!.includes(`${call}(`))).toBe(true);
  });
});
