import {
  all,
  allowAny,
  Api,
  apiKey,
  Conflict,
  created,
  defineGuard,
  depends,
  hasRole,
  issueToken,
  jwt,
  middleware,
  noContent,
  NotFound,
  requestId,
  t,
  type TSchema,
} from "bolide";

/** 32 bytes, as HS256 needs. */
const SECRET = "openapi-kitchen-secret-32-bytes-";
export const KEY = "openapi-kitchen-key-0123456789";

/** A token that every guard of the api lets in. */
export const token = (): string => issueToken({ sub: "ada", roles: ["cook"] }, { secret: SECRET, expiresIn: 3600 });

const Colour = t.Union([t.Literal("red"), t.Literal("green"), t.Literal(7)]);

/** One of each kind: what comes in as JSON goes out again. */
const KINDS: Readonly<Record<string, TSchema>> = {
  string: t.Object({ plain: t.String(), sized: t.String({ minLength: 2, maxLength: 5 }) }),
  pattern: t.Object({ code: t.String({ pattern: "^[a-c]{2}\\d$" }), word: t.RegExp(/^x+$/) }),
  format: t.Object({
    day: t.String({ format: "date" }),
    moment: t.String({ format: "date-time" }),
    id: t.String({ format: "uuid" }),
    mail: t.String({ format: "email" }),
    four: t.String({ format: "ipv4" }),
  }),
  number: t.Object({
    any: t.Number(),
    between: t.Number({ minimum: -1, exclusiveMaximum: 1 }),
    whole: t.Integer({ exclusiveMinimum: 0, maximum: 9 }),
    even: t.Integer({ multipleOf: 2 }),
  }),
  date: t.Object({ at: t.Date() }),
  bigint: t.Object({ big: t.BigInt() }),
  bytes: t.Object({ any: t.Bytes(), some: t.Bytes({ minByteLength: 2, maxByteLength: 4 }) }),
  enum: t.Object({ order: t.StringEnum(["asc", "desc"]), colour: Colour, seven: t.Literal(7) }),
  boolean: t.Object({ yes: t.Boolean(), none: t.Null() }),
  nullable: t.Object({
    text: t.Nullable(t.String({ minLength: 1 })),
    order: t.Nullable(t.StringEnum(["asc", "desc"])),
    inner: t.Nullable(t.Object({ a: t.Integer() })),
  }),
  array: t.Object({
    plain: t.Array(t.Integer(), { minItems: 1, maxItems: 3 }),
    set: t.Array(t.Integer({ minimum: 0, maximum: 99 }), { uniqueItems: true, maxItems: 4 }),
    pair: t.Tuple([t.String(), t.Integer()]),
  }),
  record: t.Object({ any: t.Record(t.String(), t.Integer()), closed: t.Object({}, { additionalProperties: false }) }),
  extra: t.Object({ known: t.String() }, { additionalProperties: t.Integer() }),
  optional: t.Object({ maybe: t.Optional(t.Integer()), filled: t.Integer({ default: 5 }) }),
  union: t.Object({ either: t.Union([t.Integer(), t.Object({ a: t.String() })]) }),
  intersect: t.Intersect([t.Object({ a: t.Integer() }), t.Object({ b: t.String() })]),
  tree: t.Recursive(
    (Tree) => t.Object({ name: t.String(), children: t.Array(Tree, { maxItems: 3 }) }, { additionalProperties: false }),
    { $id: "Tree" },
  ),
};

/** What texts may be: read from a query, and told again. */
const TEXTS = {
  integer: t.Integer({ minimum: -5, maximum: 5 }),
  safe: t.Optional(t.Integer()),
  number: t.Optional(t.Number({ exclusiveMinimum: 0 })),
  boolean: t.Optional(t.Boolean()),
  day: t.Optional(t.String({ format: "date" })),
  order: t.StringEnum(["asc", "desc"], { default: "asc" }),
  many: t.Optional(t.Array(t.Integer({ minimum: 0 }), { maxItems: 3 })),
  near: t.Optional(t.Csv(t.Number(), { minItems: 2, maxItems: 2 })),
};

/** An api that says all that an api can say of itself. */
export function kitchen(): Api {
  const api = new Api({
    title: "Kitchen",
    version: "2.0.0",
    description: "One of each.",
    use: [requestId()],
    openapi: {
      summary: "For tests",
      license: { name: "MIT", identifier: "MIT" },
      contact: { name: "The cooks", url: "https://example.com" },
      externalDocs: { url: "https://example.com/kitchen" },
      tags: [{ name: "kinds", description: "One schema of each kind." }, { name: "secured" }],
      tagGroups: { Everything: ["kinds", "secured", "texts"] },
      webhooks: {
        dishServed: {
          summary: "A dish was served",
          body: t.Object({ dish: t.String() }, { $id: "Served" }),
          response: { 204: t.Undefined() },
        },
      },
    },
  });
  const kinds = api.with({ prefix: "/kinds", tags: ["kinds"] });
  for (const [name, schema] of Object.entries(KINDS))
    kinds.post(`/${name}`, { body: schema, response: schema }, ({ body }) => body as never);

  api.get(
    "/texts/:slug/:count",
    {
      tags: ["texts"],
      summary: "Reads texts of every kind",
      params: { slug: t.String({ pattern: "^[a-z]{1,8}$" }), count: t.Integer({ minimum: 0 }) },
      query: TEXTS,
      headers: { xLevel: t.Integer({ minimum: 1, maximum: 3, description: "How much" }) },
      cookies: { theme: t.Optional(t.StringEnum(["dark", "light"])) },
      provide: { page: depends({ query: { page: t.Integer({ minimum: 1, default: 1 }) } }, ({ query }) => query.page) },
      response: t.Object({ slug: t.String(), count: t.Integer(), page: t.Integer(), level: t.Integer() }),
    },
    ({ params, page, headers }) => ({ ...params, page, level: headers.xLevel }),
  );
  api.get("/files/:name", { response: t.String() }, ({ params }) => params.name);
  api.get("/files/*path", { response: t.String() }, ({ params }) => params.path);
  api.get(
    "/report",
    { answers: { 200: { description: "The report", content: { "text/csv": t.String() } } } },
    () => new Response("a,b\n", { headers: { "content-type": "text/csv" } }),
  );
  api.get("/either", { query: { text: t.Boolean() }, response: t.Union([t.String(), t.Integer()]) }, ({ query }) =>
    query.text ? "text" : 7,
  );
  api.head("/probe", { response: { 204: t.Undefined() } }, () => undefined);
  api.query(
    "/search",
    { body: { words: t.Array(t.String()) }, response: t.Integer() },
    ({ body }) => body.words.length,
  );

  const Dish = t.Object(
    {
      id: t.Integer({ readOnly: true }),
      name: t.String({ minLength: 1, examples: ["Soup"] }),
      hot: t.Boolean({ default: true }),
    },
    { $id: "Dish" },
  );
  const secured = api.with({
    prefix: "/dishes",
    tags: ["secured"],
    auth: [jwt({ secret: SECRET }), apiKey({ keys: [{ key: KEY, id: "robot", roles: ["cook"] }] })],
    guards: [hasRole("cook")],
    responseHeaders: { "x-kitchen": "one" },
  });
  secured.post(
    "",
    {
      summary: "Adds a dish",
      description: "Names are not unique.",
      operationId: "addDish",
      externalDocs: { url: "https://example.com/dishes" },
      body: t.Omit(Dish, ["id"], { title: "New dish" }),
      response: { 201: Dish },
      errors: [Conflict],
      answers: { 201: { description: "The dish", headers: { location: t.String({ description: "Where it is" }) } } },
      examples: { body: { soup: { name: "Soup", hot: true } }, 201: { soup: { id: 1, name: "Soup", hot: true } } },
    },
    ({ body }) => created({ id: 1, ...body }, { headers: { location: "/dishes/1" } }),
  );
  secured.put("/:id", { params: { id: t.Integer() }, body: Dish, response: Dish }, ({ body }) => body);
  secured.get("/:dish", { deprecated: true, response: Dish, errors: [NotFound] }, () => new NotFound("No such dish"));
  secured.delete(
    "/:id",
    {
      guards: [all(hasRole("cook"), defineGuard({ name: "awake", description: "not asleep", check: () => true }))],
      status: 204,
      response: { 204: t.Undefined() },
      use: [middleware({ name: "slow", before: () => {}, answers: { statuses: { 429: "Rate limit exceeded" } } })],
    },
    () => noContent(),
  );
  secured.get("/menu", { guards: [allowAny()], response: t.Array(Dish) }, () => []);
  return api;
}
