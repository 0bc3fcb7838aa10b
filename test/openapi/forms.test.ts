import { describe, expect, test } from "bun:test";
import { Api, type Contract, t } from "bolide";

/** The request body of `POST /x`. */
async function bodyOf(contract: Contract) {
  const api = new Api();
  api.post("/x", contract, (() => undefined) as never);
  const { paths, components } = await api.document();
  return { operation: paths["/x"]!["post"]!, body: paths["/x"]!["post"]!.requestBody!, components };
}

const URLENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const object = (properties: object, ...required: readonly string[]) => ({
  type: "object",
  properties,
  ...(required.length === 0 ? {} : { required }),
});

describe("the document says of a form", () => {
  test("that texts come urlencoded or as multipart, with their types as texts have them", async () => {
    const { body } = await bodyOf({
      form: {
        name: t.String({ minLength: 1 }),
        count: t.Integer(),
        tags: t.Array(t.String()),
        near: t.Optional(t.Csv(t.Number())),
        news: t.Boolean({ default: false }),
      },
    });
    const schema = object(
      {
        name: { type: "string", minLength: 1 },
        count: { type: "integer", format: "double-int" },
        tags: { type: "array", items: { type: "string" }, minItems: 1 },
        near: { type: "array", items: { type: "number" } },
        news: { type: "boolean", default: false },
      },
      "name",
      "count",
      "tags",
    );
    const media = { schema, encoding: { near: { style: "form", explode: false } } };
    expect(body).toEqual({ required: true, content: { [URLENCODED]: media, [MULTIPART]: media } });
  });

  test("that a required file comes as multipart, its sizes in bytes and its types in the encoding", async () => {
    const { body } = await bodyOf({
      form: { title: t.String() },
      files: {
        cover: t.File({ maxSize: 20, minSize: 2, types: ["image/*", "application/pdf"], description: "The cover" }),
        pages: t.Files({ maxFiles: 3, maxSize: 10 }),
      },
    });
    expect(body).toEqual({
      required: true,
      "x-max-bytes": 52_428_800,
      content: {
        [MULTIPART]: {
          schema: object(
            {
              title: { type: "string" },
              cover: {
                type: "string",
                format: "binary",
                description: "The cover",
                "x-min-bytes": 2,
                "x-max-bytes": 20,
              },
              pages: {
                type: "array",
                minItems: 1,
                maxItems: 3,
                items: { type: "string", format: "binary", "x-max-bytes": 10 },
              },
            },
            "title",
            "cover",
            "pages",
          ),
          encoding: { cover: { contentType: "image/*, application/pdf" } },
        },
      },
    });
  });

  test("that an urlencoded form carries no files", async () => {
    const { body } = await bodyOf({ form: { title: t.Optional(t.String()), cover: t.Optional(t.File()) } });
    expect(body).toEqual({
      required: false,
      "x-max-bytes": 52_428_800,
      content: {
        [MULTIPART]: { schema: object({ title: { type: "string" }, cover: { type: "string", format: "binary" } }) },
        [URLENCODED]: { schema: object({ title: { type: "string" } }) },
      },
    });
  });

  test("its checks and its description, in each content type and where its files are declared apart", async () => {
    const rightLength = (): undefined => undefined;
    const properties = { title: t.String() };
    const form = t.Refine(
      t.Object({ ...properties, cover: t.Optional(t.File()) }, { description: "A post" }),
      rightLength,
    );
    const said = { description: "A post", "x-checks": ["rightLength"] };
    const { body } = await bodyOf({ form });
    for (const type of [MULTIPART, URLENCODED]) expect(body.content[type]!.schema).toMatchObject(said);
    const apart = await bodyOf({ form: t.Refine(t.Object(properties), rightLength), files: { pages: t.Files() } });
    expect(apart.body.content[MULTIPART]!.schema).toMatchObject({ "x-checks": ["rightLength"] });
  });

  test("that files of which there may be none are not required", async () => {
    const { body } = await bodyOf({ files: { pages: t.Files({ minFiles: 0 }) } });
    const pages = { type: "array", items: { type: "string", format: "binary" } };
    expect([body.required, body.content[MULTIPART]!.schema]).toEqual([false, object({ pages })]);
  });

  test("its name, where it has one", async () => {
    const { body, components } = await bodyOf({ form: t.Object({ title: t.String() }, { title: "NewPost" }) });
    const $ref = "#/components/schemas/NewPost";
    expect(body.content).toEqual({ [URLENCODED]: { schema: { $ref } }, [MULTIPART]: { schema: { $ref } } });
    expect(components.schemas!["NewPost"]).toEqual({
      title: "NewPost",
      ...object({ title: { type: "string" } }, "title"),
    });
  });

  test("that a list which is needed has an item, beside the name of the whole", async () => {
    const { body, components } = await bodyOf({ form: t.Object({ tags: t.Array(t.String()) }, { $id: "Tagged" }) });
    const schema = { $ref: "#/components/schemas/Tagged", properties: { tags: { minItems: 1 } } };
    expect(body.content).toEqual({ [URLENCODED]: { schema }, [MULTIPART]: { schema } });
    expect(components.schemas!["Tagged"]).toEqual({
      type: "object",
      properties: { tags: { type: "array", items: { type: "string" } } },
      required: ["tags"],
    });
  });

  test("that what is not declared is refused", async () => {
    const { body } = await bodyOf({ form: t.Object({ a: t.String() }, { additionalProperties: false }) });
    expect(body.content[URLENCODED]!.schema).toEqual({
      ...object({ a: { type: "string" } }, "a"),
      additionalProperties: false,
    });
  });

  test("its examples, which must fit", async () => {
    const form = { title: t.String(), cover: t.Optional(t.File()) };
    const { body } = await bodyOf({ form, examples: { form: { short: { title: "Hi" } } } });
    for (const type of [MULTIPART, URLENCODED])
      expect(body.content[type]!.examples).toEqual({ short: { value: { title: "Hi" } } });
    await expect((async () => bodyOf({ form, examples: { form: { wrong: { title: 7 } } } }))()).rejects.toThrow(
      "POST /x (form): has an example that does not match its schema: title: Expected string",
    );
  });

  test("how it is refused", async () => {
    const { operation } = await bodyOf({ form: { title: t.String() } });
    expect(Object.keys(operation.responses)).toEqual(["200", "400", "413", "415", "422", "500"]);
  });
});
