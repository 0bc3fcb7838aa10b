import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Kysely, type SqliteDatabase, SqliteDialect } from "kysely";
import { Database as Native } from "bun:sqlite";
import { Api, type LogRecord, t, timing } from "bolide";
import { testClient } from "bolide/testing";
import { type Database, kyselyLog, prepared } from "../../../src/data/index.ts";
import { blog, type Tables } from "./blog.ts";

let db: Database<Tables>;
beforeAll(async () => {
  db = await blog();
});
afterAll(() => db.destroy());

function makeApi(options: { debug?: boolean } = { debug: true }): Api {
  const api = new Api(options);
  const author = prepared(db, { id: t.Integer() }, (q, p) =>
    q.selectFrom("users").select("name").where("id", "=", p.id),
  );
  const articles = () => db.selectFrom("articles").select(["id", "authorId"]).orderBy("id");
  api.get("/articles", async () => {
    const rows = await articles().execute();
    return rows.map(({ id, authorId }) => ({ id, author: author.sync.first({ id: authorId })?.name }));
  });
  api.get("/same", () => Array.from({ length: 5 }, () => author.first({ id: 1 })));
  api.get("/four", () => Array.from({ length: 4 }, () => author.first({ id: 1 })));
  api.get("/none", () => "nothing");
  api.get("/timed", { use: [timing()] }, () => author.first({ id: 1 }));
  api.post("/users", { body: { name: t.String(), password: t.String(), note: t.String() } }, async ({ body }) => {
    await db.insertInto("users").values(body).execute();
    throw new RangeError("afterwards");
  });
  api.get("/waits/:id", { params: { id: t.Integer() } }, async ({ params: { id } }) => {
    for (let n = 0; n < id; n++) {
      await Bun.sleep(1);
      await db.selectFrom("users").select("name").where("id", "=", id).execute();
    }
    return id;
  });
  return api;
}

const timingOf = (response: Response) => response.headers.get("server-timing")?.replaceAll(/dur=[\d.]+/g, "dur=N");

describe("in debug mode", () => {
  test("Server-Timing tells how many queries a request made", async () => {
    const client = testClient(makeApi());
    expect(timingOf(await client.get("/articles"))).toBe('db;dur=N;desc="9 queries"');
    expect(timingOf(await client.get("/waits/1"))).toBe('db;dur=N;desc="1 query"');
    expect(timingOf(await client.get("/timed"))).toBe('total;dur=N, db;dur=N;desc="1 query"');
    expect(timingOf(await client.get("/none"))).toBeUndefined();
  });

  test("so it is over a socket, where the run decides and not the api", async () => {
    const server = await makeApi({ debug: false }).listen({ port: 0, host: "127.0.0.1", debug: true, log: () => {} });
    try {
      expect(timingOf(await fetch(new URL("/articles", server.url)))).toBe('db;dur=N;desc="9 queries"');
    } finally {
      await server.stop();
    }
  });

  test("requests that are under way together have their own queries each", async () => {
    const client = testClient(makeApi());
    const answers = await Promise.all([3, 1, 2].map((id) => client.get(`/waits/${id}`)));
    expect(answers.map(timingOf)).toEqual([
      'db;dur=N;desc="3 queries"',
      'db;dur=N;desc="1 query"',
      'db;dur=N;desc="2 queries"',
    ]);
  });
});

describe("a statement that one request runs five times or more", () => {
  async function warnings(path: string, debug = true): Promise<readonly LogRecord[]> {
    const logged: LogRecord[] = [];
    const client = testClient(makeApi({ debug }), { log: (record) => void logged.push(record) });
    expect((await client.get(path)).status).toBe(200);
    return logged;
  }

  test("is warned of, with its line and what would do it in one", async () => {
    const [warning, ...more] = await warnings("/articles");
    expect(more).toEqual([]);
    expect(warning).toEqual({
      level: "warn",
      message: expect.stringMatching(
        /^the same statement ran 8 times \(\d+\.\d ms\) at test\/data\/watch\/requests\.test\.ts:\d+: select "name" from "users" where "id" = \?; related in the select, prefetch for the rows, or a where with `in` asks for all in one$/,
      ),
      route: "GET /articles",
      requestId: undefined,
    });
  });

  test("with the same parameters is to be asked once", async () => {
    const [warning] = await warnings("/same");
    expect(warning!.message).toEndWith("; it had the same parameters each time: ask once and keep the answer");
  });

  test("is one too few with four", async () => {
    expect(await warnings("/four")).toEqual([]);
  });

  test("is nobody's business where debug is off", async () => {
    expect(await warnings("/articles", false)).toEqual([]);
    expect(timingOf(await testClient(makeApi({ debug: false })).get("/articles"))).toBeUndefined();
  });
});

describe("what a failed request asked", () => {
  const sent = { json: { name: "Eve", password: "hunter2", note: "a private note" } };
  const asked = 'insert into "users" ("name", "password", "note") values (?, ?, ?)';

  test("is in the JSON for developers, without what must not be seen", async () => {
    const response = await testClient(makeApi(), { raise: false }).post("/users", sent);
    expect(response.status).toBe(500);
    expect(((await response.json()) as { queries: unknown }).queries).toEqual([
      {
        sql: asked,
        parameters: ["Eve", "••••••••", "••••••••"],
        millis: expect.any(Number),
        rows: 1,
        at: expect.stringMatching(/^test\/data\/watch\/requests\.test\.ts:\d+$/),
      },
    ]);
  });

  test("is on the page as well", async () => {
    const client = testClient(makeApi(), { raise: false, headers: { accept: "text/html" } });
    const page = await (await client.post("/users", sent)).text();
    const text = page.slice(page.indexOf('<section id="queries">'), page.indexOf('<section id="environment">'));
    expect(text).toContain(asked.replaceAll('"', "&quot;"));
    expect(text).toContain('<div class="values">Eve, ••••••••, ••••••••</div>');
    expect(text).toMatch(/<p class="none">1 query, \d+\.\d\d ms\.<\/p>/);
    expect(text).not.toContain("hunter2");
  });
});

test("a Kysely instance of one's own tells its queries through kyselyLog", async () => {
  const native = new Native(":memory:");
  const dialect = new SqliteDialect({ database: native as unknown as SqliteDatabase });
  const own = new Kysely<any>({ dialect, log: kyselyLog });
  const api = new Api({ debug: true });
  api.get("/", () => own.selectFrom("sqlite_master").selectAll().execute());
  expect(timingOf(await testClient(api).get("/"))).toBe('db;dur=N;desc="1 query"');
  await own.destroy();
});
