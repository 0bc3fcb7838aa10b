import { describe, expect, test } from "bun:test";
import type { OpenApiDocument, Operation } from "../../src/openapi/index.ts";
import { shop } from "./shop.ts";

const document: OpenApiDocument = await (await shop()).document();
const operation = (method: string, path: string): Operation => document.paths[path]![method]!;

describe("views of models", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["get", "/writers", "listWriters", ["200", "400", "422", "500", "503"]],
    ["post", "/writers", "createWriters", ["201", "400", "409", "413", "415", "422", "500", "503"]],
    ["delete", "/writers/{id}", "destroyWritersById", ["204", "400", "404", "409", "413", "422", "500", "503"]],
    [
      "patch",
      "/articles/{id}",
      "partialUpdateArticlesById",
      ["200", "400", "403", "404", "409", "412", "413", "415", "422", "500", "503"],
    ],
    ["get", "/tags/{id}", "retrieveTagsById", ["200", "400", "404", "422", "500", "503"]],
  ])("are named, and list what constraints and a database that is away refuse: %s %s", (method, path, id, statuses) => {
    const { operationId, responses, tags } = operation(method, path);
    expect([operationId, Object.keys(responses), tags]).toEqual([id, [...statuses], [path.split("/")[1]!]]);
  });

  test("may be refused by the database with a text, where the schema says entries", () => {
    expect(operation("post", "/writers").responses["422"]).toEqual({
      description: "Unprocessable Content",
      content: {
        "application/json": {
          schema: {
            anyOf: [{ $ref: "#/components/schemas/InvalidInput" }, { $ref: "#/components/schemas/ErrorDetail" }],
          },
        },
      },
    });
  });

  test("say where a new object is, and its version", () => {
    const headersOf = (method: string, path: string, status: string) => {
      const answer = operation(method, path).responses[status]!;
      return "headers" in answer ? Object.keys(answer.headers!) : [];
    };
    expect(headersOf("post", "/articles", "201")).toEqual(["location", "etag"]);
    expect(headersOf("get", "/articles/{id}", "200")).toEqual(["etag"]);
    expect(headersOf("post", "/writers", "201")).toEqual(["location"]);
  });

  test("say what a request may ask of the version", () => {
    const asked = (method: string, path: string) =>
      (operation(method, path).parameters ?? []).filter((one) => one.in === "header").map(({ name }) => name);
    expect(["get", "put", "patch", "delete"].map((method) => asked(method, "/articles/{id}"))).toEqual([
      ["if-none-match"],
      ["if-match"],
      ["if-match"],
      ["if-match"],
    ]);
    expect(asked("patch", "/writers/{id}")).toEqual([]);
    const etag = { description: "The version, for If-Match", schema: { type: "string" } };
    expect(operation("get", "/articles/{id}").responses["304"]).toEqual({
      description: "Not Modified",
      headers: { etag },
    });
    expect(operation("delete", "/articles/{id}").responses["412"]).toEqual({
      description: "Precondition Failed",
      headers: { etag },
      content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorDetail" } } },
    });
  });

  test("describe their pages and filters", () => {
    const told = (path: string) =>
      Object.fromEntries((operation("get", path).parameters ?? []).map(({ name, description }) => [name, description]));
    expect(told("/writers")).toEqual({
      page: "The page, from 1; one beyond the last is the last",
      page_size: "Items of a page, at most 100",
    });
    expect(told("/tags")).toEqual({
      cursor: "Where the page begins: a cursor of an earlier page",
      page_size: "Items of a page, at most 100",
    });
    expect(told("/articles")).toEqual({
      limit: "Items of a page, at most 100",
      offset: "Items to leave out at the start",
      writerId: undefined,
      writerId__in: "Any of these",
      writtenAt__gt: "More than this",
      writtenAt__gte: "This or more",
      writtenAt__lt: "Less than this",
      writtenAt__lte: "This or less",
      note__null: "Whether there is none",
      note__contains: "A part of the text, in either case",
      search: "Words to find in title",
      ordering: "Columns to order by; `-` turns one round",
    });
  });

  test("refuse what a client may not set", () => {
    const { not, description } = document.components.schemas!["ArticleUpdate"]!;
    expect(not).toEqual({
      type: "object",
      anyOf: [{ required: ["id"] }, { required: ["version"] }, { required: ["writtenAt"] }],
    });
    expect(description).toBe("Refused here: `id`, `version`, `writtenAt`.");
  });
});
