import type { Server } from "bun";
import { BadRequest, HttpError, MethodNotAllowed, NotFound } from "../http/index.ts";
import { asMiddleware, type MaybePromise } from "../middleware/index.ts";
import {
  canonicalPath,
  constantValue,
  type Found,
  makeRoute,
  METHODS,
  nativePath,
  parsePath,
  type PathPattern,
  PathTree,
  requestPath,
  RouteError,
  type ScopeNode,
} from "../route/index.ts";
import { Context, type RouteShared } from "./context.ts";
import { foldFailures } from "./failures.ts";
import { foldPlan } from "./fold.ts";
import type { CompiledHandler, Kit } from "./kit.ts";
import { type PlacedRoute, type Plan, planRoute } from "./plan.ts";
import { foldAnswer } from "./steps/answer.ts";
import { foldMiddleware } from "./steps/middleware.ts";

/** What becomes of the other spelling of a path: 308 to the canonical one, or nothing special. */
export type TrailingSlash = "strip" | "append" | "keep";

/** A fetch-style app under a prefix. */
export interface PlacedMount {
  readonly prefix: string;
  readonly fetch: (request: Request) => MaybePromise<Response>;
  readonly scopes: readonly ScopeNode[];
}

/** Everything that an api declares, flattened. */
export interface Declarations {
  readonly routes: readonly PlacedRoute[];
  readonly mounts: readonly PlacedMount[];
  /** Every scope with its full prefix and the scopes around it, itself last: who answers for an unknown path. */
  readonly scopes: readonly { readonly prefix: string; readonly scopes: readonly ScopeNode[] }[];
  readonly trailingSlash: TrailingSlash;
}

/** One row of Bun's native table. */
export type NativeRow = Readonly<
  Record<string, Response | ((request: Request, server: Server<unknown>) => MaybePromise<Response>)>
>;

/** A compiled api: what `Bun.serve` and `api.handle` run. */
export interface Program {
  readonly plans: readonly Plan[];
  /** Bun's native table: what it can express, in the very closures that `dispatch` runs. */
  readonly native: Readonly<Record<string, NativeRow>>;
  /** Answers any request from its URL. */
  readonly dispatch: (request: Request, server: Server<unknown> | undefined) => MaybePromise<Response>;
}

/** Methods that Bun's native table knows. */
const NATIVE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Compiles declarations into closures, a tree and a native table. Errors: `RouteError` for whatever cannot work, naming the route. */
export function compileProgram(declared: Declarations, makeKit: (rematch: Program["dispatch"]) => Kit): Program {
  const { trailingSlash } = declared;
  const kit = makeKit(dispatch);
  const plans = declared.routes.map((placed) => planRoute(placed));
  rejectTwins(plans, trailingSlash);
  const tree = new PathTree<Entry>();
  const table: Record<string, Record<string, NativeRow[string]>> = {};
  const miss = foldMisses(declared.scopes, kit);

  for (const plan of plans) {
    const { pattern } = plan;
    const handler = foldPlan(plan, kit);
    const path = spell(pattern, trailingSlash);
    for (const method of plan.route.methods) {
      tree.add(method, path.tree, { handler, pattern });
      if (NATIVE_METHODS.has(method))
        (table[path.native] ??= {})[method] = constantOf(plan, kit) ?? nativeHandler(pattern, handler);
    }
  }
  for (const { prefix, fetch, scopes } of declared.mounts) {
    const handler = foldPlan(planRoute(mountRoute(prefix, fetch, scopes)), kit);
    for (const path of [prefix, `${prefix}/*`]) {
      const pattern = parsePath(path.replace(/\*$/, "*rest"));
      tree.add(ANY, spell(pattern, "strip").tree, { handler, pattern });
      const row = (table[path === "" ? "/" : path] ??= {});
      for (const method of NATIVE_METHODS) row[method] ??= dispatch;
    }
  }

  function dispatch(request: Request, server: Server<unknown> | undefined): MaybePromise<Response> {
    const path = requestPath(request.url);
    const { method } = request;
    const found = findRoute(path, method) ?? tree.find(ANY, path);
    if (found === null) return miss(request, server, path, outcomeOf(request, path, method));
    const params = decodeParams(found.params, found.store.pattern);
    return params === undefined ? miss(request, server, path, MALFORMED) : found.store.handler(request, params, server);
  }

  function findRoute(path: string, method: string): Found<Entry> | null {
    return tree.find(method, path) ?? (method === "HEAD" ? tree.find("GET", path) : null);
  }

  function nativeHandler(pattern: PathPattern, handler: CompiledHandler): NativeRow[string] {
    // The table does not tell what a wildcard matched.
    return pattern.wildcard === undefined ? (request, server) => handler(request, undefined, server) : dispatch;
  }

  /** What an unmatched request is told: other methods, the other spelling, or nothing here. */
  function outcomeOf(request: Request, path: string, method: string): Outcome {
    if (tree.has(path)) {
      const allow = allowedMethods(tree, path);
      return method === "OPTIONS"
        ? { status: 204, headers: { allow } }
        : new MethodNotAllowed(undefined, { headers: { allow } });
    }
    if (trailingSlash === "keep" || path === "/") return NOT_FOUND;
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    if (path.endsWith("/") === (trailingSlash === "append") || findRoute(other, method) === null) return NOT_FOUND;
    const query = request.url.indexOf("?");
    return { status: 308, headers: { location: other + (query === -1 ? "" : request.url.slice(query)) } };
  }

  return { plans, native: table, dispatch };
}

interface Entry {
  readonly handler: CompiledHandler;
  readonly pattern: PathPattern;
}

/** The method under which fetch-style apps stand in the tree. */
const ANY = "*";

const NOT_FOUND = new NotFound();
const MALFORMED = new BadRequest("Malformed percent-encoding in the path");

/** A pattern as the native table and as the tree spell it, with the trailing slash that the policy gives it. */
function spell(pattern: PathPattern, policy: TrailingSlash): { readonly native: string; readonly tree: string } {
  const slash = policy === "append" || (policy === "keep" && pattern.trailing);
  const tail = slash && pattern.segments.length > 0 && pattern.wildcard === undefined ? "/" : "";
  return { native: nativePath(pattern) + tail, tree: canonicalPath(pattern) + tail };
}

function rejectTwins(plans: readonly Plan[], policy: TrailingSlash): void {
  const seen = new Map<string, Plan>();
  for (const plan of plans) {
    for (const method of plan.route.methods) {
      const key = `${method} ${spell(plan.pattern, policy).tree}`;
      const twin = seen.get(key);
      if (twin !== undefined)
        throw new RouteError(
          `${method} ${plan.pattern.path}`,
          `is registered twice: ${twin.name} answers the same requests`,
        );
      seen.set(key, plan);
    }
  }
}

/** Decodes what the tree matched, a wildcard segment by segment; `undefined` where an escape is malformed (RFC 3986 2.1). */
function decodeParams(
  raw: Readonly<Record<string, string>>,
  { names, wildcard }: PathPattern,
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  try {
    names.forEach((name, at) => {
      const value = raw[name === wildcard ? "*" : String(at)]!;
      params[name] = value.includes("%") ? value.split("/").map(decodeURIComponent).join("/") : value;
    });
  } catch {
    return undefined;
  }
  return params;
}

function allowedMethods(tree: PathTree<Entry>, path: string): string {
  const has = (method: string) => tree.find(method, path) !== null;
  return METHODS.filter((method) => method === "OPTIONS" || has(method) || (method === "HEAD" && has("GET"))).join(
    ", ",
  );
}

/** A route that always answers the same and does nothing else: Bun's own static response. */
function constantOf({ route: { handler }, steps }: Plan, kit: Kit): Response | undefined {
  const bare = steps.every(({ kind }) => kind === "handler" || kind === "answer");
  const step = steps.at(-1);
  const value = constantValue(handler);
  if (value === undefined || !bare || step?.kind !== "answer") return undefined;
  const written = foldAnswer(step.answer, kit)(CONSTANT_CONTEXT, typeof value === "string" ? value : value.clone());
  return written instanceof Response ? written : undefined;
}

/** A constant's answer reads nothing of a request. */
const CONSTANT_CONTEXT = Object.freeze({}) as Context;

/** A fetch-style app as a route: it sees the path without the prefix. */
function mountRoute(prefix: string, fetch: PlacedMount["fetch"], scopes: readonly ScopeNode[]): PlacedRoute {
  const handler = ({ request }: { readonly request: Request }) => {
    const { url } = request;
    const start = url.indexOf("/", url.indexOf("://") + 3);
    const rest = url.slice(start + prefix.length);
    return fetch(new Request(url.slice(0, start) + (rest.startsWith("/") ? rest : `/${rest}`), request));
  };
  Object.defineProperty(handler, "name", { value: fetch.name || "mounted app" });
  return { route: makeRoute(["GET"], prefix || "/", {}, handler), prefix: "", scopes };
}

/** What an unmatched request is told. */
type Outcome = HttpError | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

class MissContext extends Context {
  readonly outcome: Outcome;
  constructor(request: Request, server: Server<unknown> | undefined, shared: RouteShared, outcome: Outcome) {
    super(request, undefined, server, shared);
    this.outcome = outcome;
  }
}

type Miss = (
  request: Request,
  server: Server<unknown> | undefined,
  path: string,
  outcome: Outcome,
) => MaybePromise<Response>;

/** Answers for paths that no route matches, inside the middleware and error rules of the deepest scope whose prefix they have. */
function foldMisses(scopes: Declarations["scopes"], kit: Kit): Miss {
  const shared: RouteShared = { route: undefined, address: kit.address };
  const answers = scopes
    .map(({ prefix, scopes: around }) => {
      const layers = around.map((scope) => scope.defaults);
      const fail = foldFailures(
        layers.toReversed().flatMap((layer) => layer.onError ?? []),
        () => [],
        kit,
      );
      const core = (ctx: Context): MaybePromise<Response> => {
        const { outcome } = ctx as MissContext;
        return outcome instanceof HttpError ? fail(ctx, outcome) : new Response(null, outcome);
      };
      return { prefix, run: foldMiddleware(layers.flatMap((layer) => layer.use ?? []).map(asMiddleware), core, fail) };
    })
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (request, server, path, outcome) => {
    const { run } = answers.find(({ prefix }) => prefix === "" || path === prefix || path.startsWith(`${prefix}/`))!;
    return run(new MissContext(request, server, shared, outcome));
  };
}
