import type { RequestContext } from "../http/index.ts";
import type { Shape } from "../schema/index.ts";
import type { SourceOf } from "./sources.ts";

/** What a dependency declares: what it reads of the request, and which dependencies it needs itself. */
export interface Needs {
  readonly params?: Shape;
  readonly query?: Shape;
  readonly headers?: Shape;
  readonly cookies?: Shape;
  readonly provide?: Readonly<Record<string, Provider>>;
  /** `false` resolves anew at every place that names it; default once per request. */
  readonly cache?: boolean;
}

/** A value computed once per request for whoever names it in `provide`; see {@link depends}. */
export interface Dependency<T = unknown> {
  readonly needs: Needs;
  readonly resolve: (ctx: never) => T | Promise<T>;
}

/** A dependency, or a plain function of the request. */
export type Provider<T = unknown> = Dependency<T> | ((ctx: RequestContext) => T | Promise<T>);

/** The values that a `provide` record puts on the context. */
export type ProvidedOf<R> = {
  readonly [name in keyof R]: R[name] extends Dependency<infer T>
    ? Awaited<T>
    : R[name] extends (...args: never[]) => infer T
      ? Awaited<T>
      : never;
};

/** What a dependency's function sees: the request, what it declared, and the dependencies that it needs. */
export type NeedsContext<N extends Needs> = RequestContext & {
  readonly params: SourceOf<N, "params", Readonly<Record<string, string>>>;
  readonly query: SourceOf<N, "query", URLSearchParams>;
  readonly headers: SourceOf<N, "headers", Headers>;
  readonly cookies: SourceOf<N, "cookies", Readonly<Record<string, string>>>;
} & (N extends { readonly provide: infer R } ? ProvidedOf<R> : unknown);

const made = new WeakSet<object>();

const NEEDS_KEYS: ReadonlySet<string> = new Set<keyof Needs>([
  "params",
  "query",
  "headers",
  "cookies",
  "provide",
  "cache",
]);
const BODIES: ReadonlySet<string> = new Set(["body", "form", "files"]);

/**
 * Declares a dependency: resolved once per request however many name it, in parallel where independent, and disposed of
 * (`Symbol.asyncDispose`, `Symbol.dispose`) after the answer, last made first.
 *
 * What it declares it reads (`query`, `headers`, …) is validated with the route's own input, in the same answer.
 *
 * @example
 * ```ts
 * const paging = depends({ query: { limit: t.Integer({ default: 20, maximum: 100 }) } }, ({ query }) => query);
 * api.get("/items", { provide: { page: paging } }, ({ page }) => list(page.limit));
 * ```
 */
export function depends<T>(resolve: (ctx: RequestContext) => T | Promise<T>): Dependency<T>;
export function depends<const N extends Needs, T>(
  needs: N,
  resolve: (ctx: NeedsContext<N>) => T | Promise<T>,
): Dependency<T>;
export function depends(first: Needs | ((ctx: never) => unknown), second?: (ctx: never) => unknown): Dependency {
  const [needs, resolve] = typeof first === "function" ? [{}, first] : [first, second];
  if (typeof resolve !== "function") throw new TypeError("depends needs a function");
  const other = Object.keys(needs).find((key) => !NEEDS_KEYS.has(key));
  if (other !== undefined)
    throw new TypeError(
      `depends takes ${[...NEEDS_KEYS].join(", ")}, not ${other}${BODIES.has(other) ? ": a request has one body, which its route declares" : ""}`,
    );
  // The function is the identity: depends(f) written twice is one dependency.
  const dependency: Dependency = Object.freeze({ needs: Object.freeze(needs), resolve });
  made.add(dependency);
  return dependency;
}

/** Whether a provider was made by {@link depends}. */
function isDependency(provider: Provider): provider is Dependency {
  return made.has(provider);
}

/** A plain function as a dependency that reads nothing but the request. */
export function asDependency(provider: Provider): Dependency {
  return isDependency(provider) ? provider : { needs: NOTHING, resolve: provider };
}

const NOTHING: Needs = Object.freeze({});
