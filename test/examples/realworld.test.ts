import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { noPostgres, postgresServer } from "../data/servers/index.ts";
import { type Answer, ask, elsewhere, inProcess, type Sent, served, type Way } from "./realworld-ways.ts";

const { REALWORLD_URL } = Bun.env;
/** Names that are new at every run, for a server that keeps its database. */
const run = Date.now().toString(36);

describe("RealWorld's collection", () => {
  if (REALWORLD_URL !== undefined) describe("elsewhere", () => flows(async () => elsewhere(REALWORLD_URL)));
  else {
    describe("in process, SQLite", () => flows(inProcess));
    describe("over a socket, SQLite", () => flows(() => served()));
    describe.skipIf(noPostgres)("over a socket, PostgreSQL", () =>
      flows(async () => served({ DATABASE_URL: await (await postgresServer()).database() })),
    );
  }
});

/** The flows of the collection, in its order: each test goes on where the one before has left off. */
function flows(start: () => Promise<Way>): void {
  let way: Way;
  beforeAll(async () => {
    way = await start();
  });
  afterAll(() => way.stop());

  const names = { ada: `ada_${run}`, bob: `bob_${run}` };
  const tokens = { ada: "", bob: "" };
  const as = (who: keyof typeof tokens, body?: unknown): Sent => ({ token: tokens[who], body });
  const to = (method: string, path: string, sent?: Sent): Promise<Answer> => ask(way, method, path, sent);
  const article = {
    title: `How to train your dragon ${run}`,
    description: "Ever wonder how?",
    body: "Very carefully.",
    tagList: [`training_${run}`, `dragons_${run}`],
  };
  let slug = "";

  describe("users", () => {
    test.each(["ada", "bob"] as const)("%s registers", async (who) => {
      const user = { username: names[who], email: `${names[who]}@example.com`, password: `${who}'s password` };
      const { status, body } = await to("POST", "/users", { body: { user } });
      expect([status, body.user.username, body.user.email]).toEqual([201, user.username, user.email]);
      expect(body.user).not.toHaveProperty("password");
      tokens[who] = body.user.token;
    });

    test("logs in, and the token is good for the current user", async () => {
      const login = { user: { email: `${names.ada}@example.com`, password: "ada's password" } };
      const { body } = await to("POST", "/users/login", { body: login });
      tokens.ada = body.user.token;
      expect((await to("GET", "/user", as("ada"))).body.user.username).toBe(names.ada);
    });

    test("changes what is sent and nothing else", async () => {
      const { body } = await to(
        "PUT",
        "/user",
        as("ada", { user: { bio: "Counts.", image: "https://example.com/a.png" } }),
      );
      expect(body.user).toMatchObject({ username: names.ada, bio: "Counts.", image: "https://example.com/a.png" });
      expect((await to("PUT", "/user", as("ada", { user: { bio: "" } }))).body.user).toMatchObject({
        bio: "",
        image: "https://example.com/a.png",
      });
      expect((await to("PUT", "/user", as("ada", { user: {} }))).body.user.username).toBe(names.ada);
    });

    test("a new password replaces the old one", async () => {
      await to("PUT", "/user", as("bob", { user: { password: "another" } }));
      const login = (password: string) =>
        to("POST", "/users/login", { body: { user: { email: `${names.bob}@example.com`, password } } });
      expect((await login("bob's password")).status).toBe(401);
      expect((await login("another")).status).toBe(200);
    });

    test.each([
      ["username", { username: "", email: "x@example.com", password: "p" }, "can't be blank"],
      ["email", { username: "x", email: "", password: "p" }, "can't be blank"],
      ["email", { username: "x", email: "no address", password: "p" }, "is invalid"],
      ["password", { username: "x", email: "x@example.com", password: "" }, "can't be blank"],
      ["password", { username: "x", email: "x@example.com" }, "can't be blank"],
    ])("a bad %s is 422 and says so: %p", async (field, user, message) => {
      const { status, body } = await to("POST", "/users", { body: { user } });
      expect([status, body.errors[field][0]]).toEqual([422, message]);
      expect(body.errors.body).toContain(`${field} ${message}`);
    });

    test("a name and an address belong to one user", async () => {
      const other = { username: `x_${run}`, email: `x_${run}@example.com`, password: "p" };
      const taken = async (user: object) => {
        const { status, body } = await to("POST", "/users", { body: { user: { ...other, ...user } } });
        return [status, body.errors];
      };
      const message = "has already been taken";
      expect(await taken({ username: names.ada })).toEqual([
        422,
        { username: [message], body: [`username ${message}`] },
      ]);
      expect(await taken({ email: `${names.ada}@example.com` })).toEqual([
        422,
        { email: [message], body: [`email ${message}`] },
      ]);
      expect((await to("PUT", "/user", as("bob", { user: { username: names.ada } }))).status).toBe(422);
    });

    test("wrong credentials are 401, for an address that nobody has too", async () => {
      for (const email of [`${names.ada}@example.com`, "nobody@example.com"]) {
        const { status, body } = await to("POST", "/users/login", { body: { user: { email, password: "wrong" } } });
        expect([status, body.errors.credentials]).toEqual([401, ["invalid"]]);
      }
    });
  });

  describe("articles", () => {
    test("is created, with its tags sorted", async () => {
      const { body } = await to("POST", "/articles", as("ada", { article }));
      slug = body.article.slug;
      expect(slug).toBe(`how-to-train-your-dragon-${run}`);
      expect(body.article).toMatchObject({
        ...article,
        tagList: [`dragons_${run}`, `training_${run}`],
        favorited: false,
        favoritesCount: 0,
        author: { username: names.ada, following: false },
      });
    });

    test("another one of the same title has another slug", async () => {
      const { body } = await to("POST", "/articles", as("bob", { article: { ...article, tagList: [] } }));
      expect(body.article.slug).toMatch(new RegExp(`^${slug}-[a-z0-9]+$`));
      await to("DELETE", `/articles/${body.article.slug}`, as("bob"));
    });

    test.each([
      ["Feed", /^the-feed(-\w+)?$/],
      ["№ 5: Été à Łódź 100%!", /^no-5-ete-a-łodz-100(-\w+)?$/],
      ["日本 語", /^日本-語(-\w+)?$/],
      ["?!", /^article(-\w+)?$/],
    ])("of %s its slug is like %p", async (title, pattern) => {
      const { body } = await to("POST", "/articles", as("bob", { article: { ...article, title, tagList: [] } }));
      expect(body.article.slug).toMatch(pattern);
      const path = `/articles/${encodeURIComponent(body.article.slug)}`;
      expect((await to("GET", path)).body.article.title).toBe(title);
      expect((await to("DELETE", path, as("bob"))).status).toBe(204);
    });

    test.each(["title", "description", "body"])("an empty %s is 422", async (field) => {
      const { status, body } = await to("POST", "/articles", as("ada", { article: { ...article, [field]: "" } }));
      expect([status, body.errors[field]]).toEqual([422, ["can't be blank"]]);
    });

    test("is found by its slug, with and without a token", async () => {
      expect((await to("GET", `/articles/${slug}`)).body.article.body).toBe("Very carefully.");
      expect((await to("GET", `/articles/${slug}`, as("bob"))).body.article.author.username).toBe(names.ada);
      expect(await to("GET", `/articles/no-${slug}`)).toMatchObject({
        status: 404,
        body: { errors: { article: ["not found"], body: ["article not found"] } },
      });
    });

    test("only its author changes it, and the rest stays", async () => {
      const change = { article: { body: "With two hands" } };
      expect((await to("PUT", `/articles/${slug}`, as("bob", change))).status).toBe(403);
      // The database rounds the moment of creation to milliseconds.
      await Bun.sleep(2);
      const { body } = await to("PUT", `/articles/${slug}`, as("ada", change));
      expect(body.article).toMatchObject({ slug, title: article.title, body: "With two hands" });
      expect(body.article.updatedAt > body.article.createdAt).toBe(true);
    });

    test("a new title makes a new slug", async () => {
      const renamed = await to("PUT", `/articles/${slug}`, as("ada", { article: { title: `Dragons: été ${run}!` } }));
      expect(renamed.body.article.slug).toBe(`dragons-ete-${run}`);
      expect((await to("GET", `/articles/${slug}`)).status).toBe(404);
      const again = await to("PUT", `/articles/dragons-ete-${run}`, as("ada", { article: { title: article.title } }));
      expect(again.body.article.slug).toBe(slug);
    });

    test.each([
      ["the tag", `tag=dragons_${run}`, 1],
      ["the author", `author=${names.ada}`, 1],
      ["both", `author=${names.ada}&tag=training_${run}`, 1],
      ["another author", `author=${names.bob}`, 0],
      ["an author whom nobody knows", `author=nobody_${run}`, 0],
      ["a tag of another author", `author=${names.bob}&tag=dragons_${run}`, 0],
      ["whose favourite it is", `favorited=${names.bob}`, 0],
    ])("is listed by %s", async (_, query, count) => {
      const { body } = await to("GET", `/articles?${query}`);
      expect([body.articles.length, body.articlesCount]).toEqual([count, count]);
    });

    test("is marked as a favourite, even twice at once, and unmarked", async () => {
      const marked = await Promise.all([1, 2, 3].map(() => to("POST", `/articles/${slug}/favorite`, as("bob"))));
      expect(marked.map(({ body }) => body.article.favorited)).toEqual([true, true, true]);
      const one = async (who?: "ada" | "bob") =>
        (await to("GET", `/articles?favorited=${names.bob}`, who && as(who))).body.articles[0];
      expect(await one("bob")).toMatchObject({ slug, favorited: true, favoritesCount: 1 });
      expect(await one("ada")).toMatchObject({ slug, favorited: false, favoritesCount: 1 });
      expect(await one()).toMatchObject({ slug, favorited: false, favoritesCount: 1 });
      const { body } = await to("DELETE", `/articles/${slug}/favorite`, as("bob"));
      expect(body.article).toMatchObject({ favorited: false, favoritesCount: 0 });
      expect((await to("DELETE", `/articles/${slug}/favorite`, as("bob"))).status).toBe(200);
    });

    test("two of the same title and the same new tags at once are two articles", async () => {
      const twin = { ...article, title: `Twins ${run}`, tagList: [`c_${run}`, `b_${run}`, `a_${run}`] };
      const made = await Promise.all(
        (["ada", "bob", "ada", "bob"] as const).map((who) => to("POST", "/articles", as(who, { article: twin }))),
      );
      expect(made.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      expect(new Set(made.map(({ body }) => body.article.slug)).size).toBe(4);
      const list = await to("GET", `/articles?tag=b_${run}&limit=3&offset=2`);
      expect([list.body.articles.length, list.body.articlesCount]).toEqual([2, 4]);
      expect((await to("GET", "/tags")).body.tags).toEqual(
        expect.arrayContaining([`a_${run}`, `b_${run}`, `c_${run}`, `dragons_${run}`, `training_${run}`]),
      );
      for (const [at, { body }] of made.entries())
        await to("DELETE", `/articles/${body.article.slug}`, as(at % 2 === 0 ? "ada" : "bob"));
      expect((await to("GET", "/tags")).body.tags).not.toContain(`b_${run}`);
    });
  });

  describe("lists", () => {
    test("the newest first, a page at a time", async () => {
      const made: string[] = [];
      for (const n of [1, 2, 3]) {
        const written = { ...article, title: `Page ${n} ${run}`, tagList: [`paged_${run}`] };
        made.push((await to("POST", "/articles", as("bob", { article: written }))).body.article.slug);
      }
      const page = async (query: string) => {
        const { body } = await to("GET", `/articles?tag=paged_${run}${query}`);
        return [body.articlesCount, ...body.articles.map((one: { slug: string }) => made.indexOf(one.slug) + 1)];
      };
      expect(await page("")).toEqual([3, 3, 2, 1]);
      expect(await page("&limit=1")).toEqual([3, 3]);
      expect(await page("&limit=1&offset=1")).toEqual([3, 2]);
      expect(await page("&offset=3")).toEqual([3]);
      expect(await page("&limit=1000000")).toEqual([3, 3, 2, 1]);
    });

    test.each(["limit=ten", "offset=1.5"])("%s is 422", async (query) => {
      expect((await to("GET", `/articles?${query}`)).status).toBe(422);
    });

    test("the feed has the articles of those whom one follows", async () => {
      const feed = async () => (await to("GET", "/articles/feed", as("ada"))).body;
      expect(await feed()).toEqual({ articles: [], articlesCount: 0 });
      await to("POST", `/profiles/${names.bob}/follow`, as("ada"));
      const { articles, articlesCount } = await feed();
      expect([articles.length, articlesCount, articles[0].author]).toMatchObject([
        3,
        3,
        { username: names.bob, following: true },
      ]);
      expect((await to("GET", "/articles/feed?limit=1&offset=2", as("ada"))).body.articles[0].title).toBe(
        `Page 1 ${run}`,
      );
      await to("DELETE", `/profiles/${names.bob}/follow`, as("ada"));
      expect((await feed()).articlesCount).toBe(0);
    });
  });

  describe("comments", () => {
    let id = 0;

    test("are written, listed with the newest first, and say who wrote them", async () => {
      const { body } = await to(
        "POST",
        `/articles/${slug}/comments`,
        as("bob", { comment: { body: "Thank you so much!" } }),
      );
      id = body.comment.id;
      expect(body.comment).toMatchObject({ body: "Thank you so much!", author: { username: names.bob } });
      await to("POST", `/articles/${slug}/comments`, as("ada", { comment: { body: "You are welcome." } }));
      const list = (await to("GET", `/articles/${slug}/comments`)).body.comments;
      expect(list.map((one: { body: string }) => one.body)).toEqual(["You are welcome.", "Thank you so much!"]);
    });

    test("an empty one is 422, one of no article 404", async () => {
      const write = (at: string, text: string) =>
        to("POST", `/articles/${at}/comments`, as("bob", { comment: { body: text } }));
      expect((await write(slug, "")).body.errors).toEqual({ body: ["can't be blank"] });
      expect((await write(`no-${slug}`, "Hello")).status).toBe(404);
      expect((await to("GET", `/articles/no-${slug}/comments`)).status).toBe(404);
    });

    test("only their author deletes them, and only where they are", async () => {
      const remove = async (who: "ada" | "bob", at: string, one: number | string = id) =>
        (await to("DELETE", `/articles/${at}/comments/${one}`, as(who))).status;
      expect(await remove("ada", slug)).toBe(403);
      expect(await remove("bob", `page-1-${run}`)).toBe(404);
      expect(await remove("bob", slug, "first")).toBe(422);
      expect(await remove("bob", slug)).toBe(204);
      expect(await remove("bob", slug)).toBe(404);
    });
  });

  describe("profiles", () => {
    test("are followed, even twice, and no longer", async () => {
      const following = async (method: string, path: string) =>
        (await to(method, path, as("bob"))).body.profile.following;
      const path = `/profiles/${names.ada}`;
      expect(await following("GET", path)).toBe(false);
      expect(await following("POST", `${path}/follow`)).toBe(true);
      expect(await following("POST", `${path}/follow`)).toBe(true);
      expect(await following("GET", path)).toBe(true);
      expect((await to("GET", path)).body.profile).toEqual({
        username: names.ada,
        bio: "",
        image: "https://example.com/a.png",
        following: false,
      });
      expect((await to("GET", `/articles/${slug}`, as("bob"))).body.article.author.following).toBe(true);
      expect(await following("DELETE", `${path}/follow`)).toBe(false);
      expect(await following("GET", path)).toBe(false);
    });

    test("nobody's is 404", async () => {
      for (const [method, path] of [
        ["GET", ""],
        ["POST", "/follow"],
        ["DELETE", "/follow"],
      ] as const)
        expect((await to(method, `/profiles/nobody_${run}${path}`, as("bob"))).body.errors.profile).toEqual([
          "not found",
        ]);
    });
  });

  describe("without a token", () => {
    test.each([
      ["GET", "/user"],
      ["PUT", "/user"],
      ["GET", "/articles/feed"],
      ["POST", "/articles"],
      ["PUT", "/articles/any"],
      ["DELETE", "/articles/any"],
      ["POST", "/articles/any/favorite"],
      ["DELETE", "/articles/any/favorite"],
      ["POST", "/articles/any/comments"],
      ["DELETE", "/articles/any/comments/1"],
      ["POST", "/profiles/any/follow"],
      ["DELETE", "/profiles/any/follow"],
    ])("%s %s is 401, whatever is sent", async (method, path) => {
      const { status, headers, body } = await to(method, path, method === "GET" ? {} : { body: {} });
      expect([status, body.errors.token]).toEqual([401, ["is missing"]]);
      expect(headers.get("www-authenticate")).toStartWith("Token ");
    });

    test("a token that is no good is 401 everywhere, and another scheme is none", async () => {
      const forged = `${tokens.ada.slice(0, -4)}AAAA`;
      for (const path of ["/user", "/articles", `/profiles/${names.ada}`])
        expect((await to("GET", path, { token: forged })).body.errors.token).toEqual(["is invalid"]);
      const bearer = new Request(`${way.base}/articles`, { headers: { authorization: `Bearer ${tokens.ada}` } });
      expect((await way.fetch(bearer)).status).toBe(200);
    });
  });

  test("an article goes with its comments and tags, by its author's hand only", async () => {
    expect((await to("DELETE", `/articles/${slug}`, as("bob"))).status).toBe(403);
    expect((await to("DELETE", `/articles/${slug}`, as("ada"))).status).toBe(204);
    expect((await to("GET", `/articles/${slug}`)).status).toBe(404);
    expect((await to("GET", `/articles/${slug}/comments`)).status).toBe(404);
    expect((await to("GET", "/tags")).body.tags).not.toContain(`dragons_${run}`);
    for (const n of [1, 2, 3]) await to("DELETE", `/articles/page-${n}-${run}`, as("bob"));
  });
}
