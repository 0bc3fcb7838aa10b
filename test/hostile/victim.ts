import { Api, t } from "bolide";

// A server in a process of its own, so that its memory is its own; it ends with whoever started it.
const api = new Api({ log: () => {} });
api.get("/rss", () => {
  Bun.gc(true);
  return process.memoryUsage.rss();
});
api.post("/json", { body: t.Unknown() }, ({ body }) => typeof body);
api.post("/object", { body: t.Object({ name: t.String() }) }, ({ body }) => body);
api.post("/raw", async ({ request }) => (await request.text()).length);
api.post("/unread", () => "did not look");
api.get("/q", { query: { a: t.Optional(t.String()) } }, ({ query }) => query);
const server = await api.listen({ port: 0 });
console.log(server.url.href);
process.stdin.on("end", () => void server.stop()).resume();
