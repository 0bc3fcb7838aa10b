import { expectTypeOf, test } from "bun:test";
import { Api, depends, jwt, type SocketRoute, session, memoryStore, t, ws } from "bolide";
import { type ClientSocket, client } from "bolide/client";

const api = new Api();
const Text = t.Object({ text: t.String() });
const Said = t.Object({ from: t.String(), at: t.Date() });
const signed = jwt({ secret: "a secret of at least 32 bytes, no less", claims: { name: t.String() } });

// Each of these is checked by the compiler; run, they only show that nothing throws.

test("a socket without a contract has texts and bytes", () => {
  api.ws("/s1/:room", async (socket, ctx) => {
    expectTypeOf(socket.params).toEqualTypeOf<{ readonly room: string }>();
    expectTypeOf(socket.query).toEqualTypeOf<URLSearchParams>();
    expectTypeOf(socket.user).toEqualTypeOf<undefined>();
    expectTypeOf(socket.request).toEqualTypeOf<Request>();
    expectTypeOf(ctx.params).toEqualTypeOf<{ readonly room: string }>();
    for await (const message of socket) {
      expectTypeOf(message).toEqualTypeOf<string | Uint8Array>();
      socket.send(message);
    }
  });
});

test("what the contract declares of the request is typed on the socket and on the context", () => {
  api.ws(
    "/s2/:id/:name",
    { params: { id: t.Integer() }, query: { since: t.Optional(t.Date()) }, cookies: { theme: t.String() } },
    (socket, ctx) => {
      expectTypeOf(socket.params.id).toEqualTypeOf<number>();
      expectTypeOf(socket.params.name).toEqualTypeOf<string>();
      expectTypeOf(socket.query.since).toEqualTypeOf<Date | undefined>();
      expectTypeOf(socket.cookies.theme).toEqualTypeOf<string>();
      expectTypeOf(ctx.query.since).toEqualTypeOf<Date | undefined>();
      // @ts-expect-error -- a socket has no body
      void ctx.body;
    },
  );
});

test("messages have the type of their schema, in a loop, one by one and in a hook", () => {
  api.ws("/s3/loop", { message: Text }, async (socket) => {
    for await (const message of socket) expectTypeOf(message).toEqualTypeOf<{ text: string }>();
    expectTypeOf(await socket.receive()).toEqualTypeOf<{ text: string }>();
  });
  api.ws(
    "/s3/hook",
    { message: Text },
    {
      message(socket, message) {
        expectTypeOf(message).toEqualTypeOf<{ text: string }>();
        expectTypeOf(socket.isOpen).toEqualTypeOf<boolean>();
      },
      close: (_, how) => expectTypeOf(how.code).toEqualTypeOf<number>(),
    },
  );
  api.ws("/s3/shorthand", { message: { text: t.String(), at: t.Date() } }, async (socket) => {
    for await (const message of socket)
      expectTypeOf(message).toEqualTypeOf<{ readonly text: string; readonly at: Date }>();
  });
  const Both = t.Union([
    t.Object({ kind: t.Literal("say"), text: t.String() }),
    t.Object({ kind: t.Literal("typing") }),
  ]);
  api.ws("/s3/union", { message: Both }, async (socket) => {
    for await (const message of socket) {
      if (message.kind === "say") expectTypeOf(message.text).toEqualTypeOf<string>();
      // @ts-expect-error -- typing has no text
      else void message.text;
    }
  });
});

test("send takes what its schema says, and nothing else", () => {
  api.ws("/s4", { send: Said }, (socket) => {
    socket.send({ from: "Ada", at: new Date() });
    // @ts-expect-error -- at is a Date
    if (!socket.isOpen) socket.send({ from: "Ada", at: "now" });
    // @ts-expect-error -- a text is no message here
    if (!socket.isOpen) socket.send("hello");
    socket.close();
  });
  api.ws("/s4/raw", (socket) => {
    socket.send("hello");
    // @ts-expect-error -- without a schema an object goes by sendJson
    if (!socket.isOpen) socket.send({ from: "Ada" });
  });
});

test("the user is who the backend finds, the session the backend's", () => {
  api.ws("/s5", { auth: signed }, (socket, ctx) => {
    expectTypeOf(socket.user.claims.name).toEqualTypeOf<string>();
    expectTypeOf(ctx.user.claims.name).toEqualTypeOf<string>();
  });
  const sessions = session<object, object, { seen: number }>({ store: memoryStore() });
  api.with({ auth: sessions }).ws("/s5/session", (socket) => {
    expectTypeOf(socket.session.get("seen")).toEqualTypeOf<number | undefined>();
  });
});

test("dependencies of scope and route are on the context, parameters of the prefix on the socket", () => {
  const clock = depends(() => 7);
  api
    .with({ prefix: "/s6/:tenant", provide: { clock } })
    .ws("/:id", { provide: { db: async () => ({ rows: 1 }) } }, (socket, { clock: now, db }) => {
      expectTypeOf(now).toEqualTypeOf<number>();
      expectTypeOf(db).toEqualTypeOf<{ rows: number }>();
      expectTypeOf(socket.params).toEqualTypeOf<{ readonly tenant: string; readonly id: string }>();
    });
});

test("a route value carries its path and contract, with an api and without", () => {
  const free = ws("/s7/:id", { message: Text }, () => {});
  expectTypeOf(free.path).toEqualTypeOf<"/s7/:id">();
  const scoped = api.with({ prefix: "/s7" }).ws("/x", () => {});
  expectTypeOf(scoped.path).toEqualTypeOf<"/s7/x">();
  expectTypeOf(scoped).toExtend<SocketRoute>();
  api.add(free);
});

test("the client opens a socket with its parameters, sends what the route takes and gets what it sends", () => {
  const chat = ws(
    "/c1/:room",
    {
      params: { room: t.Integer() },
      query: { token: t.String() },
      message: { text: t.String(), at: t.Date() },
      send: Said,
    },
    () => {},
  );
  const strict = ws("/c2", { message: Text, send: Text, invalid: "close" }, () => {});
  const echo = ws("/c3", () => {});
  const module = { chat, strict, echo };
  void module;
  const use = () => {
    const remote = client<typeof module>("http://localhost:1");
    const socket = remote.at("/c1/:room").ws({ params: { room: 1 }, query: { token: "x" }, protocols: ["v1"] });
    socket.send({ text: "hi", at: new Date() });
    // @ts-expect-error -- text is missing
    socket.send({ at: new Date() });
    expectTypeOf(socket).toExtend<
      AsyncIterable<{ from: string; at: string } | { readonly error: readonly { readonly msg: string }[] }>
    >();
    // @ts-expect-error -- the room is missing
    remote.at("/c1/:room").ws({ params: {} });
    // @ts-expect-error -- a socket is no GET
    void remote.at("/c1/:room").get;
    expectTypeOf(remote.at("/c2").ws()).toEqualTypeOf<ClientSocket<{ text: string }, { text: string }>>();
    expectTypeOf(remote.at("/c3").ws({ raw: true })).toEqualTypeOf<
      ClientSocket<string | Uint8Array, string | Uint8Array>
    >();
    // @ts-expect-error -- it declares no schema: its messages are no JSON
    remote.at("/c3").ws();
  };
  expectTypeOf(use).toBeFunction();
});
