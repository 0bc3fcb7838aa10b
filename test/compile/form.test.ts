import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { Api, apiKey, type Contract, FileSize, HttpError, stream, t } from "bolide";
import { testClient } from "bolide/testing";
import { explain } from "../../src/compile/index.ts";
import { Connection } from "../conformance/wire.ts";
import { ownTemporaryDirectory } from "../http/form/temporary.ts";

ownTemporaryDirectory();

const temporary = () => readdirSync(tmpdir()).length;
const files = { file: t.File() };
const sent = { files: { file: "a".repeat(100) } };

/** What was in the folder while each handler ran. */
const seen: number[] = [];
const api = new Api({ memoryThreshold: 10, log: () => {} });
api.post("/answered", { files }, ({ files }) => {
  seen.push(temporary());
  return files.file.size;
});
api.post("/later", { files }, async ({ files }) => {
  seen.push(temporary());
  await Bun.sleep(1);
  return files.file.text();
});
api.post("/thrown", { files }, () => {
  seen.push(temporary());
  throw new RangeError("unexpected");
});
api.post("/refused", { files }, () => {
  seen.push(temporary());
  return new HttpError(409);
});
api.post("/other", { query: { page: t.Integer() }, files }, () => "never");
api.post("/dependency", { files, provide: { broken: () => Promise.reject(new Error("no")) } }, () => "never");
api.post("/too-large", { files: { file: t.File({ maxSize: 50 }) } }, () => "never");
api.post("/streamed", { files }, ({ files }) => stream(files.file.stream()));
api.post("/own", { files }, ({ files }) => new Response(files.file.stream()));
api.post("/endless", { files }, ({ files }) =>
  stream(
    (async function* () {
      for (;;) yield await files.file.read();
    })(),
  ),
);

api.post(
  "/changed",
  { files: { file: t.File() } },
  ({ files }) => new Response(files.file.stream().pipeThrough(new TransformStream())),
);

describe("a temporary file is there for the handler, and gone", () => {
  const client = testClient(api, { raise: false });

  test.each([
    ["after an answer", "/answered", 200],
    ["after an answer that took time", "/later", 200],
    ["after an unexpected error", "/thrown", 500],
    ["after an error that was returned", "/refused", 409],
  ])("%s", async (_, path, status) => {
    seen.length = 0;
    const response = await client.post(path, sent);
    expect([response.status, seen, temporary()]).toEqual([status, [1], 0]);
  });

  test.each([
    ["where another source is wrong", "/other", 422],
    ["where a dependency fails", "/dependency", 500],
    ["where the file is too large", "/too-large", 422],
  ])("%s", async (_, path, status) => {
    expect([(await client.post(path, sent)).status, temporary()]).toEqual([status, 0]);
  });

  test("only once a stream of it has been sent", async () => {
    const response = await client.post("/streamed", sent);
    expect(temporary()).toBe(1);
    expect(await response.text()).toBe("a".repeat(100));
    await Bun.sleep(0);
    expect(temporary()).toBe(0);
  });

  test.each([
    ["own", "/own"],
    ["own, which changes it on the way", "/changed"],
  ])("while a response of the handler's %s still has its bytes", async (_, path) => {
    const response = await client.post(path, sent);
    expect(temporary()).toBe(0);
    expect(await response.text()).toBe("a".repeat(100));
  });

  test("when the reader of a stream goes away", async () => {
    const reader = (await client.post("/endless", sent)).body!.getReader();
    await reader.read();
    expect(temporary()).toBe(1);
    await reader.cancel();
    expect(temporary()).toBe(0);
  });
});

describe("over a socket, it is gone", () => {
  const part = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
  const head = (path: string, length: number) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: ${length}\r\n\r\n`;

  /** Waits until the folder holds so many files. */
  const until = async (count: number) => {
    for (let tries = 0; temporary() !== count && tries < 500; tries++) await Bun.sleep(2);
    return temporary();
  };

  test("when the client goes away in the middle of the upload", async () => {
    const server = await api.listen({ port: 0 });
    try {
      const connection = await Connection.open(server.url);
      await connection.write(head("/answered", 10_000_000) + part + "a".repeat(200_000));
      expect(await until(1)).toBe(1);
      connection.close();
      expect(await until(0)).toBe(0);
    } finally {
      await server.stop();
    }
  });

  test("when the client goes away while it is answered", async () => {
    const server = await api.listen({ port: 0 });
    try {
      const connection = await Connection.open(server.url);
      const body = `${part}${"a".repeat(1000)}\r\n--x--`;
      await connection.write(head("/endless", body.length) + body);
      expect(await until(1)).toBe(1);
      connection.close();
      expect(await until(0)).toBe(0);
    } finally {
      await server.stop();
    }
  });
});

test.each([{ "content-length": "1000" }, {}])(
  "not a byte of a form is read before its caller may send it (%o)",
  async (length) => {
    const guarded = new Api({ auth: apiKey({ keys: ["a key of sixteen characters"] }) });
    guarded.post("/", { files }, () => "never");
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull() {
          pulled++;
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "content-type": "multipart/form-data; boundary=x", ...length };
    const response = await guarded.handle(new Request("http://localhost/", { method: "POST", headers, body }));
    expect([response.status, pulled]).toEqual([401, 0]);
  },
);

describe("the limits of a form:", () => {
  const upload: Contract = { files };
  test.each<[string, Contract, Contract, number, number]>([
    ["1 MiB for texts", {}, { form: { a: t.String() } }, FileSize.MB_1, FileSize.MB_1],
    ["50 MiB with files", {}, upload, FileSize.MB_50, FileSize.MB_1],
    ["50 MiB with files among the texts", {}, { form: { a: t.Optional(t.File()) } }, FileSize.MB_50, FileSize.MB_1],
    ["what the scope says", { maxBodySize: 7, memoryThreshold: 5 }, upload, 7, 5],
    [
      "what the route says",
      { maxBodySize: 7, memoryThreshold: 5 },
      { ...upload, maxBodySize: 9, memoryThreshold: 0 },
      9,
      0,
    ],
  ])("%s", (_, scope, contract, bytes, memory) => {
    const limited = new Api();
    limited.with(scope as object).post("/", contract, (() => "ok") as never);
    const step = limited.compile().plans[0]!.steps.find(({ kind }) => kind === "form");
    expect(step).toMatchObject({ bytes, memory });
  });
});

test("what is read of a form is explained, with its limits", () => {
  const explained = new Api();
  explained.post(
    "/",
    {
      form: { title: t.String({ minLength: 1 }), cover: t.Optional(t.File()) },
      files: {
        photo: t.File({ maxSize: 100, minSize: 5, types: ["image/*", "application/pdf"], sniff: true }),
        pages: t.Files({ maxFiles: 3, maxSize: 50 }),
        notes: t.Files({ minFiles: 0 }),
      },
    },
    () => "ok",
  );
  expect(explain(explained.compile().plans[0]!)).toEqual([
    "form        multipart/form-data of at most 52428800 bytes; a file over 1048576 bytes goes to disk",
    "form        title: string (at least 1 characters)",
    "form        cover: file, optional",
    "files       photo: file, at least 5 and at most 100 bytes, image/* or application/pdf, leading bytes looked at",
    "files       pages: at least 1 and at most 3 files, each at most 50 bytes",
    "files       notes: any number of files",
    "handler     anonymous",
    "answer      200, unchecked: no response is declared",
  ]);
});

test("a route without a form has nothing of one on its context", async () => {
  const plain = new Api();
  plain.get("/", (ctx) => ["form" in ctx, "files" in ctx]);
  expect(await (await testClient(plain).get("/")).json()).toEqual([false, false]);
});

test("a number that may be left empty is one, or nothing, or the empty string", async () => {
  const optional = new Api();
  const age = t.Optional(t.Union([t.Integer(), t.Literal("")]));
  optional.post("/", { form: { age } }, ({ form }) => ({ age: form.age ?? null }));
  const client = testClient(optional);
  const told = async (form: object) => (await client.post("/", { form: form as { age?: string } })).json();
  expect(await told({})).toEqual({ age: null });
  expect(await told({ age: "" })).toEqual({ age: "" });
  expect(await told({ age: "36" })).toEqual({ age: 36 });
  expect(await told({ age: "old" })).toEqual({
    detail: [{ loc: ["form", "age"], msg: "Expected union value", type: "type_error" }],
  });
});
