import { describe, expect, test } from "bun:test";
import { Api, t, type TSchema } from "bolide";
import type { OpenApiDocument, ResponseObject } from "../../src/openapi/index.ts";
import { refusing } from "../../src/schema/index.ts";

const INTEGER = { type: "integer" };

/** The document of an api that reads a schema as JSON and answers with it. */
const echo = (schema: TSchema): Promise<OpenApiDocument> => {
  const api = new Api();
  api.post("/echo", { body: schema, response: t.Object({ value: schema }) }, ({ body }) => ({ value: body }) as never);
  return api.document();
};

/** How a schema is written where it comes in, and where it goes out. */
async function written(schema: TSchema): Promise<readonly [request: unknown, answer: unknown]> {
  const { paths } = await echo(schema);
  const { requestBody, responses } = paths["/echo"]!["post"]!;
  const answer = responses["200"]!;
  const shown =
    "content" in answer ? (answer.content as Record<string, { schema: { properties: { value: unknown } } }>) : {};
  return [requestBody!.content["application/json"]!.schema, shown["application/json"]!.schema.properties.value];
}

const isEven = (value: number) => (value % 2 === 0 ? undefined : "Expected an even one");

const BASE64 = "[A-Za-z0-9+/]";

describe("a schema is written as JSON Schema 2020-12:", () => {
  const same: readonly (readonly [name: string, schema: TSchema, expected: object])[] = [
    ["String", t.String({ minLength: 1, format: "email" }), { type: "string", minLength: 1, format: "email" }],
    ["RegExp", t.RegExp(/^a+$/), { type: "string", pattern: "^a+$" }],
    ["RegExp with a flag, which a pattern has not", t.RegExp(/^a+$/i), { type: "string", "x-pattern": "/^a+$/i" }],
    ["TemplateLiteral", t.TemplateLiteral("a-${1|2}"), { type: "string", pattern: "^a-(1|2)$" }],
    [
      "Integer",
      t.Integer({ exclusiveMinimum: 0, multipleOf: 2 }),
      { type: "integer", exclusiveMinimum: 0, multipleOf: 2 },
    ],
    ["Date", t.Date(), { type: "string", format: "date-time" }],
    [
      "Date with bounds, which JSON Schema has not",
      t.Date({ minimumTimestamp: 0 }),
      { type: "string", format: "date-time", "x-minimum": "1970-01-01T00:00:00.000Z" },
    ],
    [
      "Bytes",
      t.Bytes(),
      {
        type: "string",
        contentEncoding: "base64",
        pattern: `^(?:(?:${BASE64}{4})*|(?:${BASE64}{4})*${BASE64}{2}==|(?:${BASE64}{4})*${BASE64}{3}=)$`,
      },
    ],
    [
      "Bytes of a length",
      t.Bytes({ minByteLength: 2, maxByteLength: 3 }),
      { type: "string", contentEncoding: "base64", pattern: `^(?:(?:${BASE64}{4}){1}|${BASE64}{3}=)$` },
    ],
    ["StringEnum", t.StringEnum(["asc", "desc"]), { type: "string", enum: ["asc", "desc"] }],
    ["Literal", t.Literal(7), { type: "number", const: 7 }],
    ["Union of literals", t.Union([t.Literal("a"), t.Literal("b")]), { type: "string", enum: ["a", "b"] }],
    [
      "Union of literals of several types",
      t.Union([t.Literal("a"), t.Literal(1)]),
      { type: ["string", "number"], enum: ["a", 1] },
    ],
    ["Union", t.Union([t.Integer(), t.Boolean()]), { anyOf: [INTEGER, { type: "boolean" }] }],
    ["Nullable", t.Nullable(t.String({ minLength: 1 })), { type: ["string", "null"], minLength: 1 }],
    [
      "Nullable of an enum",
      t.Nullable(t.StringEnum(["a"])),
      { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
    ],
    ["Array", t.Array(t.Integer(), { uniqueItems: true }), { type: "array", items: INTEGER, uniqueItems: true }],
    ["Csv, which is an array in JSON", t.Csv(t.Integer()), { type: "array", items: INTEGER }],
    [
      "Tuple",
      t.Tuple([t.Integer(), t.Boolean()]),
      { type: "array", prefixItems: [INTEGER, { type: "boolean" }], items: false, minItems: 2, maxItems: 2 },
    ],
    ["an empty Tuple", t.Tuple([]), { type: "array", minItems: 0, maxItems: 0 }],
    [
      "Object",
      t.Object({ a: t.Integer(), b: t.Optional(t.Integer()) }, { additionalProperties: false }),
      { type: "object", properties: { a: INTEGER, b: INTEGER }, required: ["a"], additionalProperties: false },
    ],
    [
      "Object with more of one kind",
      t.Object({}, { additionalProperties: t.Integer() }),
      { type: "object", properties: {}, additionalProperties: INTEGER },
    ],
    ["Record", t.Record(t.String(), t.Integer()), { type: "object", additionalProperties: INTEGER }],
    [
      "Record of some keys",
      t.Record(t.RegExp(/^x-/), t.Integer()),
      { type: "object", patternProperties: { "^x-": INTEGER } },
    ],
    [
      "Intersect",
      t.Intersect([t.Object({ a: t.Integer() }), t.Object({ b: t.Integer() })], { unevaluatedProperties: false }),
      {
        type: "object",
        allOf: [
          { type: "object", properties: { a: INTEGER }, required: ["a"] },
          { type: "object", properties: { b: INTEGER }, required: ["b"] },
        ],
        unevaluatedProperties: false,
      },
    ],
    ["Not", t.Not(t.Integer()), { not: INTEGER }],
    ["Unknown", t.Unknown({ description: "Whatever" }), { description: "Whatever" }],
    [
      "annotations",
      t.Integer({ description: "How many", examples: [1], deprecated: true, readOnly: true, title: "Count" }),
      { type: "integer", description: "How many", examples: [1], deprecated: true, readOnly: true, title: "Count" },
    ],
    [
      "a property that is nothing",
      t.Object({ a: t.Undefined(), b: t.Union([t.Integer(), t.Undefined()]) }),
      { type: "object", properties: { b: INTEGER } },
    ],
  ];
  test.each(same)("%s", async (_, schema, expected) => {
    expect(await written(schema)).toEqual([expected, expected]);
  });

  const DEFAULTED = t.Object({ a: t.Integer({ default: 1 }), at: t.Date({ default: new Date(0) }) });
  const properties = {
    a: { type: "integer", default: 1 },
    at: { type: "string", format: "date-time", default: "1970-01-01T00:00:00.000Z" },
  };
  const different: readonly (readonly [name: string, schema: TSchema, request: object, answer: object])[] = [
    [
      "what has a default may be left out, and is there in the answer",
      DEFAULTED,
      { type: "object", properties },
      { type: "object", properties, required: ["a", "at"] },
    ],
    [
      "what a request may not name is refused, and told",
      refusing(t.Object({ a: t.Integer() }), ["id", "at"]),
      {
        type: "object",
        description: "Refused here: `id`, `at`.",
        properties: { a: INTEGER },
        required: ["a"],
        not: { type: "object", anyOf: [{ required: ["id"] }, { required: ["at"] }] },
      },
      { type: "object", properties: { a: INTEGER }, required: ["a"] },
    ],
    [
      "null is not refused with what an object may not name, and a description of one's own stays",
      t.Nullable(refusing(t.Object({ a: t.Integer() }, { description: "A" }), ["id"])),
      {
        type: ["object", "null"],
        description: "A",
        properties: { a: INTEGER },
        required: ["a"],
        not: { type: "object", anyOf: [{ required: ["id"] }] },
      },
      { type: ["object", "null"], description: "A", properties: { a: INTEGER }, required: ["a"] },
    ],
    [
      "a check that has a name is named, as what comes in is checked by it",
      t.Refine(t.Refine(t.Integer(), isEven), (value) => (value === 0 ? "Expected another" : undefined)),
      { type: "integer", "x-checks": ["isEven"] },
      INTEGER,
    ],
    [
      "a bigint may come as a number, and goes as a string",
      t.BigInt({ minimum: 0n }),
      { type: ["string", "integer"], pattern: "^[+-]?[0-9]{1,999}$", "x-minimum": "0" },
      { type: "string", pattern: "^-?[0-9]+$", "x-minimum": "0" },
    ],
    [
      "a default that is made anew each time is not shown",
      t.Object({ id: t.String({ default: () => "x" }) }),
      { type: "object", properties: { id: { type: "string" } } },
      { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    ],
  ];
  test.each(different)("%s", async (_, schema, request, answer) => {
    expect(await written(schema)).toEqual([request, answer]);
  });
});

describe("a named schema", () => {
  const User = t.Object({ id: t.Integer() }, { $id: "User" });

  test("stands in the components once, wherever it is used", async () => {
    const { components } = await echo(t.Object({ owner: User, others: t.Array(User) }));
    expect(Object.keys(components.schemas!)).toEqual(["User", "ErrorDetail", "InvalidInput", "InvalidEntry"]);
    expect(components.schemas!["User"]).toEqual({ type: "object", properties: { id: INTEGER }, required: ["id"] });
    expect(await written(t.Array(User))).toEqual([
      { type: "array", items: { $ref: "#/components/schemas/User" } },
      { type: "array", items: { $ref: "#/components/schemas/User" } },
    ]);
  });

  test.each([
    ["by its $id", t.Object({}, { $id: "User" }), "User"],
    ["by the last part of a URL", t.Object({}, { $id: "https://example.com/schemas/user.json" }), "user"],
    ["by the title of an object", t.Object({}, { title: "New user" }), "NewUser"],
    ["by an $id rather than a title", t.Object({}, { $id: "User", title: "Somebody" }), "User"],
    ["of any kind by its $id", t.StringEnum(["a"], { $id: "Letter" }), "Letter"],
  ])("is named %s", async (_, schema, name) => {
    expect(await written(t.Array(schema))).toEqual([
      { type: "array", items: { $ref: `#/components/schemas/${name}` } },
      { type: "array", items: { $ref: `#/components/schemas/${name}` } },
    ]);
  });

  test("is not made of a title that is a label", async () => {
    expect(await written(t.String({ title: "Name" }))).toEqual([
      { type: "string", title: "Name" },
      { type: "string", title: "Name" },
    ]);
  });

  test("may be described anew by who uses it", async () => {
    const schema = t.Object({ plain: User, owner: { ...User, description: "Who has it" }, maybe: t.Nullable(User) });
    const [request] = await written(schema);
    expect(request).toMatchObject({
      properties: {
        owner: { $ref: "#/components/schemas/User", description: "Who has it" },
        maybe: { anyOf: [{ $ref: "#/components/schemas/User" }, { type: "null" }] },
      },
    });
  });

  test("is there twice where its request differs from its answer, and so is what refers to it", async () => {
    const Dish = t.Object({ hot: t.Boolean({ default: true }) }, { $id: "Dish" });
    const { components, paths } = await echo(t.Object({ dish: Dish, user: User }, { $id: "Order" }));
    const { InvalidEntry: _, InvalidInput: __, ErrorDetail: ___, ...own } = components.schemas!;
    expect(own).toEqual({
      Dish: { type: "object", properties: { hot: { type: "boolean", default: true } }, required: ["hot"] },
      DishInput: { type: "object", properties: { hot: { type: "boolean", default: true } } },
      Order: {
        type: "object",
        properties: { dish: { $ref: "#/components/schemas/Dish" }, user: { $ref: "#/components/schemas/User" } },
        required: ["dish", "user"],
      },
      OrderInput: {
        type: "object",
        properties: { dish: { $ref: "#/components/schemas/DishInput" }, user: { $ref: "#/components/schemas/User" } },
        required: ["dish", "user"],
      },
      User: { type: "object", properties: { id: INTEGER }, required: ["id"] },
    });
    expect(paths["/echo"]!["post"]!.requestBody!.content["application/json"]!.schema).toEqual({
      $ref: "#/components/schemas/OrderInput",
    });
  });

  test("is told apart by its constant where it is one of several", async () => {
    const Circle = t.Object({ type: t.Literal("circle"), radius: t.Number() }, { $id: "Circle" });
    const Square = t.Object({ type: t.Literal("square"), side: t.Number() }, { $id: "Square" });
    const [request] = await written(t.Union([Circle, Square]));
    expect(request).toEqual({
      anyOf: [{ $ref: "#/components/schemas/Circle" }, { $ref: "#/components/schemas/Square" }],
      discriminator: {
        propertyName: "type",
        mapping: { circle: "#/components/schemas/Circle", square: "#/components/schemas/Square" },
      },
    });
  });

  test("may refer to itself, to its module, and has a name of its place where it has none", async () => {
    const tree = (options: object) => t.Recursive((Tree) => t.Object({ children: t.Array(Tree) }), options);
    const node = (name: string) => ({
      type: "object",
      properties: { children: { type: "array", items: { $ref: `#/components/schemas/${name}` } } },
      required: ["children"],
    });
    const named = await echo(tree({ $id: "Tree" }));
    expect(named.components.schemas!["Tree"]).toEqual(node("Tree"));
    const nameless = await echo(tree({}));
    expect(nameless.components.schemas!["POSTEchoBody"]).toEqual(node("POSTEchoBody"));
    const module = t.Module({
      Person: t.Object({ pets: t.Array(t.Ref("Pet")) }),
      Pet: t.Object({ owner: t.Ref("Person") }),
    });
    const both = await echo(module.Import("Person"));
    expect(both.components.schemas).toMatchObject({
      Person: { properties: { pets: { items: { $ref: "#/components/schemas/Pet" } } } },
      Pet: { properties: { owner: { $ref: "#/components/schemas/Person" } } },
    });
  });

  test("shares its name with no other one: both places are named", async () => {
    const api = new Api();
    api.get("/users", { response: User }, () => ({ id: 1 }));
    api.post("/users", { response: t.Object({ name: t.String() }, { $id: "User" }) }, () => ({ name: "Ada" }));
    await expect(api.document()).rejects.toThrow(
      'POST /users (200): has a schema named "User", and GET /users (200) has another one of that name: give one of them another $id or title',
    );
  });

  test("may be written twice alike", async () => {
    const api = new Api();
    api.get("/a", { response: t.Object({ id: t.Integer() }, { $id: "User" }) }, () => ({ id: 1 }));
    api.get("/b", { response: t.Object({ id: t.Integer() }, { $id: "User", description: "One" }) }, () => ({ id: 1 }));
    expect(Object.keys((await api.document()).components.schemas!)).toContain("User");
  });

  test("cannot have the name of Bolide's own", async () => {
    await expect(echo(t.Object({}, { $id: "InvalidInput" }))).rejects.toThrow(
      'POST /echo (body): has a schema named "InvalidInput", as one of Bolide\'s errors is: rename it',
    );
  });

  test("is called after its place where it is recursive, with a number where the place has several", async () => {
    const api = new Api();
    const list = (key: string) => t.Recursive((This) => t.Object({ [key]: t.Array(This) }));
    api.get("/a", { response: t.Tuple([list("one"), list("two")]) }, (() => []) as never);
    const { schemas } = (await api.document()).components;
    const pointing = (key: string, name: string) => ({
      type: "object",
      properties: { [key]: { type: "array", items: { $ref: `#/components/schemas/${name}` } } },
      required: [key],
    });
    expect([schemas!["GETA200"], schemas!["GETA2002"]]).toEqual([
      pointing("one", "GETA200"),
      pointing("two", "GETA2002"),
    ]);
  });

  test("may be text or hold itself", async () => {
    const api = new Api();
    const Tree = t.Recursive((This) => t.Union([t.String(), t.Object({ children: t.Array(This) })]), { $id: "Tree" });
    api.get("/a", { response: Tree }, () => "leaf");
    const { paths, components } = await api.document();
    expect((paths["/a"]!["get"]!.responses["200"] as ResponseObject).content).toEqual({
      "application/json": { schema: { $ref: "#/components/schemas/Tree" } },
      "text/plain": { schema: { type: "string" } },
    });
    expect(components.schemas!["Tree"]).toMatchObject({ anyOf: [{ type: "string" }, { type: "object" }] });
  });
});

describe("an example", () => {
  test.each([
    [
      "of a schema",
      { body: t.Integer({ examples: ["one"] }) },
      "POST /x (body): has an example that does not match its schema: Expected integer",
    ],
    [
      "inside of a schema",
      { body: t.Object({ at: t.Date({ examples: ["today"] }) }) },
      "POST /x (body): has an example that does not match its schema: Expected string to match 'date-time' format",
    ],
    [
      "of a body",
      { body: t.Object({ a: t.Integer() }), examples: { body: { one: { a: "1" } } } },
      "POST /x (body): has an example that does not match its schema: a: Expected integer",
    ],
    [
      "of an answer",
      { response: { 201: t.Integer() }, examples: { 201: { one: "1" } } },
      "POST /x (201): has an example that does not match its schema: Expected integer",
    ],
    ["of nothing", { examples: { 200: { one: 1 } } }, "POST /x: has examples for 200, of which it declares no schema"],
  ])("%s that does not match is an error", async (_, contract, message) => {
    const api = new Api();
    api.post("/x", contract as object, () => 1 as never);
    await expect(api.document()).rejects.toThrow(message);
  });
});
