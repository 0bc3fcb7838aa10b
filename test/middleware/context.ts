import type { RequestContext } from "../../src/http/index.ts";

/** A context for tests of one middleware: what a request says, and nothing behind it. */
export function contextOf(
  request: Request,
  more: Partial<Pick<RequestContext, "ip" | "route" | "id" | "credentialNames">> = {},
): RequestContext {
  const url = new URL(request.url);
  return {
    request,
    server: undefined,
    url,
    method: request.method,
    path: url.pathname,
    ip: more.ip,
    route: more.route,
    id: more.id,
    credentialNames: more.credentialNames ?? [],
    state: {},
    signal: request.signal,
  };
}
