import { type Backend, type Guard, isAuthenticated } from "../auth/index.ts";
import { DEFAULT_MEMORY_THRESHOLD, type HttpErrorClass } from "../http/index.ts";
import { asMiddleware, type Middleware } from "../middleware/index.ts";
import {
  type AnyRoute,
  asDependency,
  type Contract,
  type Defaults,
  type Dependency,
  type ErrorRule,
  joinPath,
  parsePath,
  type PathPattern,
  type Provider,
  type ResponseValidation,
  RouteError,
  routeName,
  type ScopeNode,
  type SocketDeclaration,
} from "../route/index.ts";
import type { SocketSettings } from "../websocket/index.ts";
import { asObject, isSchema, type Shape, t, type TSchema } from "../schema/index.ts";
import { DEFAULT_UPLOAD_SIZE, formFields, type FormFields } from "./form.ts";

/** The text sources of a request, in the order in which they are read. */
export const TEXT_SOURCES = ["params", "query", "headers", "cookies"] as const;
/** One of {@link TEXT_SOURCES}. */
export type TextSource = (typeof TEXT_SOURCES)[number];

/** A dependency's place in a route, and the earlier places that it needs, by the names that it gives them. */
export interface DependencyNode {
  readonly dependency: Dependency;
  /** The name under which it was first asked for. */
  readonly name: string;
  readonly needs: readonly Named[];
}

/** A name for the value at a place. */
export interface Named {
  readonly name: string;
  readonly at: number;
}

/** A route's dependencies, those needed first, and the names that its handler sees. */
export interface DependenciesPlan {
  readonly nodes: readonly DependencyNode[];
  readonly names: readonly Named[];
}

/** One thing that a route does, as data. */
export type Step =
  | { readonly kind: "middleware"; readonly middleware: Middleware }
  | { readonly kind: "limit"; readonly bytes: number }
  | { readonly kind: "auth"; readonly backends: readonly Backend[]; readonly guards: readonly Guard[] }
  /** `into` is the place of the dependency that declared it; without, it is the route's own. */
  | { readonly kind: "read"; readonly source: TextSource; readonly shape: Shape; readonly into?: number }
  | { readonly kind: "body"; readonly shape: Shape; readonly bytes: number }
  /** `memory` is what a file may have in bytes before it goes to disk. */
  | ({ readonly kind: "form"; readonly bytes: number; readonly memory: number } & FormFields)
  | ({ readonly kind: "dependencies" } & DependenciesPlan)
  | { readonly kind: "handler" }
  /** Whether the request may become a socket: its handshake, its origin. */
  | { readonly kind: "handshake"; readonly settings: SocketSettings }
  /** It becomes one. */
  | { readonly kind: "socket"; readonly socket: SocketDeclaration; readonly headers: AnswerPlan["headers"] }
  | { readonly kind: "answer"; readonly answer: AnswerPlan };

/** A step of one kind. */
export type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>;

/** The plan's steps of one kind, in order. */
export function stepsOf<K extends Step["kind"]>(plan: Plan, kind: K): StepOf<K>[] {
  const found: StepOf<K>[] = [];
  for (const step of plan.steps) if (step.kind === kind) found.push(step as StepOf<K>);
  return found;
}

/** The plan's step of a kind of which it has one at most. */
export function stepOf<K extends Step["kind"]>(plan: Plan, kind: K): StepOf<K> | undefined {
  for (const step of plan.steps) if (step.kind === kind) return step as StepOf<K>;
  return undefined;
}

/** What a route answers with. */
export interface AnswerPlan {
  readonly status: number;
  /** By status; `undefined` where the route declares none. */
  readonly schemas: ReadonlyMap<number, TSchema> | undefined;
  /** A single schema serves every success status. */
  readonly single: boolean;
  readonly validation: ResponseValidation;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly errors: readonly HttpErrorClass[];
}

/** A route with everything that its scopes say folded in: ordered steps, as data. Printable and testable. */
export interface Plan {
  readonly name: string;
  readonly route: AnyRoute;
  readonly pattern: PathPattern;
  readonly steps: readonly Step[];
  readonly tags: readonly string[];
  /** Innermost scope first. */
  readonly rules: readonly ErrorRule[];
}

/** A route in its place: under the prefixes of the apis that mount its own, inside all their scopes. */
export interface PlacedRoute {
  readonly route: AnyRoute;
  readonly prefix: string;
  /** Outermost first: the api, the mounted api, its scopes. */
  readonly scopes: readonly ScopeNode[];
}

/** Bytes of a body unless declared otherwise: 1 MiB. */
export const DEFAULT_BODY_SIZE = 1_048_576;

const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Folds a route's contract and its scopes into a plan. Precedence: route over scope over parent scope over api;
 * middleware, tags, dependencies and error rules add up.
 *
 * Errors: {@link RouteError} that names the route, for whatever cannot work.
 */
export function planRoute({ route, prefix, scopes }: PlacedRoute): Plan {
  const pattern = prefix === "" ? route.pattern : parsePath(joinPath(prefix, route.path));
  const name = routeName({ ...route, path: pattern.path });
  const fail: Fail = (reason) => {
    throw new RouteError(name, reason);
  };
  const { contract } = route;
  const layers: readonly Defaults[] = [...scopes.map((scope) => scope.defaults), contract];
  const last = <K extends keyof Defaults>(key: K): Defaults[K] | undefined =>
    layers.findLast((layer) => layer[key] !== undefined)?.[key];

  const form = formFields(contract, fail);
  const bytes = last("maxBodySize") ?? (form?.files.size ? DEFAULT_UPLOAD_SIZE : DEFAULT_BODY_SIZE);
  if (!(bytes >= 0)) fail(`maxBodySize must be a number of bytes, not ${bytes}`);
  const bodiless = route.methods.every((method) => BODILESS.has(method));
  const memory = last("memoryThreshold") ?? DEFAULT_MEMORY_THRESHOLD;
  if (!(memory >= 0)) fail(`memoryThreshold must be a number of bytes, not ${memory}`);
  const isRead = contract.body !== undefined || form !== undefined;
  if (isRead && bodiless)
    fail(`declares a ${form === undefined ? "body" : "form"}, which ${route.methods.join(" and ")} has not`);

  const auth = planAuth(last("auth"), last("guards"), fail);
  const provide = Object.assign({}, ...layers.map((layer) => layer.provide)) as Record<string, Provider>;
  const needed = planDependencies(provide, fail);
  const uses = planMiddleware(layers, contract.skip ?? [], fail);
  const steps: Step[] = [
    ...uses.filter(({ middleware }) => middleware.afterAuth !== true),
    ...(auth?.backends ?? []).flatMap(({ middleware }): Step[] =>
      middleware ? [{ kind: "middleware", middleware }] : [],
    ),
    // A declared body is measured when it is read; where its caller is asked for credentials, that is too late (limits come first).
    ...(!bodiless && (!isRead || auth !== undefined) ? [{ kind: "limit", bytes } as const] : []),
    ...(route.socket === undefined ? [] : [{ kind: "handshake", settings: route.socket.settings } as const]),
    ...(auth === undefined ? [] : [{ kind: "auth", ...auth } as const]),
    ...uses.filter(({ middleware }) => middleware.afterAuth === true),
    ...planReads(contract, pattern, fail),
    ...needed.nodes.flatMap((node, into) => planReads(node.dependency.needs, pattern, fail, into)),
    ...(contract.body === undefined ? [] : [{ kind: "body", shape: contract.body, bytes } as const]),
    ...(form === undefined ? [] : [{ kind: "form", bytes, memory, ...form } as const]),
    ...(needed.nodes.length === 0 ? [] : [{ kind: "dependencies", ...needed } as const]),
    ...(route.socket === undefined
      ? ([
          { kind: "handler" },
          { kind: "answer", answer: planAnswer(contract, last("status"), last("responseValidation"), layers, fail) },
        ] as const)
      : [{ kind: "socket", socket: route.socket, headers: headersOf(layers) } as const]),
  ];
  return Object.freeze({
    name,
    route,
    pattern,
    steps: Object.freeze(steps),
    tags: [...new Set(layers.flatMap((layer) => layer.tags ?? []))],
    rules: layers.toReversed().flatMap((layer) => layer.onError ?? []),
  });
}

/** Stops start-up with the route's name and a reason. */
type Fail = (reason: string) => never;

function planMiddleware(layers: readonly Defaults[], skip: readonly string[], fail: Fail): StepOf<"middleware">[] {
  const all = layers.flatMap((layer) => layer.use ?? []).map(asMiddleware);
  const names = new Set(all.map((middleware) => middleware.name));
  for (const name of skip) if (!names.has(name)) fail(`skips "${name}", and no middleware of its scopes has that name`);
  return all.filter(({ name }) => !skip.includes(name)).map((middleware) => ({ kind: "middleware", middleware }));
}

/** Who is asked and what for; `auth` alone asks for any known caller. `undefined` where nothing is asked. */
function planAuth(
  auth: Defaults["auth"],
  guards: Defaults["guards"],
  fail: Fail,
): { readonly backends: readonly Backend[]; readonly guards: readonly Guard[] } | undefined {
  const backends = auth === undefined ? [] : Array.isArray(auth) ? (auth as readonly Backend[]) : [auth as Backend];
  for (const backend of backends) {
    if (typeof backend?.authenticate !== "function")
      fail("has an auth that is no backend: use jwt(…), apiKey(…), session(…) or defineAuth(…)");
  }
  for (const guard of guards ?? []) {
    if (typeof guard?.check !== "function")
      fail("has a guard that is none: use isAuthenticated(), hasRole(…) or defineGuard(…)");
    if (backends.length === 0 && guard.anonymous !== true)
      fail(`has the guard ${guard.name}, and no auth that could say who calls`);
  }
  if (backends.length === 0 && (guards ?? []).length === 0) return undefined;
  return { backends, guards: guards ?? [isAuthenticated()] };
}

function planReads(
  declared: Partial<Record<TextSource, Shape>>,
  pattern: PathPattern,
  fail: Fail,
  into?: number,
): Step[] {
  const own = into === undefined ? {} : { into };
  return TEXT_SOURCES.flatMap((source): Step[] => {
    const shape =
      source === "params" ? paramsShape(declared.params, pattern, into === undefined, fail) : declared[source];
    return shape === undefined ? [] : [{ kind: "read", source, shape, ...own }];
  });
}

/** What is declared of the path's parameters, the others as strings; a declared one that the path has not is a mistake. */
function paramsShape(declared: Shape | undefined, pattern: PathPattern, whole: boolean, fail: Fail): Shape | undefined {
  if (declared === undefined && (!whole || pattern.names.length === 0)) return undefined;
  const given = declared === undefined ? {} : asObject(declared).properties;
  for (const name of Object.keys(given)) {
    if (!pattern.names.includes(name)) fail(`declares the parameter "${name}", which its path has not`);
  }
  return Object.fromEntries(pattern.names.map((name) => [name, given[name] ?? t.String()]));
}

/** Every dependency once, those needed first, and the names that the handler sees. */
function planDependencies(provide: Readonly<Record<string, Provider>>, fail: Fail): DependenciesPlan {
  const nodes: DependencyNode[] = [];
  const places = new Map<unknown, number>();
  const place = (name: string, provider: Provider): number => {
    if (RESERVED.has(name)) fail(`provides "${name}", which the context has of its own`);
    const dependency = asDependency(provider);
    const { needs, resolve } = dependency;
    if (typeof resolve !== "function") fail(`provides "${name}", which is neither a function nor made by depends()`);
    // The bare function is the identity, so that depends(f) written twice is resolved once.
    const identity = Object.keys(needs).length === 0 ? resolve : dependency;
    const known = needs.cache === false ? undefined : places.get(identity);
    if (known !== undefined) return known;
    const needed = Object.entries(needs.provide ?? {}).map(([inner, one]) => ({ name: inner, at: place(inner, one) }));
    const at = nodes.push({ dependency, name, needs: needed }) - 1;
    places.set(identity, at);
    return at;
  };
  const names = Object.entries(provide).map(([name, provider]) => ({ name, at: place(name, provider) }));
  return { nodes, names };
}

/** Names on the context that no dependency may take: its own, and those of the rooms to come. */
const RESERVED: ReadonlySet<string> = new Set(
  `request server url method path ip route id state signal user session params query headers cookies body form files
  constructor __proto__ then shared matched arrived made ownState ownIp declaredParams declaredQuery declaredHeaders declaredCookies`.split(
    /\s+/,
  ),
);

function planAnswer(
  { response, errors }: Contract,
  wanted: number | undefined,
  validation: ResponseValidation = "strict",
  layers: readonly Defaults[],
  fail: Fail,
): AnswerPlan {
  const single = response !== undefined && isSchema(response);
  const map = response === undefined || single ? undefined : Object.entries(response);
  const declared = map?.map(([code, schema]): [number, TSchema] => [statusOf(code, fail), schema]);
  if (declared?.length === 0) fail("declares a response without a status");
  const status = statusOf(String(wanted ?? onlySuccess(declared?.map(([code]) => code)) ?? 200), fail);
  return {
    status,
    schemas: response === undefined ? undefined : new Map(single ? [[status, response]] : declared),
    single,
    validation,
    headers: headersOf(layers),
    errors: errors ?? [],
  };
}

/** The headers of all layers by their names in lower case, the innermost value each. */
function headersOf(layers: readonly Defaults[]): AnswerPlan["headers"] {
  const headers = layers.flatMap((layer) => Object.entries(layer.responseHeaders ?? {}));
  if (headers.length === 0) return undefined;
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

/** The one success with content that a response map declares, where it is not 200: the status of a plain value then. */
function onlySuccess(codes: readonly number[] | undefined): number | undefined {
  const successes = codes?.filter((code) => code < 300 && code !== 204);
  return successes?.length === 1 ? successes[0] : undefined;
}

function statusOf(text: string, fail: Fail): number {
  const status = Number(text);
  if (!Number.isInteger(status) || status < 200 || status > 599) fail(`"${text}" is no status: use 200 to 599`);
  return status;
}
