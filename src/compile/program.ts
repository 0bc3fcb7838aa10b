import type { Server } from "bun";
import { BadRequest, MethodNotAllowed, NotFound } from "../http/index.ts";
import type { MaybePromise } from "../middleware/index.ts";
import {
  canonicalPath,
  constantValue,
  type Found,
  METHODS,
  nativePath,
  normalPath,
  parsePath,
  type PathPattern,
  PathTree,
  requestPath,
  RouteError,
} from "../route/index.ts";
import type { SocketSettings } from "../websocket/index.ts";
import type { Context } from "./context.ts";
import { foldPlan } from "./fold.ts";
import type { CompiledHandler, Kit } from "./kit.ts";
import { foldMisses, type Outcome, type PlacedScope } from "./misses.ts";
import { mountRoute, type PlacedMount } from "./mounts.ts";
import { type PlacedRoute, type Plan, planRoute } from "./plan.ts";
import { startBackends, startMiddleware } from "./start.ts";
import { foldAnswer } from "./steps/answer.ts";

/** What becomes of the other spelling of a path: 308 to the canonical one, or nothing special. */
export type TrailingSlash = "strip" | "append" | "keep";

/** Everything that an api declares, flattened. */
export interface Declarations {
  readonly routes: readonly PlacedRoute[];
  /** Routes that are planned and folded when they are first asked for, so that they cost a start next to nothing. */
  readonly late?: readonly PlacedRoute[];
  readonly mounts: readonly PlacedMount[];
  /** Who answers for unknown paths; the api's own scope first. */
  readonly scopes: readonly PlacedScope[];
  readonly trailingSlash: TrailingSlash;
}

/** One row of Bun's native table. */
export type NativeRow = Readonly<
  Record<string, Response | ((request: Request, server: Server<unknown>) => MaybePromise<Response>)>
>;

/** A compiled api: what `Bun.serve` and `api.handle` run. */
export interface Program {
  readonly plans: readonly Plan[];
  /** How the messages of each socket are, for the server's own limits; empty where there is none. */
  readonly sockets: readonly SocketSettings[];
  /** Bun's native table: what it can express, in the very closures that `dispatch` runs. */
  readonly native: Readonly<Record<string, NativeRow>>;
  /** Resolves once every auth backend can work, rejects where one cannot; `undefined` where none needs time. */
  readonly started: Promise<void> | undefined;
  /** Answers any request from its URL. */
  readonly dispatch: (request: Request, server: Server<unknown> | undefined) => MaybePromise<Response>;
}

/** Methods that Bun's native table knows. */
const NATIVE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Compiles declarations into closures, a tree and a native table. Errors: `RouteError` for whatever cannot work, naming the route. */
export function compileProgram(declared: Declarations, kit: Kit): Program {
  const { trailingSlash } = declared;
  const plans = declared.routes.map((placed) => planRoute(placed));
  rejectTwins(plans, trailingSlash);
  startMiddleware(plans, declared.scopes, kit);
  const tree = new PathTree<Entry>();
  const table: Record<string, Record<string, NativeRow[string]>> = {};
  const miss = foldMisses(declared.scopes, kit);

  for (const plan of plans) addRoute(plan.route.methods, plan.pattern, foldPlan(plan, kit), constantOf(plan, kit));
  for (const placed of declared.late ?? []) {
    let folded: CompiledHandler | undefined;
    const handler: CompiledHandler = (request, params, server) =>
      (folded ??= foldPlan(planRoute(placed), kit))(request, params, server);
    addRoute(placed.route.methods, placed.route.pattern, handler);
  }
  for (const mount of declared.mounts) addMount(mount);

  function addRoute(
    methods: readonly string[],
    pattern: PathPattern,
    handler: CompiledHandler,
    constant?: Response,
  ): void {
    const path = spell(pattern, trailingSlash);
    for (const method of methods) {
      tree.add(method, path.tree, { handler, pattern });
      // With a row of its own for /*, Bun answers no other method there at all, not even by `fetch`.
      if (NATIVE_METHODS.has(method) && path.native !== "/*")
        (table[path.native] ??= {})[method] = constant ?? nativeHandler(pattern, handler);
    }
  }

  /** An app that is mounted answers whatever the method; a route of our own at the very same path stays. */
  function addMount(mount: PlacedMount): void {
    const handler = foldPlan(planRoute(mountRoute(mount)), kit);
    for (const path of [mount.prefix, `${mount.prefix}/*rest`]) {
      const pattern = parsePath(path);
      const spelled = spell(pattern, "strip");
      if (!tree.add(ANY, spelled.tree, { handler, pattern })) throw new RouteError(mount.prefix, "is mounted twice");
      // HEAD is left to whoever answers GET.
      for (const method of METHODS) if (method !== "HEAD") tree.add(method, spelled.tree, { handler, pattern });
      const row = (table[spelled.native] ??= {});
      for (const method of NATIVE_METHODS) row[method] ??= dispatch;
    }
  }

  function dispatch(request: Request, server: Server<unknown> | undefined): MaybePromise<Response> {
    const { method, url } = request;
    const sent = requestPath(url);
    // Bun gives a URL without an origin where `Host` is no host; without any, as HTTP/1.0 allows, there is nothing wrong.
    if (url.charCodeAt(0) === SLASH && request.headers.get("host")) return miss(request, server, sent, BAD_HOST);
    const first = findRoute(sent, method);
    const path = first === null && RESPELLED.test(sent) ? normalPath(sent) : sent;
    if (path === undefined) return miss(request, server, sent, MALFORMED);
    const found = path === sent ? first : findRoute(path, method);
    if (found === null) return miss(request, server, path, outcomeOf(request, path, method));
    const params = decodeParams(found.params, found.store.pattern);
    return params === undefined ? miss(request, server, path, MALFORMED) : found.store.handler(request, params, server);
  }

  function findRoute(path: string, method: string): Found<Entry> | null {
    return tree.find(method, path) ?? (method === "HEAD" ? tree.find("GET", path) : null) ?? tree.find(ANY, path);
  }

  function nativeHandler(pattern: PathPattern, handler: CompiledHandler): NativeRow[string] {
    const { names, wildcard } = pattern;
    // The table does not tell what a wildcard matched.
    if (wildcard !== undefined) return dispatch;
    if (names.length === 0) return (request, server) => handler(request, undefined, server);
    return (request, server) => {
      const { params } = request as Bun.BunRequest;
      for (const name of names) if (isSuspect(params[name]!)) return dispatch(request, server);
      return handler(request, undefined, server);
    };
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

  const sockets: SocketSettings[] = [];
  for (const { route } of plans) if (route.socket !== undefined) sockets.push(route.socket.settings);
  return { plans, sockets, native: table, dispatch, started: startBackends(plans, kit) };
}

interface Entry {
  readonly handler: CompiledHandler;
  readonly pattern: PathPattern;
}

/** The method under which fetch-style apps stand in the tree. */
const ANY = "*";

const SLASH = 47;
/** What has another spelling, or none. */
const RESPELLED = /[%|[\]]/;

const NOT_FOUND = new NotFound();
const BAD_HOST = new BadRequest("Malformed Host header");
const MALFORMED = new BadRequest("Malformed percent-encoding in the path");

/**
 * Bun's table decodes malformed escapes to U+FFFD and matches dot segments, backslashes and fragments, which a URL parser resolves
 * (WHATWG URL 4.4): such a path is matched anew, from `request.url`.
 */
function isSuspect(value: string): boolean {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === REPLACEMENT || code === BACKSLASH || code === HASH) return true;
  }
  return value === "." || value === "..";
}

const REPLACEMENT = 0xfffd;
const BACKSLASH = 92;
const HASH = 35;

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
          plan.route.socket === undefined ? `${method} ${plan.pattern.path}` : plan.name,
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
