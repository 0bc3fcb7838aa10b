import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noPostgres, postgresServer } from "../data/servers/index.ts";
import { type Answer, ask, served, type Way } from "./realworld-ways.ts";

/** Milliseconds for a start that seeds, on a machine that is busy with other tests. */
const PATIENCE = 60_000;
const SEEDED = { REALWORLD_SEED: "1" };
const folder = mkdtempSync(join(tmpdir(), "realworld-seed-"));
afterAll(() => rmSync(folder, { recursive: true }));

let way: Way;
let token = "";
beforeAll(async () => {
  // Both find an empty folder: one makes the tables and the seed, the other waits for it.
  const [first, second] = await Promise.all([served(SEEDED, folder), served(SEEDED, folder)]);
  await second.stop();
  way = first;
  const user = { email: "ada.abe@example.com", password: "conduit-seed" };
  token = (await ask(way, "POST", "/users/login", { body: { user } })).body.user.token;
}, PATIENCE);
afterAll(() => way.stop());

const get = (path: string): Promise<Answer> => ask(way, "GET", path, { token });

/** How many statements a request made, as `Server-Timing` tells in debug mode. */
const statements = ({ headers }: Answer): number =>
  Number(/(\d+) quer/.exec(headers.get("server-timing") ?? "")?.[1] ?? 0);

describe("the seed", () => {
  test("is there once, though two programs started at once", async () => {
    expect((await get("/articles?limit=1")).body.articlesCount).toBe(4000);
    expect((await get("/tags")).body.tags.length).toBe(68);
  });

  test("has lists worth looking at", async () => {
    const { articles, articlesCount } = (await get("/articles?tag=zig")).body;
    expect([articles.length, articlesCount > 50]).toEqual([20, true]);
    expect((await get("/articles/feed")).body.articlesCount).toBeGreaterThan(20);
    expect((await get("/articles?favorited=ada.abe")).body.articlesCount).toBeGreaterThan(50);
    expect((await get("/articles?author=ada.abe")).body.articlesCount).toBeGreaterThan(50);
    const { slug } = articles[0];
    expect((await get(`/articles/${slug}/comments`)).status).toBe(200);
  });

  test.skipIf(noPostgres)(
    "is the same on PostgreSQL",
    async () => {
      const other = await served({ ...SEEDED, DATABASE_URL: await (await postgresServer()).database() });
      try {
        for (const path of ["/articles?limit=100", "/articles?tag=kysely", "/articles?favorited=ada.abe", "/tags"])
          expect((await ask(other, "GET", path)).body).toEqual((await ask(way, "GET", path)).body);
      } finally {
        await other.stop();
      }
    },
    PATIENCE,
  );
});

describe("statements", () => {
  // The ids of a page, how many there are (with the ids where that is cheaper, but not on SQLite), and the articles with all of theirs.
  test.each([
    ["/articles", 3],
    ["/articles?tag=zig", 3],
    ["/articles?author=ada.abe&tag=zig", 3],
    ["/articles?favorited=ada.abe", 3],
    ["/articles/feed", 3],
  ])("%s takes %i statements, however many articles", async (path, count) => {
    const taken = [1, 20, 100].map(async (limit) =>
      statements(await get(`${path}${path.includes("?") ? "&" : "?"}limit=${limit}`)),
    );
    expect(await Promise.all(taken)).toEqual([count, count, count]);
  });

  test("an article with all that belongs to it is one, its comments are two, a profile one", async () => {
    const [{ slug, author }] = (await get("/articles?limit=1&tag=zig")).body.articles;
    expect(statements(await get(`/articles/${slug}`))).toBe(1);
    expect(statements(await get(`/articles/${slug}/comments`))).toBe(2);
    expect(statements(await get(`/profiles/${author.username}`))).toBe(1);
  });
});

test("without JWT_SECRET a secret is made, kept where only its owner reads it, and found again", async () => {
  const file = join(folder, "own/realworld.secret");
  const env = { JWT_SECRET: "", REALWORLD_DB: join(folder, "own/realworld.db") };
  const first = await served(env);
  const user = { username: "ada", email: "ada@example.com", password: "p" };
  const made = (await ask(first, "POST", "/users", { body: { user } })).body.user.token;
  await first.stop();
  expect(existsSync(file)).toBe(true);
  expect([statSync(file).mode & 0o777, readFileSync(file, "utf8").length]).toEqual([0o600, 44]);
  const second = await served(env);
  expect((await ask(second, "GET", "/user", { token: made })).body.user.username).toBe("ada");
  await second.stop();
});
