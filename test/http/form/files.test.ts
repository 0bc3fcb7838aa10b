import { expect, test } from "bun:test";
import { FileSize, t } from "bolide";
import type { Entry, TSchema } from "../../../src/schema/index.ts";
import { file, formOf, multipart, type Part } from "./form-of.ts";

const png = "\x89PNG\r\n\x1a\n\0\0\0\r";
const bytes = (latin1: string): Uint8Array => Buffer.from(latin1, "latin1");
const named = (type: string, body: string): Part => file("it", "a.bin", type, bytes(body));
const NO_FILE = file("it", "", "application/octet-stream", "");

/** Declared files, what is sent, and what is wrong with it. */
const CASES: readonly (readonly [title: string, schema: TSchema, sent: readonly Part[], entries: readonly Entry[]])[] =
  [
    ["a file is asked for", t.File(), [named("a/b", "x")], []],
    ["an empty file is a file", t.File(), [named("a/b", "")], []],
    ["none is missing", t.File(), [], [wrong("file_missing", "Expected a file", { min_files: 1, files: 0 })]],
    ["none was chosen", t.File(), [NO_FILE], [wrong("file_missing", "Expected a file", { min_files: 1, files: 0 })]],
    ["none is needed", t.Optional(t.File()), [], []],
    ["none is needed, and none was chosen", t.Optional(t.File()), [NO_FILE], []],
    ["none are needed", t.Optional(t.Files({ minFiles: 2 })), [NO_FILE], []],
    ["no files are files too", t.Files({ minFiles: 0 }), [], []],
    ["files are missing", t.Files(), [], [wrong("file_missing", "Expected a file", { min_files: 1, files: 0 })]],
    [
      "there are two, and three are asked for",
      t.Files({ minFiles: 3 }),
      [named("a/b", "x"), NO_FILE, named("a/b", "x")],
      [wrong("file_missing", "Expected at least 3 files", { min_files: 3, files: 2 })],
    ],
    [
      "there are too many",
      t.Files({ maxFiles: 2 }),
      [1, 2, 3, 4].map(() => named("a/b", "x")),
      [wrong("file_too_many", "Expected at most 2 files", { max_files: 2, files: 4 })],
    ],
    [
      "there are two of one",
      t.File(),
      [named("a/b", "x"), named("a/b", "x")],
      [wrong("file_too_many", "Expected one file", { max_files: 1, files: 2 })],
    ],
    ["its size is right", t.File({ minSize: 2, maxSize: 3 }), [named("a/b", "xxx")], []],
    [
      "it is too large",
      t.File({ maxSize: 2 }),
      [named("a/b", "xxx")],
      [wrong("file_too_large", "Expected a file of at most 2 bytes", { max_size: 2, size: 3 })],
    ],
    [
      "it is larger than a kilobyte",
      t.File({ maxSize: FileSize.KB_1 }),
      [named("a/b", "x".repeat(1025))],
      [wrong("file_too_large", "Expected a file of at most 1 KB", { max_size: 1024, size: 1025 })],
    ],
    [
      "it is smaller than five megabytes",
      t.File({ minSize: FileSize.MB_5 }),
      [named("a/b", "x")],
      [wrong("file_too_small", "Expected a file of at least 5 MB", { min_size: 5_242_880, size: 1 })],
    ],
    [
      "it is smaller than a size of no unit",
      t.File({ minSize: 1_500 }),
      [named("a/b", "")],
      [wrong("file_too_small", "Expected a file of at least 1,500 bytes", { min_size: 1_500, size: 0 })],
    ],
    [
      "one of three is too large",
      t.Files({ maxSize: 1 }),
      [named("a/b", "x"), NO_FILE, named("a/b", "xx"), named("a/b", "x")],
      [wrong("file_too_large", "Expected a file of at most 1 byte", { max_size: 1, size: 2 }, 1)],
    ],
    ["its type is allowed", t.File({ types: ["image/*"] }), [named("Image/PNG; charset=x", "x")], []],
    ["its type is the second", t.File({ types: ["image/*", "Application/PDF"] }), [named("application/pdf", "x")], []],
    ["any type is allowed", t.File({ types: ["*/*"] }), [named("nonsense", "x")], []],
    [
      "its type is not allowed",
      t.File({ types: ["image/*"] }),
      [named("imagery/png", "x")],
      [
        wrong("file_invalid_content_type", "Expected a file of type image/*", {
          allowed: ["image/*"],
          content_type: "imagery/png",
        }),
      ],
    ],
    [
      "it has no type, and is too small",
      t.File({ types: ["image/*", "text/csv", "application/pdf"], minSize: 2 }),
      [['Content-Disposition: form-data; name="it"; filename="a"', "x"]],
      [
        wrong("file_too_small", "Expected a file of at least 2 bytes", { min_size: 2, size: 1 }),
        wrong("file_invalid_content_type", "Expected a file of type image/*, text/csv or application/pdf", {
          allowed: ["image/*", "text/csv", "application/pdf"],
          content_type: "application/octet-stream",
        }),
      ],
    ],
    ...["image/png, text/html", "image/*", "image/", "image/png text/html", "image"].map(
      (type) =>
        [
          `its type is none: ${type}`,
          t.File({ types: ["image/*"] }),
          [named(type, "x")],
          [
            wrong("file_invalid_content_type", "Expected a file of type image/*", {
              allowed: ["image/*"],
              content_type: "application/octet-stream",
            }),
          ],
        ] as const,
    ),
    ["its bytes are of its type", t.File({ types: ["image/*"], sniff: true }), [named("image/png", png)], []],
    ["nobody looks at its bytes", t.File({ types: ["image/*"] }), [named("image/png", "%PDF-1.7")], []],
    [
      "its bytes are of another type",
      t.File({ types: ["image/png", "application/pdf"], sniff: true }),
      [named("image/png", "%PDF-1.7")],
      [
        wrong("file_invalid_content_type", "Expected a file whose content is of its declared type, image/png", {
          allowed: ["image/png", "application/pdf"],
          content_type: "image/png",
          sniffed: "application/pdf",
        }),
      ],
    ],
    [
      "its bytes are of no type",
      t.File({ sniff: true }),
      [named("image/png", "")],
      [
        wrong("file_invalid_content_type", "Expected a file whose content is of its declared type, image/png", {
          content_type: "image/png",
          sniffed: null,
        }),
      ],
    ],
  ];

function wrong(type: Entry["type"], msg: string, ctx: Record<string, unknown>, index?: number): Entry {
  return { loc: index === undefined ? ["files", "it"] : ["files", "it", index], msg, type, ctx };
}

for (const memoryThreshold of [1_048_576, 0]) {
  test.each(CASES)(`%s (up to ${memoryThreshold} bytes in memory)`, async (_, schema, sent, entries) => {
    const form = await formOf(multipart(sent), { it: schema }, { memoryThreshold });
    form.dispose();
    expect(form.entries).toEqual(entries);
    expect(form.broken).toBe(false);
  });
}

test("a file is declared as one or as a list, and is absent where it was not sent", async () => {
  const read = async (schema: TSchema, ...sent: Part[]) =>
    (await formOf(multipart(sent), { it: schema })).files.get("it");
  expect(await read(t.Optional(t.File()))).toBeUndefined();
  expect(await read(t.Optional(t.Files()), NO_FILE)).toBeUndefined();
  expect(await read(t.Files({ minFiles: 0 }))).toEqual([]);
  expect(await read(t.File(), named("a/b", "x"))).toMatchObject({ size: 1 });
  expect(await read(t.Files(), named("a/b", "x"))).toMatchObject([{ size: 1 }]);
});

test("a form with more faults than an answer has room for lists a hundred", async () => {
  const sent = Array.from({ length: 150 }, () => named("a/b", "x"));
  const form = await formOf(multipart(sent), { it: t.Files({ minSize: 2 }) }, { parts: 200 });
  expect(form.entries).toHaveLength(100);
});
