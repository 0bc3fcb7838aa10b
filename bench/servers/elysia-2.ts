import { Elysia, NotFound, t, ValidationError } from "elysia2";
import { type KeywordError, keywordEntry } from "./entries.ts";
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

interface Counted {
  count: number;
}
const addOne = Array.from({ length: 10 }, () => (context: Counted) => {
  context.count += 1;
});

// `precompile: true` fails in this version with its own TypeBox; the warm-up compiles every route.
new Elysia()
  .error(NotFound, ({ status }) => status(404, { detail: "Not Found" }))
  .error(ValidationError, ({ error, status }) => {
    // Elysia's integer is a union of number and text: the number's own error comes first, the union's after it.
    const seen = new Set<string>();
    const errors = (error.errors as readonly KeywordError[]).filter(
      ({ instancePath }) => seen.size < seen.add(instancePath).size,
    );
    return status(422, { detail: errors.map((one) => keywordEntry(error.type ?? "body", one)) });
  })
  .get("/constant", "Hello, World!")
  .get("/text", () => "Hello, World!")
  .get("/json", { response: t.Object({ message: t.String() }) }, () => ({ message: "Hello, World!" }))
  .get("/json-10k", { response: t.Array(Row) }, () => rows)
  .get(
    "/users/:id",
    { params: t.Object({ id: t.Integer() }), response: t.Object({ id: t.Integer() }) },
    ({ params }) => ({ id: params.id }),
  )
  .get(
    "/search/:category",
    {
      params: t.Object({ category: t.String() }),
      query: t.Object({
        q: t.String({ default: "", maxLength: 100 }),
        limit: t.Integer({ default: 10, minimum: 1, maximum: 100 }),
        exact: t.Boolean({ default: false }),
      }),
    },
    ({ params, query }) => ({ category: params.category, ...query }),
  )
  .post("/orders", { body: Order, response: t.Object({ id: t.Integer(), total: t.Integer() }) }, ({ body }) => ({
    id: body.id,
    total: body.items.reduce((sum, item) => sum + item.quantity * item.price, 0),
  }))
  .guard({}, (app) =>
    app
      .derive(() => ({ count: 0 }))
      .get("/middleware", { beforeHandle: addOne, response: t.Object({ count: t.Integer() }) }, ({ count }) => ({
        count,
      })),
  )
  .get("/html", () => new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } }))
  .get("/redirect", ({ redirect }) => redirect("/json", 307))
  .get("/cookie", { cookie: t.Cookie({ session: t.String() }) }, ({ cookie }) => ({ session: cookie.session.value }))
  .get(
    "/places/:id",
    {
      params: t.Object({ id: t.Integer() }),
      response: { 200: Place, 404: t.Object({ detail: t.String() }) },
    },
    ({ params, status }) => placeById.get(params.id) ?? status(404, { detail: "Place not found" }),
  )
  .get(
    "/places",
    { query: t.Object({ country: t.String({ minLength: 2, maxLength: 2 }) }), response: t.Array(Place) },
    ({ query }) => placesOf.all(query.country),
  )
  .listen({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]) });
