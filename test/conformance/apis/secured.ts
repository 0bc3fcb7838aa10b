import {
  all,
  allowAny,
  any,
  Api,
  apiKey,
  defineAuth,
  defineGuard,
  hasAllPermissions,
  hasAnyPermission,
  hasAnyRole,
  hasPermission,
  hasRole,
  isAdmin,
  isStaff,
  jwt,
  type LogRecord,
  memoryStore,
  noContent,
  not,
  requires,
  session,
  t,
  Unauthorized,
} from "bolide";

/** 32 bytes, as HS256 needs; the table makes its tokens with it. */
export const SECRET = "conformance-secret-of-32-bytes-0";
export const KEY = "conformance-api-key-0123456789";
export const ISSUER = "https://issuer.example";
export const AUDIENCE = "https://api.example";

/** Section 6: one backend of each kind, and one route for each guard. */
export function secured(log: (record: LogRecord) => void): Api {
  const api = new Api({ log, health: false });
  const tokens = jwt({ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, claims: { role: t.Optional(t.String()) } });
  const inside = api.with({ auth: tokens });

  inside.get("/me", ({ user }) => ({ id: user.id, backend: user.backend, role: user.claims.role ?? null }));
  inside.get("/open", { guards: [allowAny()] }, ({ user }) => ({ id: user?.id ?? null }));
  inside.get("/public", { auth: [] }, () => "everybody");
  inside.post("/orders", { body: { n: t.Integer() }, maxBodySize: 100 }, ({ body }) => body);

  const guards = {
    role: hasRole("editor"),
    "any-role": hasAnyRole("editor", "owner"),
    permission: hasPermission("posts.edit"),
    "any-permission": hasAnyPermission("posts.edit", "posts.delete"),
    "all-permissions": hasAllPermissions("posts.edit", "posts.delete"),
    staff: isStaff(),
    admin: isAdmin(),
    claim: requires("plan", "team", "company"),
    all: all(hasRole("editor"), hasPermission("posts.edit")),
    any: any(hasRole("owner"), hasPermission("posts.edit")),
    not: not(hasRole("muted")),
    teapot: defineGuard({ name: "teapot", status: 418, check: () => false }),
  };
  for (const [name, guard] of Object.entries(guards)) {
    inside.get(`/guards/${name}`, { guards: [guard] }, ({ user }) => `welcome ${user?.id}`);
  }

  const keys = apiKey({ keys: [{ key: KEY, id: "robot", permissions: ["posts.edit"] }], query: "key" });
  api.get("/robots", { auth: keys }, ({ user }) => ({ id: user.id, backend: user.backend }));
  api.get("/either", { auth: [tokens, keys] }, ({ user }) => user.backend);

  const cookies = jwt({ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, cookie: "token" });
  api.route(["GET", "POST"], "/cookie", { auth: cookies }, ({ user }) => user.id);

  const ticket = defineAuth({
    name: "Ticket",
    authenticate: ({ request }) => {
      const id = request.headers.get("x-ticket");
      return id === null ? undefined : id === "7" ? { id } : new Unauthorized("Unknown ticket");
    },
  });
  api.get("/ticket", { auth: ticket }, ({ user }) => user.id);

  const sessions = session({ store: memoryStore() });
  const visits = api.with({ auth: sessions });
  visits.post("/login", { guards: [allowAny()] }, async (ctx) => {
    await sessions.login(ctx, { id: "ada" });
    return noContent();
  });
  visits.get("/visit", ({ user }) => user.id);
  return api;
}
