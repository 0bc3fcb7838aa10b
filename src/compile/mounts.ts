import type { MaybePromise } from "../middleware/index.ts";
import { makeRoute, METHODS, parsePath, pathStart, requestPath, type ScopeNode } from "../route/index.ts";
import type { PlacedRoute } from "./plan.ts";

/** A fetch-style app under a prefix. */
export interface PlacedMount {
  readonly prefix: string;
  readonly fetch: (request: Request) => MaybePromise<Response>;
  readonly scopes: readonly ScopeNode[];
}

/** A fetch-style app as a route: it sees the path without the prefix. */
export function mountRoute({ prefix, fetch, scopes }: PlacedMount): PlacedRoute {
  const depth = parsePath(prefix).segments.length;
  const handler = ({ request }: { readonly request: Request }) => {
    const { url } = request;
    const start = pathStart(url);
    const query = url.indexOf("?", start);
    const origin = start === 0 ? "http://localhost" : url.slice(0, start);
    const rest = withoutSegments(requestPath(url), depth) + (query === -1 ? "" : url.slice(query));
    return fetch(new Request(origin + rest, request));
  };
  Object.defineProperty(handler, "name", { value: fetch.name || "mounted app" });
  return { route: makeRoute(METHODS, prefix, {}, handler), prefix: "", scopes };
}

function withoutSegments(path: string, count: number): string {
  let start = 0;
  for (let at = 0; at < count && start !== -1; at++) start = path.indexOf("/", start + 1);
  return start === -1 ? "/" : path.slice(start);
}
