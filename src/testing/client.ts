import { AsyncLocalStorage } from "node:async_hooks";
import type { Server } from "bun";
import type { Api, RunOptions } from "../api.ts";
import { bodiless, HttpError } from "../http/index.ts";
import type { Dependency, Provider } from "../route/index.ts";
import { CookieJar } from "./cookie-jar.ts";
import { formBody, type TestForm } from "./form.ts";
import { handshakeHeaders, TestLine, TestSocket, type TestSocketRequest, UpgradeRefused } from "./websocket.ts";

/** What a test sends beside method and path; with `form` or `files`, a form: multipart where there are files, else urlencoded. */
export interface TestRequest extends TestForm {
  /** Added to the path's own query; arrays repeat their key, `null` and `undefined` are left out. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as JSON, with its content type. */
  readonly json?: unknown;
  /** The body as it is: text, bytes, `FormData`, `URLSearchParams`, a stream. */
  readonly body?: BodyInit;
}

/** How a {@link TestClient} asks. */
export interface TestClientOptions {
  /** Whether an unexpected error is thrown in the test; default true. `false` gives the 500 that a client would get. */
  readonly raise?: boolean;
  /** Stand-ins for dependencies: each dependency, or its function, with what takes its place. */
  readonly overrides?: Iterable<readonly [Dependency | Provider, Provider]>;
  /** Sent with every request unless it has its own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The origin of the URLs that handlers see; default `http://localhost`. */
  readonly origin?: string;
  /** Takes what would be logged; default nobody. */
  readonly log?: RunOptions["log"];
}

/** Sends one method. */
export type Send = (path: string, request?: TestRequest) => Promise<Response>;

/** A client of an api in this process; see {@link testClient}. */
export interface TestClient {
  readonly get: Send;
  readonly post: Send;
  readonly put: Send;
  readonly patch: Send;
  readonly delete: Send;
  readonly head: Send;
  readonly options: Send;
  readonly query: Send;
  /** Any method. */
  readonly request: (method: string, path: string, request?: TestRequest) => Promise<Response>;
  /**
   * Opens a socket: the same handshake, guards and handler as over the network. Errors: {@link UpgradeRefused} with the answer where it
   * is refused.
   */
  readonly websocket: (path: string, request?: TestSocketRequest) => Promise<TestSocket>;
  /** The cookies that answers have set; they go with the requests that follow. */
  readonly cookies: CookieJar;
}

/**
 * A client that sends requests to an api without a socket: the very closures that `listen` serves answer them.
 *
 * Cookies are kept from one request to the next; redirects are not followed. An unexpected error, which a client would see as a bare
 * 500, is thrown in the test. Errors: `RouteError` where the api cannot start.
 *
 * @example
 * ```ts
 * const client = testClient(api, { overrides: [[database, () => fake]] });
 * const response = await client.post("/users", { json: { name: "Ada" } });
 * expect(response.status).toBe(201);
 * ```
 */
export function testClient(api: Api, options: TestClientOptions = {}): TestClient {
  const { raise = true, origin = "http://localhost", log } = options;
  const cookies = new CookieJar();
  // Which request an error belongs to, where several are under way.
  const raised = new AsyncLocalStorage<unknown[]>();
  const program = api.compile({
    overrides: new Map(options.overrides ?? []),
    log(record) {
      if ("error" in record && !(record.error instanceof HttpError)) raised.getStore()?.push(record.error);
      log?.(record);
    },
  });

  async function request(method: string, path: string, sent: TestRequest = {}): Promise<Response> {
    const response = await ask(method, path, sent, [], undefined);
    return method === "HEAD" ? bodiless(response) : response;
  }

  async function websocket(path: string, { protocols, ...sent }: TestSocketRequest = {}): Promise<TestSocket> {
    const errors: unknown[] = [];
    const line = new TestLine(
      (call) => raised.run(errors, call),
      () => (raise ? errors[0] : undefined),
    );
    const headers = { ...handshakeHeaders(protocols), ...sent.headers };
    const response = await ask("GET", path, { ...sent, headers }, errors, line.server);
    if (response.status !== 101) throw new UpgradeRefused(response, await response.text());
    return new TestSocket(line, response);
  }

  /** `errors` takes what is thrown on the way. */
  async function ask(
    method: string,
    path: string,
    sent: TestRequest,
    errors: unknown[],
    server: Server<unknown> | undefined,
  ): Promise<Response> {
    const url = new URL(path, origin);
    for (const [key, value] of Object.entries(sent.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== undefined && one !== null)
          url.searchParams.append(key, one instanceof Date ? one.toISOString() : String(one));
      }
    }
    const headers = new Headers(options.headers);
    for (const [name, value] of Object.entries(sent.headers ?? {})) headers.set(name, value);
    const cookie = cookies.header(url.pathname);
    if (cookie !== "" && !headers.has("cookie")) headers.set("cookie", cookie);
    if (sent.json !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
    const body = bodyOf(sent);
    const response = await raised.run(errors, () =>
      program.dispatch(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }), server),
    );
    if (raise && response.status >= 500 && errors.length > 0) throw errors[0];
    cookies.take(response.headers, url.pathname);
    return response;
  }

  const send =
    (method: string): Send =>
    (path, sent) =>
      request(method, path, sent);
  return {
    get: send("GET"),
    post: send("POST"),
    put: send("PUT"),
    patch: send("PATCH"),
    delete: send("DELETE"),
    head: send("HEAD"),
    options: send("OPTIONS"),
    query: send("QUERY"),
    request,
    websocket,
    cookies,
  };
}

function bodyOf({ json, body, form, files }: TestRequest): BodyInit | undefined {
  if (form !== undefined || files !== undefined) return formBody({ ...(form && { form }), ...(files && { files }) });
  return json === undefined ? body : JSON.stringify(json);
}
