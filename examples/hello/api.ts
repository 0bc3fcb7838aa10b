import { Api, constant, depends, t, NotFound, created } from "bolide";

export const api = new Api({ title: "Hello", version: "1.0.0" });

export const hello = api.get("/", constant("Hello, World!"));
const User = t.Object({ id: t.Integer(), name: t.String() });
const paging = depends({ query: { limit: t.Integer({ default: 20, maximum: 100 }) } }, ({ query }) => query.limit * 2);
export const user = api.get(
  "/users/:id",
  { params: { id: t.Integer() }, query: { q: t.Optional(t.String()) }, response: User, provide: { page: paging } },
  ({ params, page, query }) =>
    params.id === 7
      ? new NotFound("User not found")
      : { id: params.id, name: `u${page}${query.q ?? ""}`, password: "x" },
);
export const make = api.post(
  "/users",
  { body: { name: t.String({ minLength: 1 }) }, response: { 201: User } },
  ({ body }) => created({ id: 1, name: body.name }),
);
export const files = api.get("/files/*path", ({ params }) => params.path);
export const admin = api.with({
  prefix: "/admin",
  use: [
    async (_, next) => {
      const r = await next();
      r.headers.set("x-admin", "1");
      return r;
    },
  ],
});
export const stats = admin.get("/stats", () => ({ ok: true }));
