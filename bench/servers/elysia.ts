import { Elysia, t } from "elysia";
import { authRoutes } from "./elysia-auth.ts";
import { typeboxEntry } from "./entries.ts";
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

new Elysia({ precompile: true })
  .onError(({ code, error, status }) => {
    if (code === "NOT_FOUND") return status(404, { detail: "Not Found" });
    if (code === "VALIDATION") {
      if (!("Errors" in error.validator)) return undefined;
      const detail = [...error.validator.Errors(error.value)].map((found) => {
        // Elysia's integer is a union with the text form; the last variant's error is the number's own.
        const [own] = found.errors.at(-1) ?? [];
        return typeboxEntry(error.type, own ?? found);
      });
      return status(422, { detail });
    }
    return undefined;
  })
  .get("/constant", "Hello, World!")
  .get("/text", () => "Hello, World!")
  .get("/json", () => ({ message: "Hello, World!" }), { response: t.Object({ message: t.String() }) })
  .get("/json-10k", () => rows, { response: t.Array(Row) })
  .get("/users/:id", ({ params }) => ({ id: params.id }), {
    params: t.Object({ id: t.Integer() }),
    response: t.Object({ id: t.Integer() }),
  })
  .get("/search/:category", ({ params, query }) => ({ category: params.category, ...query }), {
    params: t.Object({ category: t.String() }),
    query: t.Object({
      q: t.String({ default: "", maxLength: 100 }),
      limit: t.Integer({ default: 10, minimum: 1, maximum: 100 }),
      exact: t.Boolean({ default: false }),
    }),
  })
  .post(
    "/orders",
    ({ body }) => ({ id: body.id, total: body.items.reduce((sum, item) => sum + item.quantity * item.price, 0) }),
    { body: Order, response: t.Object({ id: t.Integer(), total: t.Integer() }) },
  )
  .guard({}, (app) =>
    app
      .derive(() => ({ count: 0 }))
      .get("/middleware", ({ count }) => ({ count }), {
        beforeHandle: addOne,
        response: t.Object({ count: t.Integer() }),
      }),
  )
  .get("/html", () => new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } }))
  .get("/redirect", ({ redirect }) => redirect("/json", 307))
  .get("/cookie", ({ cookie }) => ({ session: cookie.session.value }), { cookie: t.Cookie({ session: t.String() }) })
  .get("/places/:id", ({ params, status }) => placeById.get(params.id) ?? status(404, { detail: "Place not found" }), {
    params: t.Object({ id: t.Integer() }),
    response: { 200: Place, 404: t.Object({ detail: t.String() }) },
  })
  .get("/places", ({ query }) => placesOf.all(query.country), {
    query: t.Object({ country: t.String({ minLength: 2, maxLength: 2 }) }),
    response: t.Array(Place),
  })
  .use(authRoutes)
  .listen({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]) });
