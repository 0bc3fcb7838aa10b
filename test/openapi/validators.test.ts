import { describe, expect, test } from "bun:test";
import { BaseResolver, createConfig, lintDocument, makeDocumentFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { Api } from "bolide";
import { api as places } from "../../examples/places/api.ts";
import type { OpenApiDocument } from "../../src/openapi/index.ts";
import { apis } from "../conformance/app.ts";
import { kitchen } from "./kitchen.ts";
import { pantry } from "./pantry.ts";
import { shop } from "./shop.ts";

const all: Readonly<Record<string, Api>> = {
  places: places as unknown as Api,
  kitchen: kitchen(),
  pantry: pantry(),
  "pantry in 3.2.0": pantry("3.2.0"),
  shop: await shop(),
  ...apis(() => {}),
};

/** By the published JSON Schemas of OpenAPI. */
async function bySchema(document: object): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
  return valid ? [] : errors;
}

/** By rules of its own, references and examples included. */
async function byRules(document: object): Promise<string[]> {
  const config = await createConfig({
    extends: ["spec"],
    rules: {
      "no-unresolved-refs": "error",
      "no-identical-paths": "error",
      "no-invalid-schema-examples": "error",
      "no-invalid-media-type-examples": "error",
      "no-invalid-parameter-examples": "error",
    },
  });
  const problems = await lintDocument({
    document: makeDocumentFromString(JSON.stringify(document), "openapi.json"),
    externalRefResolver: new BaseResolver(),
    config,
  });
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
}

describe.each([
  ["@seriousme/openapi-schema-validator", bySchema],
  ["@redocly/openapi-core", byRules],
])("%s", (_, problems) => {
  test.each(Object.entries(all))("has nothing to say about %s", async (_, api) => {
    expect(await problems(await api.document())).toEqual([]);
  });

  test("has nothing to say about OpenAPI 3.2 and problem details either", async () => {
    const { settings } = all["kitchen"]!;
    const made = kitchen();
    Object.assign(made, { settings: { ...settings, errors: "problem", openapi: { version: "3.2.0" } } });
    expect(await problems(await made.document())).toEqual([]);
  });

  test.each<[string, (document: OpenApiDocument) => object]>([
    ["without its paths' answers", (document) => ({ ...document, paths: { "/x": { get: { responses: 7 } } } })],
    ["without a title", (document) => ({ ...document, info: { version: "1" } })],
  ])("finds a document %s", async (_, broken) => {
    expect(await problems(broken(await all["places"]!.document()))).not.toEqual([]);
  });
});
