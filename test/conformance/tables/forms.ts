import { FORM_KEY } from "../apis/forms.ts";
import { field, file, invalid, multipart, ok, photo, sentence, urlencoded } from "../form-rows.ts";
import type { Row } from "../row.ts";

const TEXTS = "application/x-www-form-urlencoded or multipart/form-data";
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

function expected(types: string): object {
  return { detail: `Expected ${types}` };
}

function tooLarge(bytes: number): object {
  return { detail: `Body is larger than ${bytes} bytes` };
}

/** Section 5: forms, and their limits. */
export const forms: readonly Row[] = [...reading, ...limits];
