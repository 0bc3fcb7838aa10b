import { Api, defineAuth, Forbidden, hasRole, type LogRecord, t, Unauthorized } from "bolide";

const ticket = defineAuth({
  name: "ticket",
  authenticate({ request }) {
    const id = request.headers.get("x-ticket");
    if (id === null) return undefined;
    return id === "bad"
      ? new Unauthorized("Unknown ticket")
      : { id, roles: id === "root" ? ["admin"] : [], claims: {} };
  },
});

const never = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

/** What section 9 speaks of. */
export function sockets(log: (record: LogRecord) => void): Api {
  const api = new Api({ log, health: false });
  api.ws("/echo", async (socket) => {
    for await (const message of socket) socket.send(message);
  });
  api.ws("/typed", { message: { n: t.Integer({ minimum: 1 }) }, send: { twice: t.Integer() } }, async (socket) => {
    for await (const { n } of socket) socket.send({ twice: n * 2, secret: "no" } as { twice: number });
  });
  api.ws("/strict", { message: { n: t.Integer() }, invalid: "close" }, async (socket) => {
    for await (const { n } of socket) socket.sendJson(n);
  });
  api.ws("/hooks/:id", {
    open: (socket) => void socket.send(`open ${socket.params.id}`),
    async message(socket, message) {
      if (message === "slow") await Bun.sleep(5);
      socket.send(`got ${String(message)}`);
    },
  });
  api.ws("/reads/:id", { params: { id: t.Integer() }, query: { limit: t.Integer({ maximum: 10 }) } }, (socket) => {
    socket.sendJson({ id: socket.params.id, limit: socket.query.limit });
  });
  api.ws("/secured", { auth: ticket, guards: [hasRole("admin")], query: { q: t.Integer() } }, (socket) => {
    socket.send(socket.user.id);
  });
  api.ws("/protocols", { protocols: ["v2", "v1"] }, (socket) => void socket.send(socket.protocol));
  api.ws("/origins", { origins: ["https://app.example.com"] }, (socket) => void socket.send("welcome"));
  api.ws("/anywhere", { origins: "*" }, (socket) => void socket.send("welcome"));
  api.ws("/small", { maxMessageSize: 10 }, async (socket) => {
    for await (const message of socket) socket.send(message);
  });
  api.ws("/idle", { queueSize: 2 }, (socket) => never(socket.signal));
  api.ws("/throws", async (socket) => {
    await socket.receive();
    throw new RangeError("a secret");
  });
  api.ws("/forbids", async (socket) => {
    await socket.receive();
    throw new Forbidden("Not you");
  });
  api.ws("/returns", () => {});
  api.ws("/own", (socket) => socket.close(4001, "Invalid token"));
  api.ws("/rooms/:room", async (socket) => {
    const { room } = socket.params;
    socket.join(room);
    for await (const message of socket) {
      if (message === "who") socket.sendJson((await socket.presence(room)).length);
      else if (message === "all") api.publish(room, { to: "all" });
      else socket.publish(room, message);
    }
  });
  const inner = new Api();
  inner.ws("/shout/:room", async (socket) => {
    for await (const message of socket) inner.publish(socket.params.room, message);
  });
  api.mount("/mounted", inner);
  api.ws(
    "/set",
    {
      responseHeaders: { "x-own": "1" },
      use: [
        async (_, next) => {
          const response = await next();
          response.headers.set("x-seen", String(response.status));
          response.headers.append("set-cookie", "a=1");
          response.headers.append("set-cookie", "b=2");
          return response;
        },
      ],
    },
    (socket) => void socket.send("set"),
  );
  return api;
}
