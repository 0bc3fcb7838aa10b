Bun.serve({
  hostname: "127.0.0.1",
  port: Number(Bun.env["PORT"]),
  development: false,
  routes: { "/": { GET: () => Response.json({ message: "Hello, World!" }) } },
});
