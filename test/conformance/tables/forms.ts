import { FORM_KEY } from "../apis/forms.ts";
import { type Row, sentence as sentenceAt } from "../row.ts";

/** The rows of one sentence; they speak to the api of forms unless they say otherwise. */
const sentence = (text: string, rows: readonly Omit<Row, "section" | "sentence">[]): readonly Row[] =>
  sentenceAt(
    5,
    text,
    rows.map((row) => ({ api: "forms", ...row })),
  );

const ok = (json: unknown) => ({ status: 200, json });
const invalid = (...entries: readonly string[]) => ({ status: 422, entries });

/** An urlencoded form. */
const urlencoded = (body: string) => ({
  headers: [["content-type", "application/x-www-form-urlencoded"]] as const,
  body,
});

/** One part of a multipart form: what stands in its `Content-Disposition` after `form-data`, its type, its body. */
type Part = readonly [disposition: string, type: string | undefined, body: string];

/** Text in latin-1: a character is a byte. */
const multipart = (...parts: readonly Part[]) => ({
  headers: [["content-type", 'multipart/form-data; boundary="the boundary"']] as const,
  body: written(parts),
});

function written(parts: readonly Part[]): Uint8Array {
  const lines = parts.map(([disposition, type, body]) => {
    const head = `Content-Disposition: form-data; ${disposition}${type === undefined ? "" : `\r\nContent-Type: ${type}`}`;
    return `--the boundary\r\n${head}\r\n\r\n${body}\r\n`;
  });
  return Buffer.from(`${lines.join("")}--the boundary--\r\n`, "latin1");
}

const field = (name: string, value: string): Part => [`name="${name}"`, undefined, value];
const file = (name: string, filename: string, type: string | undefined, body: string): Part => [
  `name="${name}"; filename="${filename}"`,
  type,
  body,
];
const photo = (type: string, body: string) => multipart(file("photo", "a.png", type, body));

const TEXTS = "application/x-www-form-urlencoded or multipart/form-data";
const PNG = "\x89PNG\r\n\x1a\n and so on";
const DEFAULTS = { age: 18, news: false, size: "m", tags: [] };

const reading: readonly Row[] = [
  ...sentence("application/x-www-form-urlencoded and multipart/form-data", [
    { send: "POST /texts", ...urlencoded("name=Ada+L.&age=36"), expect: ok({ ...DEFAULTS, name: "Ada L.", age: 36 }) },
    { send: "POST /texts", ...urlencoded("name=%C3%89va&x=1"), expect: ok({ ...DEFAULTS, name: "Éva" }) },
    {
      send: "POST /texts",
      headers: [["Content-Type", "Application/X-WWW-Form-UrlEncoded; charset=utf-8"]],
      body: "name=Ada",
      expect: ok({ ...DEFAULTS, name: "Ada" }),
    },
    {
      send: "POST /texts",
      ...multipart(field("name", "Ada"), field("age", "36"), field("undeclared", "x")),
      expect: ok({ ...DEFAULTS, name: "Ada", age: 36 }),
    },
    { send: "POST /texts", json: { name: "Ada" }, expect: { status: 415, json: expected(TEXTS) } },
    { send: "POST /texts", body: "name=Ada", expect: { status: 415, json: expected(TEXTS) } },
    { send: "POST /photo", ...urlencoded("photo=a"), expect: { status: 415, json: expected("multipart/form-data") } },
    { send: "POST /optional", ...urlencoded(""), expect: { status: 200, body: "none" } },
    {
      send: "POST /optional",
      headers: [["content-type", "text/plain"]],
      body: "a",
      expect: { status: 415, json: expected("multipart/form-data or application/x-www-form-urlencoded") },
    },
    {
      send: "POST /optional",
      ...multipart(file("photo", "", "application/octet-stream", "")),
      expect: { status: 200, body: "none" },
    },
  ]),
  ...sentence("Text coercion, by declared type, on form fields", [
    {
      send: "POST /texts",
      ...urlencoded(
        "name=Ada&age=%2B7&news=on&at=2026-01-01&big=12345678901234567890&id=6f1b3b5e-7c6a-4e7a-9d1c-0a1b2c3d4e5f&size=s&tags=a&tags=b&near=1,-2.5",
      ),
      expect: ok({
        name: "Ada",
        age: 7,
        news: true,
        at: "2026-01-01T00:00:00.000Z",
        big: "bigint",
        id: "6f1b3b5e-7c6a-4e7a-9d1c-0a1b2c3d4e5f",
        size: "s",
        tags: ["a", "b"],
        near: [1, -2.5],
      }),
    },
    { send: "POST /texts", ...urlencoded("name=a&name=b"), expect: ok({ ...DEFAULTS, name: "b" }) },
    {
      send: "POST /texts",
      ...multipart(field("name", "a"), field("name", "b")),
      expect: ok({ ...DEFAULTS, name: "b" }),
    },
    {
      send: "POST /texts",
      ...urlencoded("name=&age=-1&news=perhaps&at=soon&size=l"),
      expect: invalid(
        "form.name too_short",
        "form.age range",
        "form.news type_error",
        "form.at format",
        "form.size enum",
      ),
    },
    { send: "POST /texts", ...urlencoded("name=a&age="), expect: invalid("form.age type_error") },
    { send: "POST /texts", ...urlencoded("age=1"), expect: invalid("form.name missing") },
    { send: "POST /closed", ...urlencoded("a=1&b=2"), expect: invalid("form.b extra_forbidden") },
    {
      send: "POST /closed",
      ...multipart(field("a", "1"), file("b", "b.txt", "text/plain", "2")),
      expect: invalid("form.b extra_forbidden"),
    },
  ]),
  ...sentence("An empty body where fields are required is 422 missing, for each", [
    { send: "POST /texts", expect: invalid("form.name missing") },
    { send: "POST /texts", ...urlencoded(""), expect: invalid("form.name missing") },
    { send: "POST /texts", chunks: [], expect: invalid("form.name missing") },
    { send: "POST /texts", chunks: ["name", "=Ada"], expect: { status: 415, json: expected(TEXTS) } },
    {
      send: "POST /photo",
      headers: [["content-type", "multipart/form-data; boundary=x"]],
      chunks: [],
      expect: invalid("files.photo file_missing"),
    },
    { send: "POST /photo", expect: invalid("files.photo file_missing") },
    { send: "POST /photo", ...multipart(), expect: invalid("files.photo file_missing") },
    {
      send: "POST /photo",
      headers: [["content-type", "multipart/form-data; boundary=x"]],
      body: "",
      expect: invalid("files.photo file_missing"),
    },
    { send: "POST /posts/7", expect: invalid("form.title missing", "files.pages file_missing") },
  ]),
  ...sentence("A check of the whole form sees its texts and its files", [
    { send: "POST /checked", ...urlencoded("password=a&again=a"), expect: { status: 200, body: "without a key" } },
    {
      send: "POST /checked",
      ...multipart(field("password", "a"), field("again", "a"), file("key", "k", undefined, "a key")),
      expect: { status: 200, body: "a key" },
    },
    { send: "POST /checked", ...urlencoded("password=a&again=b"), expect: invalid("form.again value_error") },
  ]),
  ...sentence("All errors of all sources are in one answer", [
    {
      send: "POST /posts/x?draft=perhaps",
      ...multipart(file("cover", "c.png", "image/png", "c")),
      expect: invalid(
        "params.id type_error",
        "query.draft type_error",
        "form.title missing",
        "files.pages file_missing",
      ),
    },
    {
      send: "POST /posts/7?draft=1",
      ...multipart(
        file("pages", "1.txt", "text/plain", "1"),
        field("title", "T"),
        file("pages", "2.txt", "text/plain", "2"),
        file("cover", "c.png", "image/png", "c"),
      ),
      expect: ok({ id: 7, draft: true, title: "T", cover: "c.png", pages: ["1.txt", "2.txt"] }),
    },
  ]),
  ...sentence("A form that is no multipart is one entry", [
    {
      send: "POST /photo",
      headers: [["content-type", "multipart/form-data"]],
      body: "--x",
      expect: { ...invalid("body value_error"), holds: ["Invalid multipart: "] },
    },
    {
      send: "POST /photo",
      headers: [["content-type", "multipart/form-data; boundary=x"]],
      body: "--x\r\nContent-Disposition: form-data; name=photo\r\n\r\nand nothing more",
      expect: { ...invalid("body value_error"), holds: ["Invalid multipart: "] },
    },
  ]),
];

const files: readonly Row[] = [
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
      expect: ok({ ...DEFAULTS, name: "Ada" }),
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

const limits: readonly Row[] = [
  ...sentence("maxBodySize: from Content-Length where present, while reading where not", [
    { send: "POST /small", ...urlencoded("a=345678901234567890"), expect: { status: 200, body: "read" } },
    { send: "POST /small", ...urlencoded("a=3456789012345678901"), expect: { status: 413, json: tooLarge(20) } },
    {
      send: "POST /small",
      headers: [["content-type", "application/x-www-form-urlencoded"]],
      chunks: ["a=34567890", "1234567890", "1"],
      expect: { status: 413, json: tooLarge(20) },
    },
    { send: "POST /scoped", ...photo("image/png", "a".repeat(200)), expect: { status: 413, json: tooLarge(200) } },
    {
      send: "POST /scoped",
      headers: [["content-type", "multipart/form-data; boundary=x"]],
      chunks: [
        '--x\r\ncontent-disposition: form-data; name="photo"; filename="a"\r\n\r\n',
        "a".repeat(200),
        "\r\n--x--",
      ],
      expect: { status: 413, json: tooLarge(200) },
    },
  ]),
  ...sentence("Uploads 50 MiB, other forms 1 MiB", [
    { send: "POST /optional", ...photo("image/png", "a".repeat(2_000_000)), expect: { status: 200, body: "2000000" } },
    {
      send: "POST /texts",
      ...urlencoded(`name=${"a".repeat(1_048_572)}`),
      expect: { status: 413, json: tooLarge(1_048_576) },
    },
  ]),
  ...sentence("A text longer than memoryThreshold is too_long", [
    { send: "POST /note", ...multipart(field("text", "ten bytes.")), expect: { status: 200, body: "ten bytes." } },
    { send: "POST /note", ...multipart(field("text", "eleven bytes")), expect: invalid("form.text too_long") },
  ]),
  ...sentence("An anonymous caller of a protected route learns nothing about its form", [
    { send: "POST /secured", json: {}, expect: { status: 401 } },
    { send: "POST /secured", ...multipart(), expect: { status: 401 } },
    { send: "POST /secured", ...photo("image/png", "a".repeat(500)), expect: { status: 413, json: tooLarge(500) } },
    {
      send: "POST /secured",
      headers: [
        ["x-api-key", FORM_KEY],
        ["content-type", "multipart/form-data; boundary=x"],
      ],
      chunks: ["--x\r\n", "a".repeat(500)],
      expect: { status: 413, json: tooLarge(500) },
    },
    {
      send: "POST /secured",
      headers: [
        ["x-api-key", FORM_KEY],
        ["content-type", "multipart/form-data; boundary=x"],
      ],
      body: "--x--",
      expect: invalid("files.photo file_missing"),
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

function expected(types: string): object {
  return { detail: `Expected ${types}` };
}

function tooLarge(bytes: number): object {
  return { detail: `Body is larger than ${bytes} bytes` };
}

/** Section 5: forms and files. */
export const forms: readonly Row[] = [...reading, ...files, ...limits];
