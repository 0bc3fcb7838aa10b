import { describe, expect, test } from "bun:test";
import {
  Api,
  cookie,
  deleteCookie,
  depends,
  json,
  noContent,
  redirect,
  ServiceUnavailable,
  t,
  type UploadFile,
} from "bolide";
import { testClient } from "bolide/testing";

const clock = depends(() => "now");

function makeApi(): Api {
  const api = new Api();
  api.route(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"], "/echo", async ({ request, query }) => ({
    method: request.method,
    query: [...query],
    type: request.headers.get("content-type"),
    who: request.headers.get("x-who"),
    url: request.url.split("?")[0],
    body: await request.text(),
  }));
  const told = async (one: UploadFile) => [one.filename, one.contentType, await one.text()];
  api.post(
    "/upload",
    { form: { title: t.String(), cover: t.File() }, files: { notes: t.Files() } },
    async ({ form, files }) => ({
      title: form.title,
      cover: await told(form.cover),
      notes: await Promise.all(files.notes.map(told)),
    }),
  );
  api.get("/clock", { provide: { clock } }, ({ clock }) => clock);
  api.get("/cookies", ({ cookies }) => ({ ...cookies }));
  api.get("/app/cookies/deep", ({ cookies }) => ({ ...cookies }));
  api.post("/login", () =>
    noContent({ cookies: [cookie("sid", "a b"), cookie("short", "1", { maxAge: 60, path: "/app" })] }),
  );
  api.post("/logout", () => noContent({ cookies: [deleteCookie("sid"), deleteCookie("short", { path: "/app" })] }));
  api.get("/moved", () => redirect("/clock"));
  api.get("/broken", async () => {
    await Bun.sleep(1);
    throw new RangeError("unseen");
  });
  api.get("/slow", async () => {
    await Bun.sleep(3);
    return json({ slow: true }, { status: 500 });
  });
  api.get("/unavailable", () => new ServiceUnavailable("later"));
  api.get("/mismatch", { response: t.Integer() }, () => "seven" as never);
  return api;
}

describe("a test client sends", () => {
  const client = testClient(makeApi());

  test.each(["get", "post", "put", "patch", "delete", "options", "query"] as const)("%s", async (method) => {
    expect(await (await client[method]("/echo")).json()).toMatchObject({ method: method.toUpperCase(), body: "" });
  });

  test("head, with the headers of get and without its body", async () => {
    const response = await client.head("/clock");
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([200, "3", ""]);
  });

  test("JSON, with its content type", async () => {
    const answer = await (await client.post("/echo", { json: { a: [1] } })).json();
    expect(answer).toMatchObject({ type: "application/json", body: '{"a":[1]}' });
  });

  test("JSON under another content type, where the test says so", async () => {
    const headers = { "content-type": "application/vnd.api+json" };
    expect(await (await client.post("/echo", { json: null, headers })).json()).toMatchObject({
      type: headers["content-type"],
      body: "null",
    });
  });

  test("a form urlencoded: lists repeat their field, null and undefined are left out", async () => {
    const form = { list: [1, 2], none: null, absent: undefined, at: new Date(0), text: "a b" };
    expect(await (await client.post("/echo", { form })).json()).toMatchObject({
      type: "application/x-www-form-urlencoded;charset=UTF-8",
      body: "list=1&list=2&at=1970-01-01T00%3A00%3A00.000Z&text=a+b",
    });
  });

  test("files as multipart, texts and bytes among them, with the fields beside", async () => {
    const form = { title: "é", cover: new File(["c"], "cover.png", { type: "image/png" }) };
    const response = await client.post("/upload", {
      form,
      files: { notes: ["a text", new Uint8Array([98]), new Blob(["blob"], { type: "text/css" })] },
    });
    expect(await response.json()).toEqual({
      title: "é",
      cover: ["cover.png", "image/png", "c"],
      notes: [
        ["notes", "text/plain", "a text"],
        ["notes", "application/octet-stream", "b"],
        ["notes", "text/css", "blob"],
      ],
    });
  });

  test("any other body as it is", async () => {
    const answer = await (await client.post("/echo", { body: new URLSearchParams({ a: "1 2" }) })).json();
    expect(answer).toMatchObject({ type: "application/x-www-form-urlencoded;charset=UTF-8", body: "a=1+2" });
  });

  test("a query beside that of the path", async () => {
    const query = { list: [1, 2], none: null, absent: undefined, at: new Date(0), text: "a&b" };
    expect(await (await client.get("/echo?first=1", { query })).json()).toMatchObject({
      query: [
        ["first", "1"],
        ["list", "1"],
        ["list", "2"],
        ["at", "1970-01-01T00:00:00.000Z"],
        ["text", "a&b"],
      ],
    });
  });

  test("headers of every request, and those of one", async () => {
    const named = testClient(makeApi(), { headers: { "x-who": "all" }, origin: "https://example.com" });
    expect(await (await named.get("/echo")).json()).toMatchObject({ who: "all", url: "https://example.com/echo" });
    expect(await (await named.get("/echo", { headers: { "X-Who": "one" } })).json()).toMatchObject({ who: "one" });
  });

  test("and does not follow redirects", async () => {
    const response = await client.get("/moved");
    expect([response.status, response.headers.get("location")]).toEqual([307, "/clock"]);
  });
});

test("cookies are kept, sent to the paths that they are for, and forgotten when they end", async () => {
  const client = testClient(makeApi());
  const seen = async (path: string) => (await client.get(path)).json() as Promise<unknown>;
  expect(await seen("/cookies")).toEqual({});
  await client.post("/login");
  expect(await seen("/cookies")).toEqual({ sid: "a b" });
  expect(await seen("/app/cookies/deep")).toEqual({ sid: "a b", short: "1" });
  expect([client.cookies.get("sid"), client.cookies.get("short")]).toEqual(["a%20b", "1"]);
  client.cookies.set("own", "2");
  expect(await seen("/cookies")).toEqual({ sid: "a b", own: "2" });
  await client.post("/logout");
  expect(await seen("/cookies")).toEqual({ own: "2" });
  client.cookies.clear();
  expect(await seen("/cookies")).toEqual({});
});

test("cookies of one client are not those of another", async () => {
  const [one, other] = [testClient(makeApi()), testClient(makeApi())];
  await one.post("/login");
  expect(await (await other.get("/cookies")).json()).toEqual({});
});

describe("an unexpected error", () => {
  test("is thrown in the test", async () => {
    expect(testClient(makeApi()).get("/broken")).rejects.toThrow(new RangeError("unseen"));
  });

  test("is thrown where an answer does not match its declaration", async () => {
    expect(testClient(makeApi()).get("/mismatch")).rejects.toThrow("response: Expected integer");
  });

  test("is a 500 with raise: false, and logged where the test listens", async () => {
    const logged: string[] = [];
    const client = testClient(makeApi(), { raise: false, log: ({ message }) => void logged.push(message) });
    const response = await client.get("/broken");
    expect([response.status, await response.json()]).toEqual([500, { detail: "Internal Server Error" }]);
    expect(logged).toEqual(["RangeError: unseen"]);
  });

  test("of one request is not thrown by another that is under way", async () => {
    const client = testClient(makeApi());
    const [broken, slow] = await Promise.allSettled([client.get("/broken"), client.get("/slow")]);
    expect([broken.status, slow.status]).toEqual(["rejected", "fulfilled"]);
  });

  test("is not what an answer of 500 or above is that the handler meant", async () => {
    const client = testClient(makeApi());
    expect((await client.get("/unavailable")).status).toBe(503);
    expect((await client.get("/slow")).status).toBe(500);
  });
});

test("dependencies are overridden for this client alone", async () => {
  const api = makeApi();
  const frozen = testClient(api, { overrides: [[clock, () => "then"]] });
  expect([await (await frozen.get("/clock")).text(), await (await testClient(api).get("/clock")).text()]).toEqual([
    "then",
    "now",
  ]);
});

test("an api that cannot start is refused at once", () => {
  const api = new Api();
  api.get("/a", { skip: ["nobody"] }, () => 1);
  expect(() => testClient(api)).toThrow("GET /a");
});
