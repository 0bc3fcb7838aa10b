import { HttpError } from "../errors.ts";
import { type Frame, framesOf, shortName } from "./frames.ts";
import { type DebugQuery, type ShownQuery, shownQuery } from "./query.ts";
import { type RepeatedQuery, repeatedQueries } from "./repeated.ts";
import { plainText } from "./plain-text.ts";
import { type Masker, masker } from "./secrets.ts";

/** What is known of a request that failed. */
export interface DebugInfo {
  /** What was thrown. */
  readonly error: unknown;
  readonly request: Request;
  /** The route that failed, as in `GET /users/:id`. */
  readonly route?: string | undefined;
  /** The steps of the route, in order. */
  readonly plan?: readonly string[] | undefined;
  /** The path's parameters as they were read. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly queries?: readonly DebugQuery[] | undefined;
  /** The request's cookies; read from its header when left out. */
  readonly cookies?: Readonly<Record<string, string>> | undefined;
  /** Names of headers and query keys that are secret besides those that look so, in lower case. */
  readonly secrets?: readonly string[] | undefined;
  /** The environment, usually `Bun.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The request's id. */
  readonly id?: string | undefined;
}

/** One error of the chain that its causes make. */
export interface Fault {
  readonly type: string;
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** A named value, masked. */
export type Pair = readonly [name: string, value: string];

/** Everything that is shown, secrets masked: the page and the JSON are two spellings of it. */
export interface DebugReport {
  readonly status: number;
  /** The error, then what caused it. */
  readonly faults: readonly Fault[];
  readonly method: string;
  /** The path and the masked query. */
  readonly target: string;
  readonly route: string | undefined;
  readonly id: string | undefined;
  readonly params: readonly Pair[];
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly cookies: readonly Pair[];
  readonly plan: readonly string[];
  readonly queries: readonly ShownQuery[];
  readonly repeated: readonly RepeatedQuery[];
  readonly env: readonly Pair[];
  /** Masks what else is shown. */
  readonly mask: Masker;
}

/** Collects and masks what is known of a request that failed. */
export function debugReport(info: DebugInfo): DebugReport {
  const { request } = info;
  // Without an origin where Host is absent or no host.
  const url = new URL(request.url, "http://localhost");
  const headers = [...request.headers] as (readonly [string, string])[];
  const cookies = Object.entries(info.cookies ?? cookiesOf(request));
  const query = [...url.searchParams];
  const env = Object.entries(info.env);
  const params = Object.entries(info.params ?? {}).map(([name, value]) => [name, plainText(value)] as const);
  // Every cookie is a secret, whatever its name.
  const secretCookies = cookies.map(([, value]) => ["cookie", value] as const);
  const mask = masker([...env, ...headers, ...query, ...params, ...secretCookies], info.secrets);
  const pairs = (entries: readonly (readonly [string, string])[]): readonly Pair[] =>
    entries.map(([name, value]) => [name, mask.value(name, value)] as const);
  const search = query.map(([name, value]) => `${encodeURIComponent(name)}=${mask.value(name, value)}`).join("&");

  return {
    status: info.error instanceof HttpError ? info.error.status : 500,
    faults: faultsOf(info.error, mask),
    method: request.method,
    target: mask.text(url.pathname) + (search === "" ? "" : `?${search}`),
    route: info.route,
    id: info.id,
    params: pairs(params),
    query: pairs(query),
    headers: pairs(headers),
    cookies: cookies.map(([name, value]) => [name, mask.value("cookie", value)] as const),
    plan: info.plan ?? [],
    queries: (info.queries ?? []).map((query) => shownQuery(query, mask)),
    repeated: repeatedQueries(info.queries ?? []).map((query) => ({ ...query, sql: mask.text(query.sql) })),
    env: pairs(
      env
        .filter((entry): entry is [string, string] => entry[1] !== undefined)
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
    mask,
  };
}

function cookiesOf(request: Request): Record<string, string> {
  return new Bun.CookieMap(request.headers.get("cookie") ?? "").toJSON();
}

/** Longer chains are not read, and a chain may be a circle. */
const MOST_CAUSES = 8;

function faultsOf(error: unknown, mask: Masker): readonly Fault[] {
  const faults: Fault[] = [];
  for (let each = error; faults.length < MOST_CAUSES; each = each.cause) {
    faults.push(faultOf(each, mask));
    if (!(each instanceof Error) || each.cause === undefined) break;
  }
  return faults;
}

function faultOf(error: unknown, mask: Masker): Fault {
  if (!(error instanceof Error)) {
    return { type: error === null ? "null" : typeof error, message: mask.text(plainText(error)), frames: [] };
  }
  return {
    type: plainText(error.name) || "Error",
    message: mask.text(plainText(error.message)),
    frames: framesOf(error),
  };
}

/** A call in one line, as a stack writes it. */
export function frameLine(frame: Frame): string {
  return `at ${frame.name} (${shortName(frame.file)}:${frame.line}:${frame.column})`;
}
