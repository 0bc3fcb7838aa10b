import {
  Api,
  apiKey,
  defineAuth,
  hasRole,
  jwt,
  memoryStore,
  NotFound,
  type Principal,
  rateLimit,
  session,
  t,
} from "bolide";

const SECRET = "openapi-pantry-secret-of-32-bytes";

const Schemas = t.Module({
  Branch: t.Object({ name: t.String(), leaves: t.Array(t.Ref("Leaf"), { maxItems: 2 }) }),
  Leaf: t.Object({ size: t.Integer(), on: t.Optional(t.Ref("Branch")) }),
});

const Message = t.Object(
  { text: t.String({ maxLength: 100, examples: ["Hello"] }), at: t.Date() },
  { $id: "Message", description: "What is said." },
);

/** An api of what OpenAPI is not made for: forms, files, sockets, limits, and every way to say who calls. */
export function pantry(version: "3.1.1" | "3.2.0" = "3.1.1"): Api {
  const api = new Api({
    title: "Pantry",
    openapi: {
      version,
      tags: [{ name: "rooms", description: "Where people talk." }],
      webhooks: {
        "jar-opened": { method: "PUT", body: t.Object({ jar: t.String() }), response: { 204: t.Undefined() } },
        "jar-closed": { body: t.Object({ jar: t.String() }), response: t.Object({ kept: t.Boolean() }) },
      },
    },
  });
  api.post(
    "/notes",
    {
      tags: ["forms"],
      summary: "Keeps a note",
      form: t.Object(
        { title: t.String({ minLength: 1 }), stars: t.Integer({ default: 3 }), tags: t.Array(t.String()) },
        { $id: "Note" },
      ),
      response: { 201: t.Object({ title: t.String() }) },
      status: 201,
      examples: { form: { short: { title: "Jam", stars: 5, tags: ["sweet"] } } },
    },
    ({ form }) => ({ title: form.title }),
  );
  api.post(
    "/jars/:jar/labels",
    {
      tags: ["forms"],
      summary: "Sticks labels on a jar",
      params: { jar: t.Integer({ minimum: 1 }) },
      query: { draft: t.Boolean({ default: false }) },
      form: { text: t.String({ maxLength: 40 }), near: t.Optional(t.Csv(t.Number(), { maxItems: 2 })) },
      files: {
        front: t.File({ maxSize: 1000, types: ["image/*", "text/plain"], description: "The front" }),
        back: t.Optional(t.File()),
        more: t.Optional(t.Files({ maxFiles: 3, maxSize: 500 })),
      },
      response: t.Object({ jar: t.Integer(), text: t.String(), front: t.String(), more: t.Integer() }),
      errors: [NotFound],
    },
    async ({ params, form, files }) => ({
      jar: params.jar,
      text: form.text,
      front: await files.front.text(),
      more: files.more?.length ?? 0,
    }),
  );
  api.get("/branch", { summary: "A branch", response: Schemas.Import("Branch") }, () => ({ name: "a", leaves: [] }));
  api.query(
    "/jars",
    { summary: "Asks for jars", body: { words: t.Array(t.String()) }, response: t.Integer() },
    () => 1,
  );
  api.get(
    "/versions",
    { summary: "Reads a version", headers: { ifMatch: t.Optional(t.String()) }, response: t.String() },
    () => "1",
  );

  const limited = api.with({ prefix: "/limited", use: [rateLimit({ limit: 10_000, window: 1 })] });
  limited.get("", { summary: "Is limited", response: t.Integer() }, () => 1);
  limited.ws("/talk", { summary: "Talks within limits", tags: ["rooms"] }, () => {});
  api.ws(
    "/rooms/:room",
    {
      tags: ["rooms"],
      summary: "Talks",
      params: { room: t.Integer() },
      query: { since: t.Optional(t.Date()) },
      auth: jwt({ secret: SECRET }),
      guards: [hasRole("talker")],
      message: Message,
      send: t.Union([Message, t.Object({ left: t.String() })]),
      protocols: ["talk.v1"],
    },
    () => {},
  );

  const anybody = (): Principal | undefined => undefined;
  const schemes = {
    bearer: jwt({ secret: SECRET }),
    token: jwt({ secret: SECRET, scheme: "Token" }),
    cookie: jwt({ secret: SECRET, cookie: "token" }),
    key: apiKey({ keys: ["openapi-pantry-key-0123456789"], query: "key", cookie: "key" }),
    session: session({ store: memoryStore() }),
    basic: defineAuth({ name: "basic", scheme: { type: "http", scheme: "basic" }, authenticate: anybody }),
    other: defineAuth({ name: "other", authenticate: anybody }),
    open: defineAuth({
      name: "open",
      scheme: { type: "openIdConnect", openIdConnectUrl: "https://example.com/.well-known/openid-configuration" },
      authenticate: anybody,
    }),
  };
  for (const [name, auth] of Object.entries(schemes))
    api.post(
      `/as/${name}`,
      { summary: `Says who calls: ${name}`, tags: ["schemes"], auth, response: t.Boolean() },
      () => true,
    );
  return api;
}
