import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Api, type ApiOptions, apiKey, isAuthenticated, middleware, type OpenApiDocument } from "bolide";
import { kitchen, KEY } from "./kitchen.ts";

// The viewers beside this file are found, as a running test is the program.
const HTML = "text/html; charset=utf-8";
const PAGES = ["/docs", "/scalar", "/swagger", "/redoc", "/rapidoc", "/elements"];

function ask(api: Api, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  return Promise.resolve(api.handle(new Request(`http://localhost${path}`, { headers, method })));
}

const made = (options: ApiOptions = {}): Api => {
  const api = new Api({ title: "Served", log: () => {}, ...options });
  api.get("/hello", () => "hello");
  return api;
};

const status = async (api: Api, path: string): Promise<number> => (await ask(api, path)).status;

/** The files that a page loads. */
async function filesOf(api: Api, page: string): Promise<string[]> {
  const markup = await (await ask(api, page)).text();
  return [...markup.matchAll(/(?:src|href)="([^"]*assets[^"]*)"/g)].map(
    ([, url = ""]) => new URL(url, `http://localhost${page}`).pathname,
  );
}

describe("the document", () => {
  test("is served as JSON and as YAML, and they are the same", async () => {
    const api = kitchen();
    const [json, yaml] = [await ask(api, "/openapi.json"), await ask(api, "/openapi.yaml")];
    expect([json.status, json.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect([yaml.status, yaml.headers.get("content-type")]).toEqual([200, "application/yaml"]);
    const text = await yaml.text();
    const document = (await json.json()) as OpenApiDocument;
    expect(Bun.YAML.parse(text)).toEqual(document);
    expect(text).not.toMatch(/[&*]\w+$/m);
    expect(document).toEqual(JSON.parse(JSON.stringify(await api.document())));
  });

  test("is not sent again to who has it, and answers HEAD", async () => {
    const api = made();
    const first = await ask(api, "/openapi.json");
    const etag = first.headers.get("etag")!;
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const again = await ask(api, "/openapi.json", { "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    const head = await ask(api, "/openapi.json", {}, "HEAD");
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String((await first.bytes()).length),
      "",
    ]);
  });

  test("lists neither itself nor the pages nor health", async () => {
    expect(Object.keys((await made().document()).paths)).toEqual(["/hello"]);
  });

  test("is compressed for who takes that", async () => {
    const api = kitchen();
    const plain = await (await ask(api, "/openapi.json")).bytes();
    const gzip = await ask(api, "/openapi.json", { "accept-encoding": "gzip" });
    expect([gzip.headers.get("content-encoding"), gzip.headers.get("vary")]).toEqual(["gzip", "accept-encoding"]);
    expect(Bun.gunzipSync(await gzip.bytes())).toEqual(plain);
    expect((await ask(api, "/openapi.json", { "accept-encoding": "identity;q=0" })).status).toBe(406);
  });

  test("that cannot be written is a 500, and the reason is logged", async () => {
    const logged: string[] = [];
    const api = made({ log: ({ message }) => logged.push(message) });
    api.get("/a", { operationId: "same" }, () => 1);
    api.get("/b", { operationId: "same" }, () => 1);
    expect(await status(api, "/openapi.json")).toBe(500);
    expect(logged).toEqual(['RouteError: GET /b: has the operationId "same", which GET /a has too']);
    expect(await status(api, "/hello")).toBe(200);
  });
});

describe("a page", () => {
  test.each(PAGES)("%s loads what is ours alone", async (page) => {
    const response = await ask(made(), page);
    const { headers } = response;
    expect([response.status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      HTML,
      "no-cache",
    ]);
    const policy = headers.get("content-security-policy")!;
    expect(policy.replace(/'sha256-[^']+'/, "'sha256-…'").split("; ")).toEqual([
      "default-src 'none'",
      page === "/rapidoc" ? "script-src 'self'" : "script-src 'self' 'sha256-…'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "font-src 'self' data:",
      "connect-src 'self'",
      "worker-src 'self' blob:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    const markup = await response.text();
    expect(markup).not.toMatch(/https?:/);
    expect(markup).toContain("<title>Served · ");
  });

  test("has files that are kept for ever, compressed, and change their names with their content", async () => {
    const api = made();
    for (const page of PAGES) {
      for (const file of await filesOf(api, page)) {
        expect(file).toMatch(/^\/openapi\/assets\/[a-z]+-[0-9a-z]+\.(?:js|css)$/);
        for (const coding of ["br", "gzip"]) {
          const response = await ask(api, file, { "accept-encoding": coding });
          const { headers } = response;
          expect([response.status, headers.get("content-encoding"), headers.get("cache-control")]).toEqual([
            200,
            coding,
            "public, max-age=31536000, immutable",
          ]);
        }
        expect(await status(api, file.replace(/-\w+\./, "-0."))).toBe(404);
      }
    }
  });

  test("has none but its own files", async () => {
    const api = made();
    for (const name of ["nothing-1.js", "scalar.js", "..%2f..%2fpackage.json", "scalar-1.js.map"])
      expect(await status(api, `/openapi/assets/${name}`)).toBe(404);
  });

  const REGIONS = {
    url: "https://{region}.example.com{port}/v3",
    variables: { region: { default: "eu", enum: ["eu", "us"] }, port: { default: "" } },
  };

  test("asks the servers that the api names, and nobody else", async () => {
    const servers = [{ url: "https://api.example.com/v1" }, { url: "/v2" }, REGIONS];
    const response = await ask(made({ openapi: { servers } }), "/docs");
    expect(response.headers.get("content-security-policy")).toContain(
      "; connect-src 'self' https://api.example.com https://eu.example.com https://us.example.com; worker-src",
    );
  });

  test("cannot be broken out of by a title", async () => {
    const markup = await (await ask(made({ title: '</title><script>alert("1")</script>' }), "/docs")).text();
    expect(markup).toContain("<title>&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; · Scalar</title>");
  });
});

describe("the routes of the document", () => {
  test("are where they are put", async () => {
    const api = made({
      openapi: { path: "/schema", prefix: "/internal", pages: { docs: "/reference/", swagger: false, redoc: "/" } },
    });
    expect(await status(api, "/internal/schema.json")).toBe(200);
    expect(await status(api, "/internal/schema.yaml")).toBe(200);
    expect(await status(api, "/internal/reference")).toBe(200);
    expect(await status(api, "/internal")).toBe(200);
    for (const path of ["/openapi.json", "/docs", "/internal/docs", "/internal/swagger"])
      expect(await status(api, path)).toBe(404);
    const [file] = await filesOf(api, "/internal/reference");
    expect(file).toMatch(/^\/internal\/schema\/assets\/scalar-/);
    expect(await status(api, file!)).toBe(200);
    const markup = await (await ask(api, "/internal/reference")).text();
    expect(markup).toContain('"url":"schema.json"');
    expect(await (await ask(api, "/internal/scalar")).text()).toContain('"url":"schema.json"');
  });

  test("are not there where they are switched off", async () => {
    const off = made({ openapi: false });
    for (const path of [...PAGES, "/openapi.json", "/openapi.yaml"]) expect(await status(off, path)).toBe(404);
    expect(Object.keys((await off.document()).paths)).toEqual(["/hello"]);
    const pageless = made({ openapi: { pages: false } });
    for (const path of PAGES) expect(await status(pageless, path)).toBe(404);
    expect(await status(pageless, "/openapi.json")).toBe(200);
  });

  test("give way to a route of one's own", async () => {
    const api = made();
    api.get("/docs", () => "mine");
    expect(await (await ask(api, "/docs")).text()).toBe("mine");
    expect(await status(api, "/scalar")).toBe(200);
  });

  test("are guarded as others are, and alone where that is asked for", async () => {
    const auth = apiKey({ keys: [{ key: KEY, id: "reader" }] });
    const api = made({ openapi: { auth, guards: [isAuthenticated()] } });
    for (const path of [...PAGES, "/openapi.json", "/openapi.yaml"]) expect(await status(api, path)).toBe(401);
    expect((await ask(api, "/openapi.json", { "x-api-key": KEY })).status).toBe(200);
    expect(await status(api, "/hello")).toBe(200);
    const whole = made({ auth });
    expect([await status(whole, "/openapi.json"), await status(whole, "/hello")]).toEqual([401, 401]);
    const open = made({ auth, openapi: { auth: [] } });
    expect([await status(open, "/openapi.json"), await status(open, "/hello")]).toEqual([200, 401]);
  });

  test("stop a start whose credentials cannot be verified", () => {
    expect(() => made({ openapi: { auth: apiKey({ keys: [undefined] }) } }).compile()).toThrow(
      "GET /openapi.json: api-key: key 1 is missing or empty",
    );
  });

  test("run inside the api's middleware and their own, and answer other methods as others do", async () => {
    const note = (name: string) => middleware({ name, after: (_, { headers }) => headers.append("x-seen", name) });
    const api = made({ use: [note("api")], openapi: { use: [note("own")] } });
    expect((await ask(api, "/openapi.json")).headers.get("x-seen")).toBe("own, api");
    const post = await ask(api, "/docs", {}, "POST");
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });

  test("are served over a socket", async () => {
    const server = await made().listen({ port: 0 });
    try {
      for (const path of ["/openapi.json", "/openapi.yaml", ...PAGES])
        expect((await fetch(new URL(path, server.url))).status).toBe(200);
      const [file] = await filesOf(made(), "/docs");
      const script = await fetch(new URL(file!, server.url), { headers: { "accept-encoding": "br" } });
      expect([script.status, (await script.bytes()).length]).toEqual([200, 4_353_277]);
    } finally {
      await server.stop();
    }
  });

  test("are known to nobody who lists routes", () => {
    expect(
      made({ health: false })
        .compile()
        .plans.map(({ name }) => name),
    ).toEqual(["GET /hello"]);
  });
});

test("an api that is not asked for its document loads nothing of what makes it", async () => {
  const { Transpiler } = Bun;
  const source = join(import.meta.dir, "../../src");
  const loaded = new Set<string>();
  const load = async (file: string): Promise<void> => {
    if (loaded.has(file)) return;
    loaded.add(file);
    // Types are gone by then.
    const imports = new Transpiler({ loader: "ts" }).scanImports(await Bun.file(file).text());
    for (const { kind, path } of imports)
      if (kind === "import-statement" && path.startsWith(".")) await load(join(file, "..", path));
  };
  await load(join(source, "index.ts"));
  const own = [...loaded].map((file) => file.slice(source.length + 1)).filter((file) => file.startsWith("openapi/"));
  expect(own.sort()).toEqual([
    "openapi/documented.ts",
    "openapi/doubts.ts",
    "openapi/index.ts",
    "openapi/late.ts",
    "openapi/names.ts",
    "openapi/options.ts",
    "openapi/routes.ts",
    "openapi/servers.ts",
  ]);
});
