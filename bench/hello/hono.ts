import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.json({ message: "Hello, World!" }));
Bun.serve({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]), development: false, fetch: app.fetch });
