import { afterAll, beforeAll, expect } from "bun:test";
import { Api, type LogRecord, type RunningServer, t } from "bolide";
import { type Answer, Closed, Connection } from "../conformance/wire.ts";

/** A server to be attacked, and what it has logged. */
export interface Target {
  readonly url: URL;
  readonly logged: LogRecord[];
}

/** Listens for the tests of a file; after them it must still serve, and must have met nothing unexpected. */
export function target(): Target {
  const logged: LogRecord[] = [];
  let server: RunningServer;
  beforeAll(async () => {
    server = await makeApi(logged).listen({ port: 0, stopTimeout: 1000 });
  });
  afterAll(async () => {
    expect(await stillServes(server.url)).toBe(true);
    expect(logged).toEqual([]);
    await server.stop();
  });
  return {
    get url() {
      return server.url;
    },
    logged,
  };
}

function makeApi(logged: LogRecord[]): Api {
  const Tree = t.Recursive((self) => t.Object({ children: t.Array(self) }));
  const api = new Api({ log: (record) => void logged.push(record) });
  api.get("/alive", () => "alive");
  api.get("/u/:id", ({ params }) => params.id);
  api.get("/files/*path", ({ params }) => params.path);
  api.get("/q", { query: { a: t.Optional(t.String()), n: t.Optional(t.Integer()) } }, ({ query }) => query);
  api.get(
    "/strict",
    { query: t.Object({ a: t.Optional(t.String()) }, { additionalProperties: false }) },
    ({ query }) => query,
  );
  api.get(
    "/h",
    { headers: { xA: t.Optional(t.String()) }, cookies: { c: t.Optional(t.String()) } },
    ({ headers }) => headers,
  );
  api.get("/all-cookies", ({ cookies }) => ({ ...cookies }));
  api.get("/url", ({ url }) => url.pathname);
  api.get("/secret", () => "secret");
  api.post("/json", { body: t.Unknown() }, ({ body }) => ({ type: typeof body }));
  api.post("/tree", { body: Tree }, () => "a tree");
  api.post("/object", { body: t.Object({ name: t.String() }) }, ({ body }) => body);
  api.post("/open", { body: t.Object({ name: t.String() }, { additionalProperties: true }) }, ({ body }) =>
    Object.keys(body),
  );
  api.post("/record", { body: t.Record(t.String(), t.Integer()) }, ({ body }) => Object.keys(body));
  api.post("/small", { body: t.Unknown(), maxBodySize: 100 }, () => "read");
  api.post("/unread", () => "did not look");
  return api;
}

/** Whether a new client gets an answer, and nothing has been added to what all objects inherit. */
export async function stillServes(url: URL): Promise<boolean> {
  const connection = await Connection.open(url);
  await connection.write("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const { status, body } = await connection.receive();
  connection.close();
  return status === 200 && Buffer.from(body).toString() === "alive" && Object.keys(Object.prototype).length === 0;
}

/** What a server makes of bytes on a new connection: its answer, or `closed` where it hangs up without one. */
export async function answerTo(url: URL, bytes: string | Uint8Array): Promise<Answer | "closed"> {
  const connection = await Connection.open(url);
  try {
    await connection.write(bytes);
    return await connection.receive();
  } catch (error) {
    if (error instanceof Closed) return "closed";
    throw error;
  } finally {
    connection.close();
  }
}

/** The same as a status. */
export async function statusOf(url: URL, bytes: string | Uint8Array): Promise<number | "closed"> {
  const answer = await answerTo(url, bytes);
  return answer === "closed" ? answer : answer.status;
}

export const HOST = "Host: localhost\r\n";
export const JSON_BODY = `${HOST}Content-Type: application/json\r\n`;

/** A POST with a body of a declared length. */
export function posted(path: string, body: string | Uint8Array, type = "application/json"): Uint8Array {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\n${HOST}Content-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`),
    bytes,
  ]);
}
