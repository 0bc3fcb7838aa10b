import { expect, expectTypeOf, test } from "bun:test";
import { allowAny, Api, issueToken, jwt, t } from "bolide";
import { testClient } from "bolide/testing";
import { viewset } from "bolide/views";

const SECRET = "a secret that is long enough for HS256";
const auth = jwt({ secret: SECRET, claims: t.Object({ role: t.String() }) });
const headers = {
  authorization: `Bearer ${issueToken({ sub: "1", role: "editor" }, { secret: SECRET, expiresIn: 60 })}`,
};

const api = new Api();
const notes = api.viewset(
  "/notes",
  viewset({
    auth,
    lookup: "slug",
    list: ({ user }) => user.claims.role,
    actions: (action) => ({
      publish: action({ body: { at: t.Integer() } }, ({ user, params, body }) => {
        expectTypeOf(user.claims.role).toEqualTypeOf<string>();
        expectTypeOf(params).toEqualTypeOf<{ readonly slug: string }>();
        return { slug: params.slug, at: body.at, by: user.claims.role };
      }),
      everybody: action({ detail: false, method: "GET", guards: [allowAny()] }, ({ user, params }) => {
        expectTypeOf(user?.claims.role).toEqualTypeOf<string | undefined>();
        expectTypeOf(params).toEqualTypeOf<{}>();
        return user?.claims.role ?? "nobody";
      }),
      open: action(
        { method: ["PUT", "DELETE"], path: "/open/:n", auth: [], guards: [] },
        ({ user, params, method }) => {
          expectTypeOf(user).toEqualTypeOf<undefined>();
          expectTypeOf(params.n).toEqualTypeOf<string>();
          return { method, n: params.n };
        },
      ),
    }),
  }),
);
const client = testClient(api);

test("the set's own `action` knows who calls and which object it is about", async () => {
  const response = await client.post("/notes/first/publish", { json: { at: 7 }, headers });
  expect([response.status, await response.json()]).toEqual([200, { slug: "first", at: 7, by: "editor" }]);
  expect((await client.post("/notes/first/publish", { json: { at: 7 } })).status).toBe(401);
});

test("an action's own guards and auth stand in for the set's", async () => {
  expect(await (await client.get("/notes/everybody", { headers })).text()).toBe("editor");
  expect(await (await client.get("/notes/everybody")).text()).toBe("nobody");
  expect(await (await client.delete("/notes/first/open/3")).json()).toEqual({ method: "DELETE", n: "3" });
});

test("its actions are typed routes as any", () => {
  expect(notes.open.path).toBe("/notes/:slug/open/:n");
  expectTypeOf(notes.open.path).toEqualTypeOf<"/notes/:slug/open/:n">();
  expectTypeOf(notes.open.methods).toEqualTypeOf<readonly ("PUT" | "DELETE")[]>();
});
