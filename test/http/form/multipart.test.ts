import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { t } from "bolide";
import type { Entry, UploadFile } from "../../../src/schema/index.ts";
import { BOUNDARY, chunked, type Fields, file, formOf, multipart, type Part, text } from "./form-of.ts";
import { ownTemporaryDirectory, temporaryFiles } from "./temporary.ts";

ownTemporaryDirectory();

const FIELDS: Fields = { title: "text", tags: "texts", photo: t.Optional(t.File()), docs: t.Optional(t.Files()) };

/** All that a form says, as values that can be compared. */
async function told(body: Parameters<typeof formOf>[0], fields: Fields = FIELDS, limits = {}, type?: string) {
  const form = await formOf(body, fields, limits, type);
  const files: Record<string, unknown> = {};
  const one = async (upload: UploadFile) => [upload.filename, upload.contentType, upload.size, await upload.text()];
  for (const [name, found] of form.files) {
    files[name] = Array.isArray(found) ? await Promise.all(found.map(one)) : await one(found);
  }
  form.dispose();
  const { texts, unknown, entries, broken } = form;
  return { texts, unknown, files, entries, broken };
}

const invalid = (why: string): Entry => ({ loc: ["body"], msg: `Invalid multipart: ${why}`, type: "value_error" });

describe("a multipart form", () => {
  test("is read into its texts, repeated ones too, and its files", async () => {
    const body = multipart([
      text("title", "Grüße"),
      text("tags", "a"),
      text("nobody", "asked"),
      file("photo", "cat.png", "Image/PNG; x=1", "bytes\r\n--of a cat"),
      file("nobodys", "x", "text/plain", "file"),
      text("tags", ""),
      file("docs", "a.txt", "text/plain", "one"),
      file("docs", "b.txt", "text/plain", ""),
      text("title", "the last one wins"),
    ]);
    expect(await told(body)).toEqual({
      texts: ["the last one wins", ["a", ""]],
      unknown: ["nobody", "nobodys"],
      files: {
        photo: ["cat.png", "image/png", 17, "bytes\r\n--of a cat"],
        docs: [
          ["a.txt", "text/plain", 3, "one"],
          ["b.txt", "text/plain", 0, ""],
        ],
      },
      entries: [],
      broken: false,
    });
  });

  test("of Bun's own FormData is read back", async () => {
    const form = new FormData();
    form.append("title", 'a "quoted" text');
    form.append("photo", new File(["abc"], 'naïve "file".txt', { type: "text/plain;charset=utf-8" }));
    const request = new Request("http://a/", { method: "POST", body: form });
    const bytes = new Uint8Array(await request.clone().arrayBuffer());
    expect(await told(bytes, FIELDS, {}, request.headers.get("content-type")!)).toMatchObject({
      texts: ['a "quoted" text', undefined],
      files: { photo: ['naïve "file".txt', "text/plain", 3, "abc"] },
      entries: [],
    });
  });

  test("may have a preamble, padding behind a boundary and an epilogue", async () => {
    const head = 'Content-Disposition: form-data; name="title"';
    const body = `To whom it may concern\r\n--x \t\r\n${head}\r\n\r\na\r\n--x--  \r\nregards\r\n--x\r\nz`;
    expect((await told(body, FIELDS, {}, "multipart/form-data; boundary=x")).texts).toEqual(["a", undefined]);
  });

  test("without parts says nothing, and neither does an empty body", async () => {
    const nothing = { texts: [undefined, undefined], unknown: [], files: {}, entries: [], broken: false };
    expect(await told(`--${BOUNDARY}--\r\n`)).toEqual(nothing);
    expect(await told(`--${BOUNDARY}--`)).toEqual(nothing);
    expect(await told("")).toEqual(nothing);
    expect(await told(new ReadableStream({ start: (controller) => controller.close() }))).toEqual(nothing);
  });

  test("keeps a text that looks like a boundary, but for one byte", async () => {
    const near = `\r\n--${BOUNDARY.slice(0, -1)}\r\n-${BOUNDARY}\r\n\r\r\n-\n--${BOUNDARY}`;
    expect((await told(multipart([text("title", near)]))).texts[0]).toBe(near);
  });

  test("takes an input without a chosen file for none", async () => {
    const body = multipart([file("photo", "", "application/octet-stream", "")]);
    expect(await told(body)).toMatchObject({ files: {}, entries: [] });
  });

  test("is the same form however its bytes are cut", async () => {
    const part = fc.oneof(
      fc.string().map((value) => text("title", value)),
      fc.constantFrom<Part>(
        text("tags", `\r\n--${BOUNDARY}x`.slice(0, -2)),
        file("photo", "a.bin", "application/x", "\r\n\r\n--\r\r\n"),
        file("docs", "%22.bin", "text/plain", "\r"),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (parts, sizes, damaged) => {
          const whole = multipart(parts);
          const bytes = damaged ? whole.slice(0, (whole.length * 2) / 3) : whole;
          expect(await told(chunked(bytes, sizes), FIELDS, { memoryThreshold: 8 })).toEqual(
            await told(bytes, FIELDS, { memoryThreshold: 8 }),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Dispositions as clients write them, and the name and file name in them. */
const DISPOSITIONS: readonly (readonly [disposition: string, filename: string])[] = [
  ['form-data; name="photo"; filename="a.png"', "a.png"],
  ["form-data; name=photo; filename=a.png", "a.png"],
  ['FORM-DATA;NAME="photo";FileName="a.png"', "a.png"],
  ['form-data; filename="a.png"; name="photo"', "a.png"],
  ['form-data ; name = "photo" ; filename = "a.png" ;', "a.png"],
  ['form-data; name="photo"; filename="a%22b%0D%0A.png"', 'a"b.png'],
  ['form-data; name="photo"; filename="100%25.png"', "100%25.png"],
  ['form-data; name="photo"; filename="a\\"b.png"', 'a"b.png'],
  ['form-data; name="photo"; filename="; name=\\"title\\""', '; name="title"'],
  ['form-data; name="photo"; filename="C:\\fakepath\\a.png"', "a.png"],
  ['form-data; name="photo"; filename="folder\\"', "unnamed"],
  ['form-data; name="photo"; filename="写真.png"', "写真.png"],
  ["form-data; name=\"photo\"; filename*=UTF-8''na%C3%AFve.png", "naïve.png"],
  ['form-data; name="photo"; filename="a.png"; filename*=UTF-8\'\'b.png', "a.png"],
  ['form-data; name="photo"; filename="a;b.png"', "a;b.png"],
];

test.each(DISPOSITIONS)("the file name of %p is %p", async (disposition, filename) => {
  const { files, entries } = await told(multipart([[`Content-Disposition: ${disposition}`, "x"]]));
  expect(entries).toEqual([]);
  expect(files).toEqual({ photo: [filename, "application/octet-stream", 1, "x"] });
});

const OK = 'Content-Disposition: form-data; name="title"';
const line = (...lines: string[]): string => lines.join("\r\n");

/** Bodies with the boundary `b` that are no forms, and why. */
const BROKEN: readonly (readonly [body: string, why: string])[] = [
  ["x", "the body has no boundary line"],
  ["\n--b\r\n", "the body has no boundary line"],
  ["--bc\r\n", "a boundary is followed by other bytes on its line"],
  ["--b -\r\n", "a boundary is followed by other bytes on its line"],
  ["--b\rx", "a boundary is followed by other bytes on its line"],
  ["--b\nx", "a line ends in a bare line feed"],
  ["--b", "the body ends before the closing boundary"],
  ["--b-", "the body ends before the closing boundary"],
  [line("--b", OK, "", "text"), "the body ends before the closing boundary"],
  [line("--b", OK, "", "text", "--b"), "the body ends before the closing boundary"],
  [line("--b", OK, "", "text") + "\n--b--", "the body ends before the closing boundary"],
  [`--b${" ".repeat(2000)}\r\n`, "a boundary line is too long"],
  [`--b\r\n${OK}\n\ntext\r\n--b--`, "a line ends in a bare line feed"],
  [`--b\r\n${OK}\nX: y\r\n\r\ntext\r\n--b--`, "a line ends in a bare line feed"],
  [line("--b", "", "text", "--b--"), "a part has no Content-Disposition"],
  [line("--b", "X: y", "", "text", "--b--"), "a part has no Content-Disposition"],
  [line("--b", 'Content-Disposition: attachment; name="title"', "", "", "--b--"), "a part is not form-data"],
  [line("--b", 'Content-Disposition: form-datum; name="title"', "", "", "--b--"), "a part is not form-data"],
  [line("--b", "Content-Disposition: form-data", "", "", "--b--"), "a part has no name"],
  [line("--b", 'Content-Disposition: form-data; filename="a"', "", "", "--b--"), "a part has no name"],
  [line("--b", 'Content-Disposition: form-data; name="a', "", "", "--b--"), "a Content-Disposition is malformed"],
  [line("--b", 'Content-Disposition: form-data; name="a" x', "", "", "--b--"), "a Content-Disposition is malformed"],
  [line("--b", "Content-Disposition: form-data; name", "", "", "--b--"), "a Content-Disposition is malformed"],
  [line("--b", `${OK}; name="other"`, "", "", "--b--"), "a Content-Disposition has two parameters name"],
  [line("--b", `${OK}; filename*=UTF-8''%FF`, "", "", "--b--"), "a filename* is malformed"],
  [line("--b", `${OK}; filename*=latin1''a`, "", "", "--b--"), "a filename* is malformed"],
  [line("--b", OK, OK, "", "", "--b--"), "a part has two headers content-disposition"],
  [line("--b", OK, "Content-Type: a/b", "content-type: c/d", "", "", "--b--"), "a part has two headers content-type"],
  [line("--b", OK, " folded: x", "", "", "--b--"), "a part header is folded"],
  [line("--b", OK, "no colon", "", "", "--b--"), "a part header is malformed"],
  [line("--b", OK, "bad name: x", "", "", "--b--"), "a part header is malformed"],
  [line("--b", OK, "X: a\0b", "", "", "--b--"), "a part header has a control character"],
  [line("--b", OK, "X: a\rb", "", "", "--b--"), "a part header has a control character"],
  [line("--b", OK, ...Array(32).fill("X: y"), "", "", "--b--"), "a part has more than 32 headers"],
  [line("--b", OK, `X: ${"y".repeat(16_384)}`, "", "", "--b--"), "the headers of a part are longer than 16384 bytes"],
  [line("--b", `X: ${"y".repeat(20_000)}`), "the headers of a part are longer than 16384 bytes"],
  [
    line("--b", OK, "Content-Transfer-Encoding: base64", "", "aGk=", "--b--"),
    "a part has a Content-Transfer-Encoding other than 7bit, 8bit and binary",
  ],
];

test.each(BROKEN)("%j is no form", async (body, why) => {
  const expected = { texts: [undefined, undefined], unknown: [], files: {}, entries: [invalid(why)], broken: true };
  expect(await told(body, FIELDS, {}, "multipart/form-data; boundary=b")).toEqual(expected);
});

test("headers of 16,384 bytes, 32 of them, and an encoding that changes nothing are read", async () => {
  const encoding = "Content-Transfer-Encoding: 8BIT";
  const many = [OK, encoding, ...Array<string>(29).fill("X: y")];
  const last = `X: ${"y".repeat(16_384 - line(...many, "X: ").length)}`;
  const body = line("--b", ...many, last, "", "text", "--b--");
  expect((await told(body, FIELDS, {}, "multipart/form-data; boundary=b")).texts).toEqual(["text", undefined]);
});

/** Content types, and the fault of their boundary; undefined where `x` is read. */
const BOUNDARIES: readonly (readonly [contentType: string, boundary: string, why: string | undefined])[] = [
  ["multipart/form-data; boundary=x", "x", undefined],
  ["Multipart/Form-Data;Boundary=x;charset=utf-8", "x", undefined],
  ['multipart/form-data; boundary="a b\'()+_,-./:=?c"', "a b'()+_,-./:=?c", undefined],
  [`multipart/form-data; boundary=${"b".repeat(70)}`, "b".repeat(70), undefined],
  [`multipart/form-data; boundary=${"b".repeat(71)}`, "x", "the boundary is not 1 to 70 of the characters of RFC 2046"],
  ['multipart/form-data; boundary=""', "x", "the boundary is not 1 to 70 of the characters of RFC 2046"],
  ['multipart/form-data; boundary="x "', "x", "the boundary is not 1 to 70 of the characters of RFC 2046"],
  ['multipart/form-data; boundary="x<y"', "x<y", "the boundary is not 1 to 70 of the characters of RFC 2046"],
  ["multipart/form-data", "x", "the content type has no boundary"],
  ["multipart/form-data; boundary", "x", "the content type is malformed"],
  ["multipart/form-data; boundary=x y", "x", "the content type is malformed"],
];

test.each(BOUNDARIES)("the boundary of %p", async (contentType, boundary, why) => {
  const { texts, entries } = await told(multipart([text("title", "a")], boundary), FIELDS, {}, contentType);
  expect(entries).toEqual(why === undefined ? [] : [invalid(why)]);
  expect(texts[0]).toBe(why === undefined ? "a" : undefined);
});

describe("a part", () => {
  test("beyond the limit ends the reading", async () => {
    const hundred = Array.from({ length: 100 }, () => text("tags", "x"));
    expect((await told(multipart(hundred))).texts[1]).toHaveLength(100);
    const entry = { loc: ["body"], msg: "Expected at most 100 parts", type: "too_many_parts", ctx: { max_parts: 100 } };
    expect(await told(multipart([...hundred, text("else", "x")]))).toMatchObject({ entries: [entry], broken: true });
    expect((await told(multipart(hundred), FIELDS, { parts: 2 })).entries[0]?.msg).toBe("Expected at most 2 parts");
  });

  test("that is no UTF-8, or says that it is not, is refused as a text and kept as a file", async () => {
    const bytes = Uint8Array.of(0x61, 0xff);
    const utf8 = { loc: ["form", "title"], msg: "Expected text in UTF-8", type: "value_error" } as const;
    expect((await told(multipart([text("title", bytes)]))).entries).toEqual([utf8]);
    const latin = multipart([[[OK, "Content-Type: text/plain; charset=ISO-8859-1"], "a"]]);
    expect((await told(latin)).entries).toEqual([utf8]);
    const declared = multipart([[[OK, 'Content-Type: text/plain; charset="UTF-8"'], "\uFEFFa"]]);
    expect((await told(declared)).texts[0]).toBe("\uFEFFa");
    expect((await told(multipart([file("photo", "a", "text/plain", bytes)]))).files).toEqual({
      photo: ["a", "text/plain", 2, "a\uFFFD"],
    });
  });

  test("longer than the threshold is no text", async () => {
    const body = multipart([text("title", "four"), text("tags", "fives"), text("tags", "fives")]);
    const form = await formOf(body, FIELDS, { memoryThreshold: 4 });
    expect(form.texts).toEqual(["four", undefined]);
    expect(form.entries).toEqual([
      { loc: ["form", "tags"], msg: "Expected a text of at most 4 bytes", type: "too_long", ctx: { max_size: 4 } },
    ]);
    expect([...form.refused]).toEqual(["tags"]);
  });

  test("is a text or a file, as declared", async () => {
    const body = multipart([text("photo", "cat"), file("title", "a.txt", "text/plain", "cat"), text("docs", "")]);
    expect((await told(body)).entries).toEqual([
      { loc: ["form", "title"], msg: "Expected a text, not a file", type: "type_error" },
      { loc: ["files", "photo"], msg: "Expected a file, not a text", type: "type_error" },
    ]);
    expect((await told(multipart([file("title", "", "application/octet-stream", "")]))).entries).toEqual([]);
  });
});

test("no bytes, whatever they are, crash, hang or leave a temporary file", async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .constantFrom(
        "\r\n",
        "--b",
        "\r\n--b\r\n",
        "--b--",
        `${OK}\r\n\r\n`,
        "\r\n\r\n",
        "\n",
        `${OK}; filename="x"`,
        ":",
      )
      .map((ascii) => new Uint8Array(Buffer.from(ascii))),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 24 }), fc.integer({ min: 1, max: 64 }), async (pieces, size) => {
      const bytes = new Uint8Array(Buffer.concat(pieces));
      const types = ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"];
      for (const type of types) {
        const form = await formOf(chunked(bytes, [size]), FIELDS, { memoryThreshold: 4 }, type);
        expect(form.broken).toBe(form.entries[0]?.loc[0] === "body");
        form.dispose();
      }
    }),
    { numRuns: 500 },
  );
  expect(temporaryFiles()).toEqual([]);
});
