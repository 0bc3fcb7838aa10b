import { describe, expect, test } from "bun:test";
import { Api, apiKey, type Contract, t } from "bolide";
import { breakingChanges, type Webhook } from "../../src/openapi/index.ts";
import { refusing } from "../../src/schema/index.ts";
import { kitchen } from "./kitchen.ts";

/** What breaks between two contracts of `POST /x/:id`. */
async function changes(before: Contract, after: Contract): Promise<string[]> {
  const documentOf = (contract: Contract) => {
    const api = new Api();
    api.post("/x/:id", contract, (() => undefined) as never);
    return api.document();
  };
  const found = await breakingChanges(await documentOf(before), await documentOf(after));
  for (const { operation } of found) expect(operation).toBe("POST /x/{id}");
  return found.map(({ change }) => change);
}

const body = (schema: NonNullable<Contract["body"]>): Contract => ({ body: schema });
const answer = (schema: Contract["response"]): Contract => ({ response: schema! });
const query = (schema: NonNullable<Contract["query"]>): Contract => ({ query: schema });
const form = (schema: NonNullable<Contract["form"]>): Contract => ({ form: schema });
const object = t.Object;
const named = (schema: Parameters<typeof object>[0]) => answer(t.Object(schema, { $id: "Named" }));
const tree = (extra: object) =>
  answer(t.Recursive((Tree) => t.Object({ children: t.Array(Tree), ...extra }), { $id: "Tree" }));
const list = (extra: object) => t.Recursive((List) => t.Object({ next: t.Nullable(List), ...extra }), { $id: "List" });
const isEven = (text: string) => (text.length % 2 === 0 ? undefined : "Expected an even length");
const auth = apiKey({ keys: ["a key of sixteen characters"] });
const other = apiKey({ keys: ["a key of sixteen characters"], name: "other", header: "x-other" });

describe("it breaks", () => {
  const table: readonly (readonly [name: string, before: Contract, after: Contract, expected: readonly string[]])[] = [
    ["a new parameter that is required", {}, query({ a: t.String() }), ["query parameter a is new, and required"]],
    [
      "a parameter that is required now",
      query({ a: t.Optional(t.String()) }),
      query({ a: t.String() }),
      ["query parameter a is required now"],
    ],
    [
      "a property that is refused",
      body(object({ a: t.String() })),
      body(refusing(object({ a: t.String() }), ["id"])),
      ["body.id is refused"],
    ],
    ["a parameter that is gone", query({ a: t.Optional(t.String()) }), {}, ["query parameter a is no longer read"]],
    ["another type", query({ a: t.String() }), query({ a: t.Boolean() }), ["query parameter a: string is refused"]],
    [
      "a narrower bound",
      query({ a: t.Integer({ maximum: 9 }) }),
      query({ a: t.Integer({ maximum: 8 }) }),
      ["query parameter a: maximum is 8, it was 9"],
    ],
    [
      "another spelling of a list",
      query({ a: t.Array(t.Integer(), { minItems: 1 }) }),
      query({ a: t.Csv(t.Integer(), { minItems: 1 }) }),
      ["query parameter a is spelled in another way"],
    ],
    [
      "a value that is refused",
      query({ a: t.StringEnum(["x", "y"]) }),
      query({ a: t.StringEnum(["x"]) }),
      ['query parameter a: "y" is refused'],
    ],
    [
      "only some values of many",
      query({ a: t.String() }),
      query({ a: t.StringEnum(["x"]) }),
      ['query parameter a: takes only "x"'],
    ],
    [
      "a new pattern",
      query({ a: t.String() }),
      query({ a: t.String({ pattern: "^a" }) }),
      ['query parameter a: pattern is "^a", it was free'],
    ],
    ["a body that is required", {}, body(t.Integer()), ["a body is required now"]],
    ["a body that is required now", body(t.Optional(t.Integer())), body(t.Integer()), ["a body is required now"]],
    ["a body that is gone", body(t.Integer()), {}, ["a body is no longer read"]],
    [
      "a property that is required now",
      body(object({ a: t.Optional(t.Integer()) })),
      body(object({ a: t.Integer() })),
      ["body.a is required now"],
    ],
    [
      "a default that is gone",
      body(object({ a: t.Integer({ default: 1 }) })),
      body(object({ a: t.Integer() })),
      ["body.a is required now"],
    ],
    ["a property that is not read", body(object({ a: t.Integer() })), body(object({})), ["body.a is no longer read"]],
    [
      "a property that is refused, and all that are not declared",
      body(object({ a: t.Integer() })),
      body(object({}, { additionalProperties: false })),
      ["body.a is refused", "body: properties that are not declared are refused"],
    ],
    [
      "null that is refused, deep inside",
      body(object({ a: t.Array(t.Nullable(t.Integer())) })),
      body(object({ a: t.Array(t.Integer()) })),
      ["body.a[]: null is refused"],
    ],
    [
      "an alternative that is refused",
      body(t.Union([object({ a: t.Integer() }), t.Boolean()])),
      body(t.Union([object({ a: t.Integer() }), t.Array(t.Integer())])),
      ["body: boolean is refused"],
    ],
    [
      "a form in the place of JSON",
      body(object({ a: t.String() })),
      form({ a: t.String() }),
      ["a body of application/json is no longer read"],
    ],
    [
      "a field that is required now",
      form({ a: t.Optional(t.Integer()), b: t.String() }),
      form({ a: t.Integer(), b: t.String() }),
      ["form.a is required now"],
    ],
    [
      "a file that is new, and required: no urlencoded form has it",
      form({ a: t.String() }),
      { form: { a: t.String() }, files: { f: t.File() } },
      ["a body of application/x-www-form-urlencoded is no longer read", "form.f is required now"],
    ],
    [
      "a file of which less is taken",
      { files: { f: t.File({ maxSize: 20, types: ["image/*", "text/plain"] }) } },
      { files: { f: t.File({ maxSize: 10, minSize: 5, types: ["image/png", "text/*"] }) } },
      ["form.f: x-min-bytes is 5, it was free", "form.f: x-max-bytes is 10, it was 20", "form.f: image/* is refused"],
    ],
    [
      "a file of certain types only",
      { files: { f: t.File() } },
      { files: { f: t.File({ types: ["image/png"] }) } },
      ["form.f: any type is refused"],
    ],
    [
      "one file where there were several",
      { files: { f: t.Files() } },
      { files: { f: t.File() } },
      ["form.f: array is refused", 'form.f: format is "binary", it was free'],
    ],
    [
      "fewer files",
      { files: { f: t.Files({ maxFiles: 5 }) } },
      { files: { f: t.Files({ maxFiles: 4 }) } },
      ["form.f: maxItems is 4, it was 5"],
    ],
    [
      "another spelling of a list in a form",
      form({ a: t.Array(t.Integer(), { minItems: 1 }) }),
      form({ a: t.Csv(t.Integer(), { minItems: 1 }) }),
      ["form.a is spelled in another way"],
    ],
    [
      "a smaller body",
      { files: { f: t.File() } },
      { files: { f: t.File() }, maxBodySize: 1000 },
      ["a body has 1000 bytes at most, it had 52428800"],
    ],
    [
      "a status that is gone",
      answer({ 200: t.Integer(), 202: t.Integer() }),
      answer({ 200: t.Integer() }),
      ["no longer answers 202"],
    ],
    ["another media type", answer(t.Integer()), answer(t.String()), ["200 is no longer answered as application/json"]],
    ["a property of an answer that is gone", answer(object({ a: t.Integer() })), answer(object({})), ["200.a is gone"]],
    [
      "a property of an answer that may be absent",
      answer(object({ a: t.Integer() })),
      answer(object({ a: t.Optional(t.Integer()) })),
      ["200.a may be absent"],
    ],
    [
      "an answer that may be null",
      answer(object({ a: t.Integer() })),
      answer(object({ a: t.Nullable(t.Integer()) })),
      ["200.a: may be null now"],
    ],
    [
      "a new value of an answer",
      answer(object({ a: t.StringEnum(["x"]) })),
      answer(object({ a: t.StringEnum(["x", "y"]) })),
      ['200.a: may be "y" now'],
    ],
    [
      "a looser bound of an answer",
      answer(t.Integer({ minimum: 5 })),
      answer(t.Integer()),
      ["200: minimum is free, it was 5"],
    ],
    ["a named schema, wherever it stands", named({ a: t.Integer() }), named({}), ["200.a is gone"]],
    [
      "a recursive schema, once",
      tree({ name: t.String() }),
      tree({ name: t.Optional(t.String()) }),
      ["200.name may be absent"],
    ],
    [
      "a header that is gone",
      { ...answer(t.Integer()), answers: { 200: { headers: { "X-Total": t.Integer() } } } },
      answer(t.Integer()),
      ["200 comes without the header X-Total"],
    ],
    ["credentials that are asked for", {}, { auth }, ["asks for credentials now"]],
    [
      "credentials that are no longer taken",
      { auth: [auth, other] },
      { auth },
      ["no longer takes the credentials of other"],
    ],
    [
      "alternatives without the type that there was",
      body(object({ a: t.String() })),
      body(object({ a: t.Union([t.Integer(), t.Boolean()]) })),
      ["body.a: string is refused"],
    ],
    [
      "a type that was no alternative",
      answer(object({ a: t.Union([t.Integer(), t.Boolean()]) })),
      answer(object({ a: t.String() })),
      ["200.a: may be string now"],
    ],
    [
      "a constant fewer, or null",
      body(object({ a: t.Nullable(t.StringEnum(["x", "y"])) })),
      body(object({ a: t.Nullable(t.StringEnum(["x"])) })),
      ['body.a: "y" is refused'],
    ],
    [
      "a part more",
      body(object({ a: t.String() })),
      body(t.Intersect([object({ a: t.String() }), object({ b: t.String() })])),
      ["body.b is required now"],
    ],
    [
      "a bound of a part, and that nothing may stand beside the parts",
      body(t.Intersect([object({ a: t.String() }), object({ b: t.String() })])),
      body(
        t.Intersect([object({ a: t.String() }), t.Object({ b: t.String() }, { minProperties: 3 })], {
          unevaluatedProperties: false,
        }),
      ),
      ["body: minProperties is 3, it was free", "body: properties that are not declared are refused"],
    ],
    [
      "null among the constants",
      answer(object({ a: t.StringEnum(["x"]) })),
      answer(object({ a: t.Nullable(t.StringEnum(["x"])) })),
      ["200.a: may be null now"],
    ],
    [
      "another type at a place of a list",
      body(object({ a: t.Tuple([t.String(), t.Integer()]) })),
      body(object({ a: t.Tuple([t.String(), t.String()]) })),
      ["body.a[1]: integer is refused"],
    ],
    [
      "values of properties that have names of a pattern",
      body(object({ a: t.Record(t.String({ pattern: "^a" }), t.String()) })),
      body(object({ a: t.Record(t.String({ pattern: "^a" }), t.Integer()) })),
      ["body.a.*: string is refused"],
    ],
    [
      "another pattern of names",
      body(object({ a: t.Record(t.String({ pattern: "^a" }), t.String()) })),
      body(object({ a: t.Record(t.String({ pattern: "^b" }), t.String()) })),
      ["body.a: properties have other names"],
    ],
    [
      "what is excluded",
      body(object({ a: t.Unknown() })),
      body(object({ a: t.Not(t.String()) })),
      ['body.a: not is {"type":"string"}, it was free'],
    ],
    [
      "a check more",
      body(object({ a: t.String() })),
      body(object({ a: t.Refine(t.String(), isEven) })),
      ["body.a: must pass the check isEven now"],
    ],
    [
      "a text in the place of a file",
      { files: { f: t.File() }, maxBodySize: 9 },
      { form: { f: t.String() }, maxBodySize: 9 },
      ['form.f: format is free, it was "binary"'],
    ],
    [
      "a list that is no longer one text",
      form({ a: t.Csv(t.String(), { minItems: 1 }) }),
      form({ a: t.Array(t.String(), { minItems: 1 }) }),
      ["form.a is spelled in another way"],
    ],
    [
      "another type of a header",
      { answers: { 200: { headers: { "X-Total": t.Integer() } } } },
      { answers: { 200: { headers: { "x-total": t.String() } } } },
      ["200 header X-Total: may be string now"],
    ],
    ["a recursive schema that is narrower", body(list({})), body(list({ a: t.Integer() })), ["body.a is required now"]],
  ];
  test.each(table)("%s", async (_, before, after, expected) => {
    expect(await changes(before, after)).toEqual([...expected]);
  });

  test("an operation that is gone", async () => {
    const [before, after] = [new Api(), new Api()];
    for (const api of [before, after]) api.get("/kept/:id", () => 1);
    before.get("/gone", () => 1);
    before.put("/kept/:id", () => 1);
    expect(await breakingChanges(await before.document(), await after.document())).toEqual([
      { operation: "PUT /kept/{id}", change: "is gone" },
      { operation: "GET /gone", change: "is gone" },
    ]);
  });
});

describe("it breaks those whom a webhook is sent to", () => {
  const documentOf = (webhooks: Record<string, Webhook>) => new Api({ openapi: { webhooks } }).document();
  const text = object({ a: t.String() });
  test.each<[string, Webhook, Webhook | undefined, string[]]>([
    ["that it is gone", { body: text }, undefined, ["is gone"]],
    ["that it comes by another method", { body: text }, { method: "PUT", body: text }, ["is no longer sent by POST"]],
    ["that it says less", { body: text }, { body: object({}) }, ["body.a is gone"]],
    [
      "that an answer is refused",
      { body: text, response: { 200: text, 204: t.Undefined() } },
      { body: text, response: { 200: object({ a: t.Integer() }) } },
      ["204 is no longer taken for an answer", "200.a: string is refused"],
    ],
    ["not: that it says more", { body: object({}) }, { body: text }, []],
  ])("%s", async (_, before, after, expected) => {
    const found = await breakingChanges(
      await documentOf({ served: before }),
      await documentOf(after === undefined ? {} : { served: after }),
    );
    expect(found).toEqual(expected.map((change) => ({ operation: "webhook served", change })));
  });
});

describe("it does not break", () => {
  test.each<[string, Contract, Contract]>([
    ["a new parameter that may be left out", {}, query({ a: t.Integer({ default: 1 }) })],
    ["a parameter that may be left out now", query({ a: t.String() }), query({ a: t.Optional(t.String()) })],
    ["a wider bound", query({ a: t.Integer({ maximum: 8 }) }), query({ a: t.Integer({ maximum: 9 }) })],
    ["a bound that goes", query({ a: t.Integer({ minimum: 1, maximum: 9 }) }), query({ a: t.Integer({ minimum: 1 }) })],
    ["numbers in the place of integers", body(object({ a: t.Integer() })), body(object({ a: t.Number() }))],
    [
      "integers in the place of numbers in an answer",
      answer(object({ a: t.Number() })),
      answer(object({ a: t.Integer() })),
    ],
    ["a new value that is taken", query({ a: t.StringEnum(["x"]) }), query({ a: t.StringEnum(["x", "y"]) })],
    [
      "a value that is answered no more",
      answer(object({ a: t.StringEnum(["x", "y"]) })),
      answer(object({ a: t.StringEnum(["x"]) })),
    ],
    ["a property more in an answer", answer(object({})), answer(object({ a: t.Integer() }))],
    ["a property more that may be sent", body(object({})), body(object({ a: t.Optional(t.Integer()) }))],
    ["a form's field more that may be sent", form({}), form({ a: t.Boolean({ default: false }) })],
    [
      "a file that may be left out now, larger, of more types: urlencoded forms are taken too",
      { files: { f: t.File({ maxSize: 10, types: ["image/png"] }) } },
      { files: { f: t.Optional(t.File({ maxSize: 20, types: ["image/*"] })) } },
    ],
    ["a pattern that is gone", query({ a: t.String({ pattern: "^a" }) }), query({ a: t.String() })],
    ["a new status", answer({ 200: t.Integer() }), answer({ 200: t.Integer(), 202: t.Integer() })],
    ["an error less", body(t.Integer()), body(t.Integer())],
    ["credentials that are asked for no more", { auth }, {}],
    ["one more way to say who calls", { auth }, { auth: [auth, other] }],
    ["a summary", {}, { summary: "New", description: "New", deprecated: true, tags: ["new"] }],
    ["another name of a schema", answer(object({ a: t.Integer() })), named({ a: t.Integer() })],
  ])("%s", async (_, before, after) => {
    expect(await changes(before, after)).toEqual([]);
  });

  test("one object in the place of several", async () => {
    const parts = t.Intersect([object({ a: t.String() }), object({ b: t.String() })]);
    const one = object({ a: t.String(), b: t.String() });
    expect(await changes(body(parts), body(one))).toEqual([]);
    expect(await changes({ body: one, response: parts }, { body: parts, response: one })).toEqual([]);
  });

  test("a recursive schema that is the same", async () => {
    expect(await changes({ body: list({}), response: list({}) }, { body: list({}), response: list({}) })).toEqual([]);
  });

  test("another name of a path's parameter", async () => {
    const [before, after] = [new Api(), new Api()];
    before.get("/x/:id", () => 1);
    after.get("/x/:slug", () => 1);
    expect(await breakingChanges(await before.document(), await after.document())).toEqual([]);
  });

  test("nothing, where nothing has changed", async () => {
    const document = await kitchen().document();
    expect(await breakingChanges(document, structuredClone(document))).toEqual([]);
  });
});
