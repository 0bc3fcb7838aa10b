// Runs on Node, which strips the types.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import Fastify, { type FastifyError } from "fastify";
import { keywordEntry } from "./entries.ts";
import { addAuthRoutes } from "./fastify-auth.ts";

const data = process.env["BENCH_DATA"] ?? "";
const db = new DatabaseSync(join(data, "places.db"), { readOnly: true });
const columns = "id, name, country, population, latitude, longitude";
const placeById = db.prepare(`SELECT ${columns} FROM places WHERE id = ?`);
const placesOf = db.prepare(`SELECT ${columns} FROM places WHERE country = ? ORDER BY population DESC LIMIT 10`);
const rows = JSON.parse(readFileSync(join(data, "rows.json"), "utf8"));
const page = "<!doctype html><title>Bolide</title><h1>Hello, World!</h1>";

const object = (properties: Readonly<Record<string, object>>, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});
const array = (items: object, rules: object = {}) => ({ type: "array", items, ...rules });
const string = (rules: object = {}) => ({ type: "string", ...rules });
const integer = (rules: object = {}) => ({ type: "integer", ...rules });
const number = { type: "number" };
const boolean = (rules: object = {}) => ({ type: "boolean", ...rules });

const Order = object({
  id: integer({ minimum: 1 }),
  customer: object({ name: string({ minLength: 1, maxLength: 100 }), email: string({ format: "email" }) }),
  address: object({
    street: string({ minLength: 1, maxLength: 100 }),
    city: string({ minLength: 1, maxLength: 100 }),
    zip: string({ pattern: "^[0-9]{5}$" }),
    country: string({ minLength: 2, maxLength: 2 }),
  }),
  items: array(
    object({
      sku: string({ minLength: 1, maxLength: 40 }),
      quantity: integer({ minimum: 1 }),
      price: integer({ minimum: 0 }),
    }),
    { minItems: 1 },
  ),
  express: boolean(),
});

const Place = object({
  id: integer(),
  name: string(),
  country: string(),
  population: integer(),
  latitude: number,
  longitude: number,
});

interface OrderBody {
  id: number;
  items: { quantity: number; price: number }[];
}

const sources: Readonly<Record<string, string>> = { body: "body", querystring: "query", params: "params" };

const app = Fastify({ ajv: { customOptions: { allErrors: true } } });

// Fastify's own compiler coerces bodies too, so that the name 42 would pass: bodies get one that does not, as its guide shows.
const strict = new Ajv({ allErrors: true });
formats(strict);

app.setErrorHandler((error: FastifyError, _request, reply) => {
  if (error.validation === undefined) return reply.send(error);
  const source = sources[error.validationContext ?? ""] ?? "body";
  return reply.status(422).send({ detail: error.validation.map((one) => keywordEntry(source, one)) });
});
app.setNotFoundHandler((_request, reply) => reply.status(404).send({ detail: "Not Found" }));

app.get("/constant", () => "Hello, World!");
app.get("/text", () => "Hello, World!");
app.get("/json", { schema: { response: { 200: object({ message: string() }) } } }, () => ({
  message: "Hello, World!",
}));
const Row = object({ id: integer(), name: string(), email: string(), city: string(), active: boolean() });
app.get("/json-10k", { schema: { response: { 200: array(Row) } } }, () => rows);
app.get<{ Params: { id: number } }>(
  "/users/:id",
  { schema: { params: object({ id: integer() }), response: { 200: object({ id: integer() }) } } },
  (request) => ({ id: request.params.id }),
);
app.get<{ Params: { category: string }; Querystring: { q: string; limit: number; exact: boolean } }>(
  "/search/:category",
  {
    schema: {
      params: object({ category: string() }),
      querystring: object(
        {
          q: string({ default: "", maxLength: 100 }),
          limit: integer({ default: 10, minimum: 1, maximum: 100 }),
          exact: boolean({ default: false }),
        },
        [],
      ),
      response: { 200: object({ category: string(), q: string(), limit: integer(), exact: boolean() }) },
    },
  },
  (request) => ({ category: request.params.category, ...request.query }),
);
app.post<{ Body: OrderBody }>(
  "/orders",
  {
    schema: { body: Order, response: { 200: object({ id: integer(), total: integer() }) } },
    validatorCompiler: ({ schema }) => strict.compile(schema),
  },
  ({ body }) => ({ id: body.id, total: body.items.reduce((sum, item) => sum + item.quantity * item.price, 0) }),
);
app.decorateRequest("count", 0);
const addOne = Array.from({ length: 10 }, () => (request: object, _reply: unknown, done: () => void) => {
  (request as { count: number }).count += 1;
  done();
});
app.get(
  "/middleware",
  { preHandler: addOne, schema: { response: { 200: object({ count: integer() }) } } },
  (request) => ({
    count: (request as never as { count: number }).count,
  }),
);
app.get("/html", (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
app.get("/redirect", (_request, reply) => reply.redirect("/json", 307));
app.get("/cookie", { schema: { response: { 200: object({ session: string() }) } } }, (request) => {
  const session = /(?:^|;\s*)session=([^;]*)/.exec(request.headers.cookie ?? "")?.[1];
  return { session };
});
app.get<{ Params: { id: number } }>(
  "/places/:id",
  { schema: { params: object({ id: integer() }), response: { 200: Place } } },
  (request, reply) => placeById.get(request.params.id) ?? reply.status(404).send({ detail: "Place not found" }),
);
app.get<{ Querystring: { country: string } }>(
  "/places",
  {
    schema: {
      querystring: object({ country: string({ minLength: 2, maxLength: 2 }) }),
      response: { 200: array(Place) },
    },
  },
  (request) => placesOf.all(request.query.country),
);

await addAuthRoutes(app);

await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
