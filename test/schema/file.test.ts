import { describe, expect, expectTypeOf, test } from "bun:test";
import { FileSize, type Static, t } from "bolide";
import {
  describe as inWords,
  fileRulesOf,
  isFileSchema,
  SchemaError,
  type TSchema,
  type UploadFile,
  Validators,
} from "../../src/schema/index.ts";

const NONE = {
  many: false,
  optional: false,
  maxSize: undefined,
  minSize: 0,
  maxFiles: undefined,
  minFiles: 0,
  types: [],
  sniff: false,
};

describe("t.File and t.Files", () => {
  test("are typed as what a handler gets", () => {
    const shape = t.Object({ one: t.File(), some: t.Files(), none: t.Optional(t.File()) });
    expectTypeOf<Static<typeof shape>>().toEqualTypeOf<{ one: UploadFile; some: UploadFile[]; none?: UploadFile }>();
    expect(Object.keys(shape.properties)).toEqual(["one", "some", "none"]);
  });

  test("say in JSON Schema what JSON Schema can say", () => {
    const options = { description: "A photo", maxSize: 5, minSize: 1, types: ["image/*"], sniff: true };
    expect(JSON.parse(JSON.stringify(t.File(options)))).toEqual({
      description: "A photo",
      type: "string",
      format: "binary",
    });
    const item = { type: "string", format: "binary" };
    expect(JSON.parse(JSON.stringify(t.Files()))).toEqual({ type: "array", items: item, minItems: 1 });
    expect(JSON.parse(JSON.stringify(t.Files({ ...options, minFiles: 0, maxFiles: 3 })))).toEqual({
      description: "A photo",
      type: "array",
      items: item,
      maxItems: 3,
    });
  });

  test("keep their rules, optional or not", () => {
    expect(fileRulesOf(t.File())).toEqual(NONE);
    expect(fileRulesOf(t.Optional(t.File({ types: ["Image/*"], maxSize: 9 })))).toEqual({
      ...NONE,
      optional: true,
      types: ["image/*"],
      maxSize: 9,
    });
    expect(fileRulesOf(t.Files())).toEqual({ ...NONE, many: true, minFiles: 1 });
    expect(fileRulesOf(t.Files({ minFiles: 2, maxFiles: 3, minSize: 4, sniff: true }))).toEqual({
      ...NONE,
      many: true,
      minFiles: 2,
      maxFiles: 3,
      minSize: 4,
      sniff: true,
    });
    expect([t.File(), t.Optional(t.Files()), t.String(), t.String({ format: "binary" })].map(isFileSchema)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(() => fileRulesOf(t.String())).toThrow(new TypeError("Expected t.File() or t.Files(), not String"));
  });
});

/** Options that no file can meet, and what is said of them. */
const NONSENSE: readonly (readonly [make: () => TSchema, why: string])[] = [
  [() => t.File({ minSize: 2, maxSize: 1 }), "t.File takes minSize up to maxSize, not 2 and 1"],
  [() => t.File({ maxSize: -1 }), "t.File takes maxSize as a whole number of bytes, not -1"],
  [() => t.File({ minSize: 1.5 }), "t.File takes minSize as a whole number of bytes, not 1.5"],
  [() => t.Files({ maxSize: Number.NaN }), "t.Files takes maxSize as a whole number of bytes, not NaN"],
  [() => t.Files({ maxFiles: Infinity }), "t.Files takes maxFiles as a whole number of files, not Infinity"],
  [() => t.Files({ maxFiles: 0, minFiles: 0 }), "t.Files takes maxFiles of 1 or more, not 0"],
  [() => t.Files({ minFiles: 3, maxFiles: 2 }), "t.Files takes minFiles up to maxFiles, not 3 and 2"],
  ...["image", "*/png", "image/", "/png", "image/png; q=1", " image/png", "", ".png", "image/*png"].map(
    (type) =>
      [
        () => t.File({ types: [type] }),
        `t.File takes types as "image/*" or "application/pdf", not ${JSON.stringify(type)}`,
      ] as const,
  ),
];

test.each(NONSENSE)("%s is refused where it is declared", (make, why) => {
  expect(make).toThrow(new RangeError(why));
});

/** Places where no file can come from. */
const PLACES: readonly (readonly [place: string, read: () => unknown, path: string])[] = [
  ["a body", () => new Validators().json(t.Object({ a: t.File() }), "body"), "t.File() is"],
  ["an answer", () => new Validators().answer(t.Files(), "strict"), "t.Files() is"],
  ["a query", () => new Validators().text({ a: t.Optional(t.File()) }, "query"), "t.File() is"],
  ["a list", () => new Validators().json(t.Object({ a: t.Array(t.File()) }), "body"), "t.File() is"],
  ["a description", () => inWords(t.Nullable(t.Files())), "t.Files() is"],
];

test.each(PLACES)("a file in %s is refused at start-up", (_, read, subject) => {
  expect(read).toThrow(SchemaError);
  expect(read).toThrow(`${subject} a property of a route's form or files, and of nothing else`);
});

test("the sizes are those of Django-Bolt", () => {
  expect(FileSize).toMatchObject({
    KB_1: 1024,
    MB_1: 1024 ** 2,
    MB_5: 5 * 1024 ** 2,
    MB_10: 10 * 1024 ** 2,
    MB_50: 50 * 1024 ** 2,
    MB_100: 100 * 1024 ** 2,
  });
});
