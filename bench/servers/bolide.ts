import { Api, constant, html, middleware, NotFound, redirect, t } from "bolide";
import { addAuthRoutes } from "./bolide-auth.ts";
import { page, placeById, placesOf, rows } from "./sqlite.ts";

const Place = t.Object({
  id: t.Integer(),
  name: t.String(),
  country: t.String(),
  population: t.Integer(),
  latitude: t.Number(),
  longitude: t.Number(),
});

const Order = t.Object({
  id: t.Integer({ minimum: 1 }),
  customer: t.Object({
    name: t.String({ minLength: 1, maxLength: 100 }),
    email: t.String({ format: "email" }),
  }),
  address: t.Object({
    street: t.String({ minLength: 1, maxLength: 100 }),
    city: t.String({ minLength: 1, maxLength: 100 }),
    zip: t.String({ pattern: "^[0-9]{5}$" }),
    country: t.String({ minLength: 2, maxLength: 2 }),
  }),
  items: t.Array(
    t.Object({
      sku: t.String({ minLength: 1, maxLength: 40 }),
      quantity: t.Integer({ minimum: 1 }),
      price: t.Integer({ minimum: 0 }),
    }),
    { minItems: 1 },
  ),
  express: t.Boolean(),
});

const Row = t.Object({
  id: t.Integer(),
  name: t.String(),
  email: t.String(),
  city: t.String(),
  active: t.Boolean(),
});

const api = new Api({ title: "Bench", version: "1.0.0" });

api.get("/constant", constant("Hello, World!"));
api.get("/text", () => "Hello, World!");
api.get("/json", { response: t.Object({ message: t.String() }) }, () => ({ message: "Hello, World!" }));
api.get("/json-10k", { response: t.Array(Row) }, () => rows);
api.get("/users/:id", { params: { id: t.Integer() }, response: t.Object({ id: t.Integer() }) }, ({ params }) => ({
  id: params.id,
}));
api.get(
  "/search/:category",
  {
    params: { category: t.String() },
    query: {
      q: t.String({ default: "", maxLength: 100 }),
      limit: t.Integer({ default: 10, minimum: 1, maximum: 100 }),
      exact: t.Boolean({ default: false }),
    },
  },
  ({ params, query }) => ({ category: params.category, q: query.q, limit: query.limit, exact: query.exact }),
);
api.post("/orders", { body: Order, response: t.Object({ id: t.Integer(), total: t.Integer() }) }, ({ body }) => {
  let total = 0;
  for (const item of body.items) total += item.quantity * item.price;
  return { id: body.id, total };
});

const addOne = Array.from({ length: 10 }, (_, index) =>
  middleware({
    name: `add-one-${index}`,
    before: ({ state }) => {
      state["count"] = ((state["count"] as number | undefined) ?? 0) + 1;
    },
  }),
);
api.with({ use: addOne }).get("/middleware", ({ state }) => ({ count: state["count"] }));

api.get("/html", () => html(page));
api.get("/redirect", () => redirect("/json"));
api.get("/cookie", { cookies: { session: t.String() } }, ({ cookies }) => ({ session: cookies.session }));
api.get(
  "/places/:id",
  { params: { id: t.Integer() }, response: Place },
  ({ params }) => placeById.get(params.id) ?? new NotFound("Place not found"),
);
api.get(
  "/places",
  { query: { country: t.String({ minLength: 2, maxLength: 2 }) }, response: t.Array(Place) },
  ({ query }) => placesOf.all(query.country),
);

addAuthRoutes(api);

await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
