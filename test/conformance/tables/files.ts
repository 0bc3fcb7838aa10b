import { field, file, invalid, multipart, ok, type Part, photo, sentence } from "../form-rows.ts";
import type { Row } from "../row.ts";

const PNG = "\x89PNG\r\n\x1a\n and so on";

/** Section 5: the files of a form. */
export const files: readonly Row[] = [
  ...sentence("UploadFile: filename contentType size headers", [
    {
      send: "POST /photo",
      ...photo("image/png", PNG),
      expect: ok({
        filename: "a.png",
        contentType: "image/png",
        size: PNG.length,
        onDisk: false,
        header: 'form-data; name="photo"; filename="a.png"',
      }),
    },
  ]),
  ...sentence("read() text() json() stream() arrayBuffer(), in memory and on disk", [
    {
      send: "POST /read",
      ...multipart(file("file", "a.txt", undefined, "ten bytes.")),
      expect: ok({
        filename: "a.txt",
        contentType: "application/octet-stream",
        size: 10,
        onDisk: false,
        read: 10,
        text: "ten bytes.",
        arrayBuffer: 10,
        stream: "ten bytes.",
      }),
    },
    {
      send: "POST /read",
      ...multipart(file("file", "a.txt", "text/plain; charset=utf-8", "eleven bytes")),
      expect: ok({
        filename: "a.txt",
        contentType: "text/plain",
        size: 12,
        onDisk: true,
        read: 12,
        text: "eleven bytes",
        arrayBuffer: 12,
        stream: "eleven bytes",
      }),
    },
    {
      send: "POST /json",
      ...multipart(file("file", "a.json", "application/json", '{"a":[1]}')),
      expect: ok({ a: [1] }),
    },
    {
      send: "POST /json",
      ...multipart(file("file", "a.json", "application/json", '{"a":[1,2,3]}')),
      expect: ok({ a: [1, 2, 3] }),
    },
  ]),
  ...sentence("A temporary file is there while the answer is sent, and gone after it", [
    {
      send: "POST /streamed",
      ...multipart(file("file", "a", undefined, "a".repeat(99))),
      expect: { status: 200, body: "a".repeat(99) },
    },
    {
      send: "POST /passed",
      ...multipart(file("file", "a", undefined, "a".repeat(99))),
      expect: { status: 200, body: "a".repeat(99) },
    },
    { send: "POST /keep", ...multipart(file("file", "a", undefined, "a".repeat(99))), expect: ok(true) },
    { send: "GET /kept", expect: { status: 200, holds: ["An uploaded file was read after its request had ended"] } },
  ]),
  ...sentence("Error entries file_missing file_too_large file_too_small file_too_many, with ctx", [
    {
      send: "POST /photo",
      ...multipart(field("other", "x")),
      expect: invalid("files.photo file_missing"),
    },
    {
      send: "POST /photo",
      ...photo("image/png", "a".repeat(21)),
      expect: invalid("files.photo file_too_large"),
    },
    { send: "POST /photo", ...photo("image/png", "a"), expect: invalid("files.photo file_too_small") },
    {
      send: "POST /photo",
      ...multipart(file("photo", "a.png", "image/png", "aa"), file("photo", "b.png", "image/png", "bb")),
      expect: invalid("files.photo file_too_many"),
    },
    {
      send: "POST /documents",
      ...multipart(...["1", "2"].map((text) => file("documents", text, "text/plain", text))),
      expect: ok(["1", "2"]),
    },
    {
      send: "POST /documents",
      ...multipart(...["1", "2", "3"].map((text) => file("documents", text, "text/plain", text))),
      expect: invalid("files.documents file_too_many"),
    },
  ]),
  ...sentence("file_invalid_content_type: the declared type is one of those that are allowed", [
    {
      send: "POST /photo",
      ...photo("IMAGE/Gif; q=1", "aa"),
      expect: { status: 200, holds: ['"contentType":"image/gif"'] },
    },
    { send: "POST /photo", ...photo("application/pdf", "aa"), expect: { status: 200, holds: ["application/pdf"] } },
    { send: "POST /photo", ...photo("text/html", "aa"), expect: invalid("files.photo file_invalid_content_type") },
    {
      send: "POST /photo",
      ...multipart(file("photo", "a", undefined, "aa")),
      expect: invalid("files.photo file_invalid_content_type"),
    },
  ]),
  ...sentence("The declared type is checked against the leading bytes when sniff is true", [
    { send: "POST /sniffed", ...photo("image/png", PNG), expect: { status: 200, holds: ["image/png"] } },
    {
      send: "POST /sniffed",
      ...photo("image/png", "%PDF-1.7"),
      expect: invalid("files.photo file_invalid_content_type"),
    },
    {
      send: "POST /sniffed",
      ...photo("image/png", "GIF89a"),
      expect: invalid("files.photo file_invalid_content_type"),
    },
  ]),
  ...sentence("too_many_parts: limit 100, or limits.parts of the api", [
    {
      send: "POST /texts",
      ...multipart(field("name", "Ada"), ...undeclared(99)),
      expect: ok({ name: "Ada", age: 18, news: false, size: "m", tags: [] }),
    },
    { send: "POST /texts", ...multipart(field("name", "Ada"), ...undeclared(100)), expect: tooMany(100) },
    {
      api: "limited",
      send: "POST /form",
      ...multipart(field("a", "1"), ...undeclared(3)),
      expect: { status: 200, body: "read" },
    },
    { api: "limited", send: "POST /form", ...multipart(field("a", "1"), ...undeclared(4)), expect: tooMany(4) },
  ]),
  ...sentence("File names are reduced to their base name", [
    ...["../../etc/passwd", "/etc/passwd", "C:\\\\temp\\\\passwd", "passwd"].map((name) => ({
      send: "POST /photo",
      ...multipart(file("photo", name, "image/png", "aa")),
      expect: { status: 200, holds: ['"filename":"passwd"'] },
    })),
    {
      send: "POST /photo",
      ...multipart(file("photo", Buffer.from("ünïcode.png").toString("latin1"), "image/png", "aa")),
      expect: { status: 200, holds: ['"filename":"ünïcode.png"'] },
    },
  ]),
];

function undeclared(count: number): Part[] {
  return Array.from({ length: count }, (_, at) => field(`x${at}`, "y"));
}

function tooMany(parts: number): Row["expect"] {
  const entry = { loc: ["body"], msg: `Expected at most ${parts} parts`, type: "too_many_parts" };
  return { status: 422, json: { detail: [{ ...entry, ctx: { max_parts: parts } }] } };
}
