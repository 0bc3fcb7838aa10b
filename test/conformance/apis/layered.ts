import { Api, json, type LogRecord, middleware, type Middleware, NotFound, type RequestContext } from "bolide";

/** Notes its name on the way in, and on the way out adds it to a header: what the answer says is the order on both ways. */
function layer(name: string): Middleware {
  return middleware({
    name,
    before: ({ state }) => {
      state["in"] = [...((state["in"] as string[] | undefined) ?? []), name];
    },
    after: (_, response) => response.headers.append("x-out", name),
  });
}

const order = ({ state }: RequestContext) => ({ in: state["in"] });

/** An api with middleware on every level: what section 7's first sentence and mounts of section 1 speak of. */
export function layered(log: (record: LogRecord) => void): Api {
  const api = new Api({
    log,
    use: [layer("api")],
    onError: [[NotFound, (error: NotFound) => json({ api: error.detail }, { status: 404 })]],
  });
  api.get("/order", order);
  api.get("/thrown", () => {
    throw new Error("unseen");
  });
  api.post("/order", order);
  api.get("/order/:id", order);

  const scope = api.with({ prefix: "/scope", use: [layer("scope-1"), layer("scope-2")] });
  scope.get("/order", { use: [layer("route")] }, order);
  scope.get("/skipped", { skip: ["scope-1"] }, order);
  scope.get("/skipped/outer", { skip: ["api", "scope-2"] }, order);
  scope.get("/plain", { use: [async (ctx, next) => changed(await next(), "x-plain", ctx.method)] }, order);
  scope.get(
    "/early",
    { use: [{ name: "early", before: () => new Response("early", { status: 203 }) }, layer("never")] },
    order,
  );
  scope.get(
    "/around",
    { use: [{ name: "around", around: () => new Response("instead", { status: 203 }) }, layer("never")] },
    order,
  );
  scope.get("/replaced", { use: [{ name: "replace", after: () => new Response("replaced", { status: 203 }) }] }, order);
  scope.get("/broken/before", { use: [layer("route"), { name: "broken", before: () => raise() }] }, order);
  scope.get("/broken/after", { use: [layer("route"), { name: "broken", after: () => raise() }] }, order);
  scope.get("/broken/around", { use: [layer("route"), { name: "broken", around: async () => raise() }] }, order);
  scope.get(
    "/broken/nothing",
    { use: [{ name: "forgetful", around: (async (_: unknown, next: () => unknown) => void (await next())) as never }] },
    order,
  );

  const mounted = new Api({
    use: [layer("mounted")],
    onError: [[NotFound, (error: NotFound) => json({ mounted: error.detail }, { status: 404 })]],
  });
  mounted.get("/order", order);
  mounted.get("/lost", () => new NotFound("lost"));
  mounted.with({ prefix: "/deep", use: [layer("deep")] }).get("/order", order);
  api.mount("/mounted", mounted);
  api.mount("/fetch", () => Response.json({ from: "fetch" }));
  return api;
}

function raise(): never {
  throw new Error("unseen");
}

function changed(response: Response, name: string, value: string): Response {
  response.headers.set(name, value);
  return response;
}
