import { Api, constant, get, type LogRecord, post, put, t } from "bolide";

/** Tells which route answered, and what it was given. */
function told({ route, params }: { readonly route: string | undefined; readonly params: object }) {
  return { route, params: { ...params } };
}

/** What section 1 speaks of. */
export function addRouting(api: Api): void {
  api.get("/methods/get", told);
  api.post("/methods/post", told);
  api.put("/methods/put", told);
  api.patch("/methods/patch", told);
  api.delete("/methods/delete", told);
  api.query("/methods/query", told);
  api.head("/methods/head", () => new Response(null, { headers: { "x-head": "declared" } }));
  api.options("/methods/options", () => new Response(null, { status: 200, headers: { "x-options": "declared" } }));
  api.route(["PUT", "PATCH"], "/methods/several/:id", told);

  api.get("/users/:id", { params: { id: t.Integer() } }, told);
  api.get("/files/*path", told);
  api.get("/files/readme", told);
  api.get("/two/:a/:b", told);
  api.get("/both/:id", told);
  api.get("/both/fixed", told);
  api.get("/both/*rest", told);
  api.get("/mixed/:id", told);
  api.post("/mixed/fixed", told);
  api.delete("/mixed/*rest", told);
  api.get("/text/:value", ({ params }) => params.value);
  api.get("/a b/é", told);
  api.get("/sub,delims;=+$&@", told);
  api.get("/escaped%2Fslash/:id", told);
  api.get("/constant", constant("always the same"));
  api.get("/with-head", () => ({ from: "GET" }));
  api.head("/with-head", () => new Response(null, { headers: { "x-head": "declared" } }));
  api.get("/with-options", () => ({ from: "GET" }));
  api.options("/with-options", () => new Response(null, { status: 200, headers: { allow: "GET" } }));
  api.get("/sized", () => "twelve bytes");
  api.get("/sized/json", () => ({ a: [1, 2] }));
  api.get("/sized/bytes", () => new Uint8Array(300));
  api.get("/sized/empty", () => new Response(null, { status: 200 }));

  const scope = api.with({ prefix: "/scope", status: 202, responseHeaders: { "x-scope": "outer", "x-outer": "1" } });
  scope.get("/plain", () => ({ in: "scope" }));
  scope.get("/own", { status: 203, responseHeaders: { "x-scope": "route" } }, () => ({ in: "route" }));
  const inner = scope.with({
    prefix: "/:tenant/inner",
    responseHeaders: { "x-scope": "inner" },
    provide: { word: () => "provided" },
  });
  inner.get("/:id", ({ params, word }) => ({ params: { ...params }, word }));
  scope.add(get("/added", told), post("/added", told));
  inner.with({ status: 201 }).add(put("/added/again", told));

  const mounted = new Api({ prefix: "/v1" });
  mounted.get("/things/:id", told);
  api.mount("/mounted", mounted);
  api.mount("/fetch", async (request) => {
    const { pathname, search } = new URL(request.url);
    return Response.json({ method: request.method, path: pathname, search, body: await request.text() });
  });
  api.mount("/object", { fetch: () => new Response("from an object") });
}

/** The same few routes under another policy for the slash at the end. */
export function slashed(trailingSlash: "append" | "keep", log: (record: LogRecord) => void): Api {
  const api = new Api({ trailingSlash, log });
  api.get("/", () => "root");
  api.get("/list", () => "list");
  api.get("/users/:id", ({ params }) => params.id);
  api.post("/list", () => "posted");
  if (trailingSlash === "keep") api.get("/list/", () => "list with a slash");
  api.get("/tail/*path", ({ params }) => params.path);
  return api;
}
