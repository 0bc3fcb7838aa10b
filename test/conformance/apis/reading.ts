import { type Api, depends, t, type TSchema } from "bolide";

/** One text type after the other: what `GET /coerce/<name>?value=` reads. */
export const TEXT_TYPES: Readonly<Record<string, TSchema>> = {
  integer: t.Integer(),
  positive: t.Integer({ minimum: 1, maximum: 100 }),
  number: t.Number(),
  boolean: t.Boolean(),
  bigint: t.BigInt(),
  date: t.String({ format: "date" }),
  time: t.String({ format: "time" }),
  "date-time": t.Date(),
  uuid: t.String({ format: "uuid" }),
  string: t.String(),
  short: t.String({ minLength: 2, maxLength: 3 }),
  pattern: t.String({ pattern: "^[a-z]+$" }),
  enum: t.StringEnum(["asc", "desc"]),
  literal: t.Literal(7),
  union: t.Union([t.Integer(), t.Boolean(), t.StringEnum(["all"])]),
  array: t.Array(t.Integer()),
  csv: t.Csv(t.Integer()),
};

const Address = t.Object({ street: t.String(), zip: t.String({ pattern: "^\\d{5}$" }) });

const Person = t.Object({
  name: t.String({ minLength: 1, maxLength: 20 }),
  age: t.Optional(t.Integer({ minimum: 0, maximum: 150 })),
  role: t.StringEnum(["user", "admin"], { default: "user" }),
  address: t.Optional(Address),
  tags: t.Optional(t.Array(t.String({ maxLength: 5 }), { maxItems: 3 })),
});

/** What section 2 speaks of. */
export function addReading(api: Api): void {
  for (const [name, schema] of Object.entries(TEXT_TYPES)) {
    api.get(`/coerce/${name}`, { query: { value: schema } }, ({ query }) => shown(query.value));
    if (name === "array" || name === "csv") continue;
    api.get(`/coerce-param/${name}/:value`, { params: { value: schema } }, ({ params }) => shown(params.value));
  }

  api.get(
    "/sources/:id",
    {
      params: t.Object({ id: t.Integer() }),
      query: { page: t.Integer({ default: 1 }) },
      headers: {
        xRequestId: t.Optional(t.String()),
        "x-flag": t.Optional(t.Boolean()),
        accept: t.Optional(t.String()),
      },
      cookies: { theme: t.StringEnum(["dark", "light"], { default: "light" }) },
    },
    ({ params, query, headers, cookies }) => ({ params, query, headers: { ...headers, accept: undefined }, cookies }),
  );
  api.get("/headers/list", { headers: { xTags: t.Array(t.Integer()) } }, ({ headers }) => headers);
  api.get("/cookies", { cookies: { count: t.Integer(), name: t.Optional(t.String()) } }, ({ cookies }) => cookies);
  api.get(
    "/strict-query",
    { query: t.Object({ a: t.Optional(t.Integer()) }, { additionalProperties: false }) },
    ({ query }) => query,
  );
  api.get("/loose-query", { query: { a: t.Optional(t.Integer()), s: t.Optional(t.String()) } }, ({ query }) => query);
  api.get(
    "/defaults",
    {
      query: {
        limit: t.Integer({ default: 20 }),
        sort: t.StringEnum(["asc", "desc"], { default: "asc" }),
        q: t.Optional(t.String()),
      },
    },
    ({ query }) => query,
  );
  api.get("/undeclared/:name", ({ params, query, cookies, headers }) => ({
    params: { ...params },
    query: Object.fromEntries(query),
    cookies: { ...cookies },
    header: headers.get("x-any"),
  }));

  api.post("/people", { body: Person }, ({ body }) => body);
  api.post("/people/shorthand", { body: { name: t.String(), at: t.Date(), big: t.BigInt() } }, ({ body }) => ({
    name: body.name,
    at: body.at.getTime(),
    big: `${body.big}n`,
  }));
  api.post(
    "/people/closed",
    { body: t.Object({ name: t.String() }, { additionalProperties: false }) },
    ({ body }) => body,
  );
  api.post("/any", { body: t.Unknown() }, ({ body }) => ({
    type: typeof body,
    clean: ({} as Record<string, unknown>)["polluted"] ?? "yes",
  }));
  api.post("/optional", { body: t.Optional(t.Object({ a: t.Integer() })) }, ({ body }) => ({ got: body ?? "nothing" }));
  api.post("/many", { body: t.Array(t.Integer()) }, ({ body }) => body.length);
  api.query("/search", { body: { text: t.String() } }, ({ body }) => body);
  api.put(
    "/everything/:id",
    {
      params: { id: t.Integer() },
      query: { page: t.Integer() },
      headers: { xCount: t.Integer() },
      cookies: { sid: t.String({ minLength: 4 }) },
      body: Person,
      provide: { filter: depends({ query: { since: t.Integer() } }, ({ query }) => query.since) },
    },
    ({ filter }) => filter,
  );

  api.post("/limit/default", { body: t.Unknown() }, () => "read");
  api.post("/limit/route", { body: t.Unknown(), maxBodySize: 10 }, () => "read");
  api.post("/limit/undeclared", { maxBodySize: 10 }, async ({ request }) => (await request.text()).length);
  api.post(
    "/limit/undeclared/:id",
    { maxBodySize: 10 },
    async ({ request, params }) => params.id + (await request.text()),
  );
  const small = api.with({ prefix: "/limit/scope", maxBodySize: 20 });
  small.post("/inherited", { body: t.Unknown() }, () => "read");
  small.post("/raised", { body: t.Unknown(), maxBodySize: 40 }, () => "read");
}

/** A value as JSON shows it; a bigint with its `n`. */
function shown(value: unknown) {
  return { value: typeof value === "bigint" ? `${value}n` : value };
}
