import { describe, expect, test } from "bun:test";
import { Api, apiKey, type SocketContract, hasRole, NotFound, t } from "bolide";
import { breakingChanges, type OpenApiDocument } from "../../src/openapi/index.ts";

const Text = t.Object({ text: t.String({ maxLength: 100 }) }, { $id: "Text" });
const key = apiKey({ keys: ["a key of sixteen characters"] });
const nothing = () => {};

function documentOf(contract: SocketContract, path = "/rooms/:room"): Promise<OpenApiDocument> {
  const api = new Api({ health: false });
  api.ws(path, contract, nothing);
  return api.document();
}

describe("a socket stands under its path as x-websocket:", () => {
  test("what opens it, what its messages are, what refuses and what ends it", async () => {
    const document = await documentOf({
      params: { room: t.Integer() },
      query: { since: t.Optional(t.Integer()) },
      auth: key,
      guards: [hasRole("talker")],
      message: Text,
      send: { from: t.String(), text: Text },
      protocols: ["chat.v1"],
      maxMessageSize: 1000,
      errors: [NotFound],
      tags: ["rooms"],
      summary: "Talk",
      description: "In a room.",
    });
    expect(document.paths["/rooms/{room}"]).toEqual({
      "x-websocket": {
        tags: ["rooms"],
        summary: "Talk",
        description: "In a room.\n\nRequires `hasRole(talker)`.",
        operationId: "wsRoomsByRoom",
        parameters: [
          { name: "room", in: "path", required: true, schema: { type: "integer", format: "double-int" } },
          { name: "since", in: "query", schema: { type: "integer", format: "double-int" } },
        ],
        protocols: ["chat.v1"],
        message: { $ref: "#/components/schemas/Text" },
        send: {
          type: "object",
          properties: { from: { type: "string" }, text: { $ref: "#/components/schemas/Text" } },
          required: ["from", "text"],
        },
        responses: {
          101: { description: "Switching Protocols" },
          400: { $ref: "#/components/responses/BadRequest" },
          401: { $ref: "#/components/responses/Unauthorized" },
          403: { $ref: "#/components/responses/Forbidden" },
          404: { $ref: "#/components/responses/NotFound" },
          422: { $ref: "#/components/responses/UnprocessableContent" },
          426: { $ref: "#/components/responses/UpgradeRequired" },
          500: { $ref: "#/components/responses/InternalServerError" },
          503: { $ref: "#/components/responses/ServiceUnavailable" },
        },
        closeCodes: {
          1000: "The handler has returned",
          1001: "The server stops",
          1007: "A text was not UTF-8",
          1008: "The handler refused the caller",
          1009: "A message was longer than 1000 bytes",
          1011: "The handler has failed",
          1013: "Too many messages or bytes wait for the handler, or too many bytes for the client",
        },
        security: [{ "api-key": [] }],
        "x-guards": ["hasRole(talker)"],
      },
    } as never);
    expect(document.tags).toEqual([
      {
        name: "rooms",
        description: [
          "- WebSocket `/rooms/{room}`: Talk",
          "  - credentials `api-key`",
          "  - query `since?`",
          "  - subprotocols `chat.v1`",
          "  - takes `Text`",
          "  - sends `{ from: string, text: Text }`",
        ].join("\n"),
      },
    ]);
    expect(document.components.schemas).toHaveProperty("Text");
  });

  test("its name is its own where it has one, and nobody else's", async () => {
    const { paths } = await documentOf({ operationId: "talk" });
    expect(paths["/rooms/{room}"]!["x-websocket"]!.operationId).toBe("talk");
    const api = new Api({ health: false });
    api.ws("/a", { operationId: "talk" }, nothing);
    api.get("/b", { operationId: "talk" }, () => 1);
    expect(api.document()).rejects.toThrow('GET /b: has the operationId "talk", which WS /a has too');
  });

  test("beside the other methods of the path", async () => {
    const api = new Api({ health: false });
    api.ws("/a", nothing);
    api.post("/a", () => 1);
    expect(Object.keys((await api.document()).paths["/a"]!)).toEqual(["x-websocket", "post"]);
  });

  test("with a tag that lists it, as pages show tags and no sockets", async () => {
    const api = new Api({
      health: false,
      openapi: {
        tags: [
          { name: "rooms", description: "Where people talk." },
          { name: "others", description: "Not." },
        ],
      },
    });
    api.ws("/a", { tags: ["rooms"], summary: "One" }, nothing);
    api.ws("/b", { tags: ["rooms"] }, nothing);
    api.ws("/c/:id", nothing);
    expect((await api.document()).tags).toEqual([
      { name: "rooms", description: "Where people talk.\n\n- WebSocket `/a`: One\n- WebSocket `/b`" },
      { name: "others", description: "Not." },
      { name: "WebSockets", description: "- WebSocket `/c/{id}`" },
    ]);
  });

  test("that should not be used any more, with documentation elsewhere", async () => {
    const externalDocs = { url: "https://example.com/rooms" };
    const { paths } = await documentOf({ deprecated: true, externalDocs });
    expect(paths["/rooms/{room}"]!["x-websocket"]).toMatchObject({ deprecated: true, externalDocs });
  });

  test("not where it is hidden", async () => {
    expect((await documentOf({ hidden: true })).paths).toEqual({});
  });
});

describe("under strict, a socket", () => {
  const start = (contract: SocketContract) => () => {
    const api = new Api({ openapi: { strict: true }, health: false });
    api.ws("/a", contract, nothing);
    api.compile();
  };
  test("of texts and bytes is typed, and so is one of two schemas, one that only sends, one that is hidden", () => {
    for (const contract of [{}, { message: Text, send: Text }, { send: Text }, { message: Text, hidden: true }])
      expect(start(contract)).not.toThrow();
  });
  test("that reads JSON and sends anything is not", () => {
    expect(start({ message: Text })).toThrow("WS /a: declares message and no send, and openapi.strict asks for both");
  });
});

describe("it breaks a socket's client", () => {
  const table: readonly (readonly [
    name: string,
    before: SocketContract,
    after: SocketContract,
    expected: readonly string[],
  ])[] = [
    ["nothing, where nothing has changed", { message: Text }, { message: Text }, []],
    ["a parameter that is new", {}, { query: { a: t.String() } }, ["query parameter a is new, and required"]],
    ["credentials", {}, { auth: key }, ["asks for credentials now"]],
    [
      "a message that is narrower",
      { message: { text: t.String() } },
      { message: { text: t.String({ maxLength: 9 }) } },
      ["message.text: maxLength is 9, it was free"],
    ],
    ["a message that was anything", {}, { message: Text }, ["messages must be JSON of a schema now"]],
    [
      "a message that is wider, not",
      { message: { text: t.String({ maxLength: 9 }) } },
      { message: { text: t.String() } },
      [],
    ],
    [
      "a property that is no longer sent",
      { send: { text: t.String(), at: t.String() } },
      { send: { text: t.String() } },
      ["sent message.at is gone"],
    ],
    ["JSON instead of texts", {}, { send: Text }, ["sends JSON now"]],
    ["anything instead of JSON", { send: Text }, {}, ["no longer says what it sends"]],
    [
      "a subprotocol that is gone",
      { protocols: ["v1", "v2"] },
      { protocols: ["v2", "v3"] },
      ["no longer speaks the subprotocol v1"],
    ],
  ];
  test.each(table)("%s", async (_, before, after, expected) => {
    const found = await breakingChanges(await documentOf(before), await documentOf(after));
    expect(found).toEqual(expected.map((change) => ({ operation: "WS /rooms/{room}", change })));
  });

  test("a socket that is gone", async () => {
    const found = await breakingChanges(await documentOf({}), await documentOf({}, "/elsewhere"));
    expect(found).toEqual([{ operation: "WS /rooms/{room}", change: "is gone" }]);
  });
});
