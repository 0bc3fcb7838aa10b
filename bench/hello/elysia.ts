import { Elysia, t } from "elysia";

new Elysia()
  .get("/", () => ({ message: "Hello, World!" }), { response: t.Object({ message: t.String() }) })
  .listen({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]) });
