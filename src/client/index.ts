import { formBody, type FormInput } from "./form.ts";
import { clientSocket } from "./socket.ts";
import type { CallOptions, MethodsOf, PathsOf } from "./types.ts";

export type { ClientSocket, Closed } from "./socket.ts";
export type { AnswerOf, Answered, ErrorBody, InputError, InputOf } from "./types.ts";

/** How a client reaches its server. */
export interface ClientOptions {
  /** Sent with every request; a function is asked each time, which is where a token comes from. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  /** Stands in for `fetch`: `(request) => api.handle(request)` calls a server in the same process. */
  readonly fetch?: (request: Request) => Response | Promise<Response>;
  /** Passed on to `fetch`; `include` sends cookies to another origin. */
  readonly credentials?: NonNullable<RequestInit["credentials"]>;
  /** Stands in for `new WebSocket(url, protocols)`: where a runtime lets one send headers, this is the place for a token. */
  readonly webSocket?: (url: string, protocols: string[]) => WebSocket;
}

/** A client of the routes that a module exports, alone or as sets. */
export interface Client<Module> {
  /** The methods of one path. */
  at<P extends keyof PathsOf<Module>>(path: P): MethodsOf<PathsOf<Module>[P]>;
}

/** The server answered with a status that the route does not declare. */
export class UnexpectedAnswer extends Error {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Headers;
  constructor(request: Request, response: Response, data: unknown) {
    super(`${request.method} ${new URL(request.url).pathname} answered ${response.status}`);
    this.name = "UnexpectedAnswer";
    this.status = response.status;
    this.data = data;
    this.headers = response.headers;
  }
}

interface Input extends CallOptions, FormInput {
  readonly protocols?: readonly string[];
  readonly raw?: boolean;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cookies?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options", "query"] as const;

/**
 * A client typed by the server's routes, which it imports as types only: nothing of the server is in its bundle.
 *
 * An answer's `status` tells the type of its `data`. Errors: a status of 500 and above throws {@link UnexpectedAnswer}.
 *
 * @example
 * ```ts
 * const places = client<typeof import("./api")>("http://localhost:8000");
 * const answer = await places.at("/places/:id").get({ params: { id: 1 } });
 * if (answer.status === 200) console.log(answer.data.name);
 * ```
 */
export function client<Module>(base: string | URL, options: ClientOptions = {}): Client<Module> {
  const root = String(base).replace(/\/$/, "");
  const call = async (method: string, path: string, input: Input = {}): Promise<unknown> => {
    const body = bodyOf(input);
    const request = new Request(root + address(path, input), {
      method: method.toUpperCase(),
      headers: await headersOf(input, options),
      ...(body === undefined ? {} : { body }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    });
    const response = await (options.fetch ?? fetch)(request);
    const data = await dataOf(response);
    if (response.status >= 500) throw new UnexpectedAnswer(request, response, data);
    return { status: response.status, ok: response.ok, data, headers: response.headers };
  };
  const open = (path: string, input: Input = {}) => {
    const url = (root + address(path, input)).replace(/^http/, "ws");
    const protocols = [...(input.protocols ?? [])];
    const socket = options.webSocket?.(url, protocols) ?? new WebSocket(url, protocols);
    return clientSocket(socket, input.raw === true, plain);
  };
  const at = (path: string) => ({
    ...Object.fromEntries(METHODS.map((method) => [method, (input?: Input) => call(method, path, input)])),
    ws: (input?: Input) => open(path, input),
  });
  return { at } as unknown as Client<Module>;
}

/** The path with its parameters filled in, and the query. */
function address(path: string, { params = {}, query = {} }: Input): string {
  const filled = path.replace(/([:*])(\w+)/g, (_, mark: string, name: string) => {
    const value = written(params[name]);
    return mark === ":" ? encodeURIComponent(value) : value.split("/").map(encodeURIComponent).join("/");
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) search.append(key, written(one));
  }
  const text = String(search);
  return text === "" ? filled : `${filled}?${text}`;
}

/** A form brings its content type along. */
function bodyOf(input: Input): string | FormData | URLSearchParams | undefined {
  if (input.form !== undefined || input.files !== undefined) return formBody(input, written);
  return input.body === undefined ? undefined : JSON.stringify(input.body, plain);
}

async function headersOf(input: Input, options: ClientOptions): Promise<Headers> {
  const headers = new Headers(typeof options.headers === "function" ? await options.headers() : options.headers);
  for (const [key, value] of Object.entries(input.headers ?? {})) {
    if (value !== undefined)
      headers.set(key.includes("-") ? key : key.replace(/[A-Z]/g, (letter) => `-${letter}`), written(value));
  }
  for (const [name, value] of Object.entries(input.extraHeaders ?? {})) headers.set(name, value);
  const cookies = Object.entries(input.cookies ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(written(value))}`,
  );
  if (cookies.length > 0) headers.set("cookie", cookies.join("; "));
  if (input.body !== undefined) headers.set("content-type", "application/json");
  return headers;
}

async function dataOf(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  const text = await response.text();
  if (/[/+]json\b/.test(type) && text !== "") return JSON.parse(text);
  return text === "" ? undefined : text;
}

function written(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
