import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, realpath, rm, symlink, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cookie } from "../../src/http/cookies.ts";
import { HttpError } from "../../src/http/errors.ts";
import { file, type FileInit } from "../../src/http/file.ts";
import { serving } from "./serving.ts";

const TEXT = "0123456789abcdefghij";
const MODIFIED = new Date("2026-01-02T03:04:05.678Z");
const LAST_MODIFIED = "Fri, 02 Jan 2026 03:04:05 GMT";
/** Size and nanoseconds, both to the base 36. */
const ETAG = `"${TEXT.length.toString(36)}-${(BigInt(MODIFIED.getTime()) * 1_000_000n).toString(36)}"`;

let folder = "";
let path = "";
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "bolide-file-")));
  path = join(folder, "public", "twenty.txt");
  await mkdir(join(folder, "public", "sub"), { recursive: true });
  await mkdir(join(folder, "public-not"));
  await Bun.write(path, TEXT);
  await utimes(path, MODIFIED, MODIFIED);
  await Bun.write(join(folder, "secret.txt"), "secret");
  await Bun.write(join(folder, "public-not", "a.txt"), "not public");
  await Bun.write(join(folder, "public", "empty.txt"), "");
  await Bun.write(join(folder, "public", "page.html"), "<p>");
  await Bun.write(join(folder, "public", "unknown.qqq"), "?");
  await symlink(join(folder, "secret.txt"), join(folder, "public", "out.txt"));
  await symlink(folder, join(folder, "public", "up"));
  await symlink(path, join(folder, "public", "sub", "within.txt"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function told(response: Response): Promise<Answered> {
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

async function ask(headers: Record<string, string> = {}, init?: FileInit, method = "GET"): Promise<Answered> {
  const request = new Request("http://a/", { method, headers });
  return told(await file(path, init).respond(request));
}

async function refusal(answering: Promise<Response>): Promise<HttpError> {
  const refused: unknown = await answering.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(HttpError);
  return refused as HttpError;
}

test("a whole file comes with its type, its tag and its date", async () => {
  expect(await ask()).toEqual({
    status: 200,
    headers: {
      "accept-ranges": "bytes",
      "content-disposition": "inline",
      "content-type": "text/plain;charset=utf-8",
      etag: ETAG,
      "last-modified": LAST_MODIFIED,
    },
    body: TEXT,
  });
});

describe("what is said about a file", () => {
  const table: readonly (readonly [says: string, init: FileInit, header: string, value: string])[] = [
    ["another media type", { contentType: "text/csv" }, "content-type", "text/csv"],
    ["another media type, as a header", { headers: { "content-type": "text/x" } }, "content-type", "text/x"],
    ["a name, to be saved under", { filename: "a.txt" }, "content-disposition", 'attachment; filename="a.txt"'],
    [
      "a name, to be shown",
      { filename: "a.txt", disposition: "inline" },
      "content-disposition",
      'inline; filename="a.txt"',
    ],
    ["saved without a name", { disposition: "attachment" }, "content-disposition", "attachment"],
    ["how long a cache keeps it", { maxAge: 60 }, "cache-control", "max-age=60"],
    [
      "a cache-control of one's own",
      { maxAge: 60, headers: { "cache-control": "no-store" } },
      "cache-control",
      "no-store",
    ],
    ["a tag of one's own", { headers: { etag: '"mine"' } }, "etag", '"mine"'],
    ["a cookie", { cookies: [cookie("a", "1")] }, "set-cookie", "a=1; Path=/; HttpOnly; SameSite=Lax"],
  ];
  test.each(table)("%s", async (_, init, header, value) => {
    const answered = await ask({}, init);
    expect(answered.headers[header]).toBe(value);
    expect(answered.body).toBe(TEXT);
  });

  test("its type is known by its extension", async () => {
    const types = ["page.html", "unknown.qqq"].map(async (name) => {
      const response = await file(join(folder, "public", name)).respond(new Request("http://a/"));
      return response.headers.get("content-type");
    });
    expect(await Promise.all(types)).toEqual(["text/html;charset=utf-8", "application/octet-stream"]);
  });

  test.each([1.5, -1, Number.NaN])("a maxAge of %p is refused at the call", (maxAge) => {
    expect(() => file(path, { maxAge })).toThrow(new TypeError(`file takes maxAge in whole seconds, not ${maxAge}`));
  });
});

describe("a range", () => {
  const table: readonly (readonly [range: string, contentRange: string, body: string])[] = [
    ["bytes=0-0", "bytes 0-0/20", "0"],
    ["bytes=0-3", "bytes 0-3/20", "0123"],
    ["bytes=15-", "bytes 15-19/20", "fghij"],
    ["bytes=-3", "bytes 17-19/20", "hij"],
    ["bytes=-99", "bytes 0-19/20", TEXT],
    ["bytes=18-99", "bytes 18-19/20", "ij"],
    ["BYTES=1-2", "bytes 1-2/20", "12"],
    ["bytes=1-2,99-", "bytes 1-2/20", "12"],
    ["bytes=0-4,3-6", "bytes 0-6/20", "0123456"],
    ["bytes=5-6,0-9", "bytes 0-9/20", "0123456789"],
  ];
  test.each(table)("%s", async (range, contentRange, body) => {
    const answered = await ask({ range });
    expect(answered.status).toBe(206);
    expect(answered.headers).toEqual({
      "accept-ranges": "bytes",
      "content-disposition": "inline",
      "content-range": contentRange,
      "content-type": "text/plain;charset=utf-8",
      etag: ETAG,
      "last-modified": LAST_MODIFIED,
    });
    expect(answered.body).toBe(body);
  });

  test.each(["bytes=20-", "bytes=99-100", "bytes=-0", "bytes=20-,-0"])("%s is unsatisfiable", async (range) => {
    const refused = await refusal(file(path).respond(new Request("http://a/", { headers: { range } })));
    expect(refused.status).toBe(416);
    expect(refused.headers).toEqual({ "content-range": "bytes */20" });
  });

  test.each([
    ["of another unit", { range: "lines=0-1" }],
    ["that cannot be read", { range: "bytes=5-2" }],
    ["without bounds", { range: "bytes=-" }],
    ["of more pieces than anyone needs", { range: `bytes=${Array.from({ length: 65 }, () => "0-0").join(",")}` }],
    ["that If-Range holds back", { range: "bytes=0-3", "if-range": '"other"' }],
  ] satisfies [string, Record<string, string>][])("%s is ignored", async (_, headers) => {
    const answered = await ask(headers);
    expect(answered.status).toBe(200);
    expect(answered.body).toBe(TEXT);
    expect(answered.headers["content-range"]).toBeUndefined();
  });

  test.each([
    ["the tag", ETAG],
    ["the date", LAST_MODIFIED],
  ])("that If-Range lets through by %s", async (_, ifRange) => {
    const answered = await ask({ range: "bytes=0-3", "if-range": ifRange });
    expect(answered.status).toBe(206);
    expect(answered.body).toBe("0123");
  });

  test.each(["POST", "HEAD"])("means nothing to a %s", async (method) => {
    expect((await ask({ range: "bytes=0-3" }, {}, method)).status).toBe(200);
  });

  test("means nothing to an answer that is no 200", async () => {
    const answered = await ask({ range: "bytes=0-3", "if-none-match": ETAG }, { status: 404 });
    expect(answered.status).toBe(404);
    expect(answered.body).toBe(TEXT);
  });
});

const part = (boundary: string, range: string, body: string): string =>
  `--${boundary}\r\ncontent-type: text/plain;charset=utf-8\r\ncontent-range: bytes ${range}/20\r\n\r\n${body}\r\n`;

describe("several ranges", () => {
  test.each([
    [
      "in the order of the request",
      "bytes=10-12, 0-1,-2",
      [
        ["10-12", "abc"],
        ["0-1", "01"],
        ["18-19", "ij"],
      ],
    ],
    [
      "those that overlap joined, then by position",
      "bytes=10-12,0-3,2-5",
      [
        ["0-5", "012345"],
        ["10-12", "abc"],
      ],
    ],
  ] satisfies [string, string, [string, string][]][])("come as parts, %s", async (_, range, parts) => {
    const answered = await ask({ range });
    expect(answered.status).toBe(206);
    expect(answered.headers["content-type"]).toMatch(/^multipart\/byteranges; boundary=[0-9a-f-]{36}$/);
    const boundary = answered.headers["content-type"]!.split("boundary=")[1]!;
    expect(answered.body).toBe(`${parts.map(([at, body]) => part(boundary, at, body)).join("")}--${boundary}--\r\n`);
    expect(answered.headers["content-length"]).toBe(String(answered.body.length));
    expect(answered.headers["content-range"]).toBeUndefined();
  });
});

describe("a condition", () => {
  test.each([
    ["If-None-Match with the tag", () => ({ "if-none-match": ETAG })],
    ["If-Modified-Since its date", () => ({ "if-modified-since": LAST_MODIFIED })],
  ] satisfies [string, () => Record<string, string>][])(
    "%s: not modified, without a body or what describes one",
    async (_, headers) => {
      expect(await ask(headers(), { maxAge: 5, filename: "a.txt" })).toEqual({
        status: 304,
        headers: { "accept-ranges": "bytes", "cache-control": "max-age=5", etag: ETAG, "last-modified": LAST_MODIFIED },
        body: "",
      });
    },
  );

  test("If-Match with another tag: 412", async () => {
    const refused = await refusal(file(path).respond(new Request("http://a/", { headers: { "if-match": '"b"' } })));
    expect([refused.status, refused.detail]).toEqual([412, "Precondition Failed"]);
  });

  test("goes before the range", async () => {
    expect((await ask({ range: "bytes=0-3", "if-none-match": ETAG })).status).toBe(304);
  });

  test("sees a file that has changed within the second", async () => {
    const changing = join(folder, "changing.txt");
    const tagAt = async (millis: number): Promise<string | null> => {
      await Bun.write(changing, TEXT);
      await utimes(changing, new Date(millis), new Date(millis));
      return (await file(changing).respond(new Request("http://a/"))).headers.get("etag");
    };
    expect(await tagAt(1_700_000_000_001)).not.toBe(await tagAt(1_700_000_000_002));
  });
});

test("HEAD has the headers of GET, and no body", async () => {
  const [get, head] = [await ask(), await ask({}, {}, "HEAD")];
  expect(head).toEqual({ status: 200, headers: { ...get.headers, "content-length": "20" }, body: "" });
});

const inside = (name: string, root = join(folder, "public")): Promise<Response> =>
  file(name, { root }).respond(new Request("http://a/"));

describe("under a root", () => {
  test.each([
    ["a relative path", "twenty.txt"],
    ["a path with dots that stay inside", "sub/../twenty.txt"],
    ["a link that stays inside", "sub/within.txt"],
  ])("%s is served", async (_, name) => {
    expect(await (await inside(name)).text()).toBe(TEXT);
  });

  test("an absolute path that lies inside is served", async () => {
    expect(await (await inside(path)).text()).toBe(TEXT);
  });

  test("the root may be a link itself, and may end with a slash", async () => {
    expect(await (await inside("twenty.txt", join(folder, "public", "up", "public/"))).text()).toBe(TEXT);
  });

  test.each([
    ["a path with dots that lead out", "../secret.txt"],
    ["a neighbour whose name begins alike", "../public-not/a.txt"],
    ["an absolute path outside", "/etc/passwd"],
    ["a link that leads out", "out.txt"],
    ["a folder's link that leads out", "up/secret.txt"],
    ["a folder", "sub"],
    ["the root", "."],
    ["an empty name", ""],
    ["what is not there", "none.txt"],
    ["a file as a folder", "twenty.txt/x"],
    ["a name with NUL", "twenty.txt\0.png"],
    ["a name longer than a name can be", "x".repeat(5000)],
  ])("%s is 404", async (_, name) => {
    const refused = await refusal(inside(name));
    expect([refused.status, refused.detail]).toEqual([404, "Not Found"]);
  });

  test("a root that is not there is 404", async () => {
    expect((await refusal(inside("a", join(folder, "nowhere")))).status).toBe(404);
  });
});

describe("without a root", () => {
  test("what is not there is 404", async () => {
    expect((await refusal(file(join(folder, "none")).respond(new Request("http://a/")))).status).toBe(404);
  });
  test("a file URL is a path", async () => {
    expect(await (await file(pathToFileURL(path)).respond(new Request("http://a/"))).text()).toBe(TEXT);
  });
  test("a file of Bun is its path", async () => {
    expect((await told(await file(Bun.file(path)).respond(new Request("http://a/")))).headers["etag"]).toBe(ETAG);
  });
  test("an empty file has no range", async () => {
    const empty = file(join(folder, "public", "empty.txt"));
    const refused = await refusal(empty.respond(new Request("http://a/", { headers: { range: "bytes=0-" } })));
    expect([refused.status, refused.headers]).toEqual([416, { "content-range": "bytes */0" }]);
    expect(await (await empty.respond(new Request("http://a/"))).text()).toBe("");
  });
});

const answerBlob = (given: Blob, headers: Record<string, string> = {}): Promise<Response> =>
  file(given).respond(new Request("http://a/", { headers }));

describe("a blob", () => {
  const blob = new Blob([TEXT], { type: "text/x-twenty" });

  test("is tagged by its content", async () => {
    const etag = (await answerBlob(blob)).headers.get("etag")!;
    expect(etag).toMatch(/^"k-[0-9a-z]+"$/);
    expect((await answerBlob(new Blob([TEXT]))).headers.get("etag")).toBe(etag);
    expect((await answerBlob(new Blob([TEXT.toUpperCase()]))).headers.get("etag")).not.toBe(etag);
    expect((await answerBlob(blob, { "if-none-match": etag })).status).toBe(304);
  });
  test("keeps its type, and has no date", async () => {
    const response = await answerBlob(blob);
    expect(response.headers.get("content-type")).toBe("text/x-twenty");
    expect(response.headers.get("last-modified")).toBeNull();
  });
  test("is sent in ranges", async () => {
    const response = await answerBlob(blob, { range: "bytes=2-4" });
    expect([response.status, response.headers.get("content-range"), await response.text()]).toEqual([
      206,
      "bytes 2-4/20",
      "234",
    ]);
  });
  test("of a form has a date", async () => {
    const upload = new File([TEXT], "../x.txt", { type: "text/plain", lastModified: MODIFIED.getTime() });
    const response = await answerBlob(upload);
    expect(response.headers.get("last-modified")).toBe(LAST_MODIFIED);
    expect(response.headers.get("content-disposition")).toBe("inline");
    expect(await response.text()).toBe(TEXT);
  });
});

const answers = (request: Request): Promise<Response> => file(path, { root: folder }).respond(request);

describe("over a socket", () => {
  const table: readonly (readonly [
    says: string,
    headers: Record<string, string>,
    status: number,
    length: string | null,
    body: string,
  ])[] = [
    ["whole", {}, 200, "20", TEXT],
    ["one range", { range: "bytes=2-5" }, 206, "4", "2345"],
    ["a range that If-Range holds back", { range: "bytes=2-5", "if-range": '"b"' }, 200, "20", TEXT],
    ["a range of another unit", { range: "lines=2-5" }, 200, "20", TEXT],
    ["not modified", { "if-none-match": ETAG }, 304, null, ""],
  ];
  test.each(table)("%s", async (_, headers, status, length, body) => {
    await serving(answers, async (base) => {
      const response = await fetch(base, { headers });
      expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
        status,
        length,
        body,
      ]);
      expect(response.headers.get("etag")).toBe(ETAG);
    });
  });

  test("HEAD", async () => {
    await serving(answers, async (base) => {
      const response = await fetch(base, { method: "HEAD" });
      expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([200, "20", ""]);
      expect(response.headers.get("content-disposition")).toBe("inline");
    });
  });

  test("several ranges", async () => {
    await serving(answers, async (base) => {
      const response = await fetch(base, { headers: { range: "bytes=0-1,-2" } });
      const body = await response.text();
      expect(response.status).toBe(206);
      expect(response.headers.get("content-length") ?? String(body.length)).toBe(String(body.length));
      expect(body).toContain("content-range: bytes 18-19/20\r\n\r\nij\r\n--");
    });
  });
});
