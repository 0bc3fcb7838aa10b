import type { Server } from "bun";
import {
  addressReader,
  compileProgram,
  type Declarations,
  DEFAULT_LIMITS,
  type Kit,
  type PlacedMount,
  type PlacedRoute,
  type Program,
  type RequestLimits,
  type TrailingSlash,
  type TrustProxy,
} from "./compile/index.ts";
import { bodiless, type ErrorFormat, type LogRecord } from "./http/index.ts";
import type { MaybePromise } from "./middleware/index.ts";
import {
  type AnyRoute,
  joinPath,
  type Nested,
  parsePath,
  PathError,
  type RootScope,
  Scope,
  type ScopeNode,
  type ScopeOptions,
} from "./route/index.ts";
import { type PrebuiltChecks, Validators } from "./schema/index.ts";
import {
  documentOf,
  type Documented,
  isDoubtful,
  type OpenApiDocument,
  type OpenApiOptions,
  openapiRoutes,
  requireTyped,
} from "./openapi/index.ts";
import {
  healthRoutes,
  Hub,
  Listeners,
  type ListenOptions,
  type ReadinessCheck,
  type RunningServer,
} from "./server/index.ts";
import type { Broker, Member } from "./websocket/index.ts";

/** Ends what a lifespan began. */
type Ending = () => unknown;

/** What an api sets for all its routes, and how it answers where none matches. */
export interface ApiOptions extends ScopeOptions {
  /** For the document; default `API`. */
  readonly title?: string;
  readonly version?: string;
  readonly description?: string;
  /** What becomes of `/users/` where `/users` is declared: `strip` (default) and `append` send 308, `keep` tells them apart. */
  readonly trailingSlash?: TrailingSlash;
  /** `problem` writes every error as RFC 9457 problem details; default our own envelope. */
  readonly errors?: ErrorFormat;
  /** Shows exceptions to clients. Never in production; `bolide dev` sets it. */
  readonly debug?: boolean;
  /** `false` leaves database errors to be a 500; default they become 404, 409 and 422. */
  readonly databaseErrors?: boolean;
  /** What a request may hold before it is answered 400. */
  readonly limits?: Partial<RequestLimits>;
  /** Which proxies to believe about the client's address, scheme and host; default nobody. */
  readonly trustProxy?: TrustProxy;
  /** Runs before the listener opens; what it returns runs after it has closed. */
  readonly lifespan?: (api: Api) => MaybePromise<Ending | void>;
  readonly onStart?: readonly ((api: Api) => unknown)[];
  readonly onStop?: readonly ((api: Api) => unknown)[];
  /** Lets the rooms of sockets span processes and machines, as `redisBroker(url)`; default this process alone. */
  readonly broker?: Broker;
  /** What `/ready` asks. */
  readonly readiness?: Readonly<Record<string, ReadinessCheck>>;
  /** `false` leaves out `/health` and `/ready`; a route of your own at those paths replaces them. */
  readonly health?: boolean;
  /** The OpenAPI document and its pages: where they are, who may see them, what they say; `false` serves neither. */
  readonly openapi?: OpenApiOptions | false;
  /** Takes what operators should know; default one JSON line on standard error. */
  readonly log?: (record: LogRecord) => void;
}

/** What a run decides, not the api: `bolide dev`, tests and the built binary pass it. */
export interface RunOptions {
  /** The file that exports the api, where a command and not that file was started. */
  readonly program?: string;
  readonly debug?: boolean;
  /** Checks emitted at build time, so that no code is generated at run time. */
  readonly checks?: PrebuiltChecks;
  readonly overrides?: Kit["overrides"];
  readonly log?: (record: LogRecord) => void;
}

/** Anything that answers as `fetch` does: a function, a Hono or Elysia app. */
export type FetchApp =
  ((request: Request) => MaybePromise<Response>) | { readonly fetch: (request: Request) => MaybePromise<Response> };

/**
 * An API: the root scope, the place where routes meet, and what serves them.
 *
 * @example
 * ```ts
 * const api = new Api({ title: "My API", version: "1.0.0" });
 * export const hello = api.get("/hello/:name", ({ params }) => ({ hello: params.name }));
 * await api.listen({ port: 8000 });
 * ```
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- no options set nothing
export class Api<const O extends ApiOptions = {}> extends Scope<Nested<RootScope, O>> {
  readonly settings: ApiOptions;
  readonly #routes: AnyRoute[];
  readonly #mounts: { readonly prefix: string; readonly app: Api | PlacedMount["fetch"] }[] = [];
  readonly #hub: Hub;
  #log: (record: LogRecord) => void = logLine;
  #program: Program | undefined;
  /** Whether the auth backends of the program can work. */
  #started = false;
  readonly #listeners: Listeners;

  // Inferred from an O alone, with its default, callbacks in the options would have no types.
  constructor(options?: O & ApiOptions) {
    const all: ApiOptions = options ?? {};
    const routes: AnyRoute[] = [];
    const changed = () => this.#changed();
    super({ prefix: all.prefix ?? "", defaults: scopeOptions(all), parent: undefined }, (route) => {
      changed();
      routes.push(route);
    });
    this.settings = all;
    this.#hub = new Hub((record) => this.#log(record), all.broker);
    this.#listeners = new Listeners(this.#hub);
    this.#routes = routes;
  }

  /**
   * Mounts a whole api, which keeps its middleware and error handlers, or any fetch-style app, which sees paths without the prefix.
   *
   * @example
   * ```ts
   * api.mount("/v1", v1).mount("/legacy", honoApp);
   * ```
   */
  mount(prefix: string, app: Api | FetchApp): this {
    const { names, trailing } = parsePath(prefix);
    if (trailing || prefix === "/" || names.length > 0)
      throw new PathError(prefix, "is no prefix to mount at: static segments, no slash at the end");
    this.#changed();
    if (app instanceof Api) app.#hub.under(this.#hub);
    this.#mounts.push({
      prefix,
      app: app instanceof Api ? app : typeof app === "function" ? app : (request) => app.fetch(request),
    });
    return this;
  }

  /** The routes registered on this api and on those mounted in it, with their whole paths. */
  routes(): readonly PlacedRoute[] {
    return this.#declare("", []).routes;
  }

  /** Compiles every route. Errors: `RouteError` naming the route that cannot work. `handle` and `listen` call it by themselves. */
  compile(run: RunOptions = {}): Program {
    const declared = this.#declare("", []);
    const paths = new Set(declared.routes.map(({ route, prefix }) => joinPath(prefix, route.path)));
    const own: PlacedRoute[] =
      this.settings.health === false
        ? []
        : healthRoutes({
            checks: this.settings.readiness ?? {},
            stopping: (server) => this.#listeners.isStopping(server),
          })
            .filter((route) => !paths.has(route.path))
            .map((route) => ({ route, prefix: "", scopes: [this.node] }));
    const { openapi = {} } = this.settings;
    let plans: Program["plans"] = [];
    const documents: PlacedRoute[] =
      openapi === false
        ? []
        : openapiRoutes(
            this.#documented(() => plans),
            openapi,
          )
            .filter((route) => !paths.has(route.path))
            .map((route) => ({ route, prefix: "", scopes: [this.node] }));
    // Credentials that cannot be verified stop start-up; nothing else about these routes can go wrong.
    const asks = documents.some(({ route: { contract }, scopes: [{ defaults } = this.node] }) =>
      [contract.auth, contract.guards, defaults.auth, defaults.guards].some((one) => one !== undefined),
    );
    const validators = new Validators(run.checks);
    this.#log = run.log ?? this.settings.log ?? logLine;
    const program = compileProgram(
      {
        ...declared,
        routes: [...declared.routes, ...own, ...(asks ? documents : [])],
        late: asks ? [] : documents,
        trailingSlash: this.settings.trailingSlash ?? "strip",
      },
      {
        program: [run.program, this.settings.title ?? "API"].filter((part) => part !== undefined).join(" "),
        validators,
        format: this.settings.errors ?? "detail",
        debug: run.debug ?? this.settings.debug ?? false,
        log: this.#log,
        limits: { ...DEFAULT_LIMITS, ...this.settings.limits },
        address: addressReader(this.settings.trustProxy ?? false),
        databaseErrors: this.settings.databaseErrors ?? true,
        sockets: () => this.#hub.sockets,
        stopping: (server) => this.#listeners.isStopping(server),
        overrides: run.overrides ?? new Map(),
      },
    );
    // The document's own routes are not among those that it, or anybody else, lists.
    plans = program.plans.slice(0, declared.routes.length + own.length);
    if (openapi !== false) requireTyped(plans, openapi);
    return { ...program, plans };
  }

  /**
   * The OpenAPI document of this api, as `/openapi.json` serves it. Errors: `RouteError` for names that are given twice and
   * examples that do not match their schemas.
   *
   * @example
   * ```ts
   * const { paths } = await api.document();
   * ```
   */
  document(): Promise<OpenApiDocument> {
    const { plans } = this.#program ?? this.compile();
    return documentOf(
      this.#documented(() => plans),
      this.settings.openapi || {},
    );
  }

  #documented(plans: () => Program["plans"]): Documented {
    const { title = "API", version = "0.0.0", description, errors = "detail", trailingSlash = "strip" } = this.settings;
    return { title, version, description, plans, errors, trailingSlash };
  }

  /**
   * Answers a request in this process, by the very closures that `listen` serves; synchronous where the route is.
   *
   * @example
   * ```ts
   * const response = await api.handle(new Request("http://localhost/hello/Ada"));
   * ```
   */
  handle(request: Request, server?: Server<unknown>): MaybePromise<Response> {
    const program = (this.#program ??= this.compile());
    if (program.started !== undefined && !this.#started) {
      return program.started.then(() => {
        this.#started = true;
        return this.handle(request, server);
      });
    }
    const response = program.dispatch(request, server);
    if (request.method !== "HEAD") return response;
    return response instanceof Promise ? response.then(bodiless) : bodiless(response);
  }

  /** Compiles, runs `lifespan` and `onStart`, and listens. Errors: a port in use, always. */
  async listen(options: ListenOptions & RunOptions = {}): Promise<RunningServer> {
    const program = this.compile(options);
    await program.started;
    this.#program = program;
    this.#started = true;
    // What `bolide build` has emitted checks for, it has documented as well.
    const { openapi = {}, debug = false } = this.settings;
    const isMade = openapi === false || options.checks !== undefined;
    if (!isMade && ((options.debug ?? debug) || openapi.strict === true || isDoubtful(program.plans, openapi)))
      await this.document();
    const ending = await this.settings.lifespan?.(this);
    for (const start of this.settings.onStart ?? []) await start(this);
    return this.#listeners.open(program, options, async () => {
      await ending?.();
      for (const stop of this.settings.onStop ?? []) await stop(this);
    });
  }

  /**
   * Sends to every socket in a room, wherever it is connected: a text or bytes as they are, anything else as JSON. From any
   * handler, task or timer.
   *
   * @example
   * ```ts
   * api.publish("news", { title: "It rains" });
   * ```
   */
  publish(room: string, message: unknown): void {
    this.#hub.publish(room, message);
  }

  /** Who is in a room, wherever they are connected. */
  presence(room: string): Promise<readonly Member[]> {
    return this.#hub.presence(room);
  }

  /**
   * Lets go of what `publish`, `presence` and test clients have begun where nothing listens: sockets that are open, the broker. What
   * was published has been handed over then. A server's `stop()` does it by itself. Errors: an api that is listening.
   *
   * @example
   * ```ts
   * api.publish("news", { title: "It rains" });
   * await api.release();
   * ```
   */
  release(): Promise<void> {
    return this.#listeners.release();
  }

  #changed(): void {
    if (this.#listeners.size > 0) throw new Error("routes are fixed while the api is listening");
    this.#program = undefined;
    this.#started = false;
  }

  /** Everything declared here and in mounted apis, under a prefix and inside the scopes of whoever mounts us. */
  #declare(prefix: string, around: readonly ScopeNode[]): Omit<Declarations, "trailingSlash"> {
    const own = [...around, this.node];
    const routes: PlacedRoute[] = this.#routes.map((route) => ({
      route,
      prefix,
      scopes: [...around, ...lineage(route.scope!)],
    }));
    const scopes = new Map([[joinPath(prefix, this.node.prefix), own]]);
    for (const { scopes: chain } of routes) {
      chain.forEach((scope, at) => {
        const whole = joinPath(prefix, scope.prefix);
        if (at >= around.length && !scopes.has(whole)) scopes.set(whole, chain.slice(0, at + 1));
      });
    }
    const found: { prefix: string; scopes: readonly ScopeNode[] }[] = [...scopes].map(([whole, chain]) => ({
      prefix: whole === "/" ? "" : whole,
      scopes: chain,
    }));
    const mounts: PlacedMount[] = [];
    for (const mount of this.#mounts) {
      const whole = joinPath(joinPath(prefix, this.node.prefix), mount.prefix);
      if (!(mount.app instanceof Api)) mounts.push({ prefix: whole, fetch: mount.app, scopes: own });
      else {
        const inner = mount.app.#declare(whole, own);
        routes.push(...inner.routes);
        mounts.push(...inner.mounts);
        found.push(...inner.scopes);
      }
    }
    return { routes, mounts, scopes: found };
  }
}

/** A scope and those around it, outermost first. */
function lineage(scope: ScopeNode): ScopeNode[] {
  return scope.parent === undefined ? [scope] : [...lineage(scope.parent), scope];
}

const API_KEYS: ReadonlySet<string> = new Set<Exclude<keyof ApiOptions, keyof ScopeOptions>>([
  "title",
  "version",
  "description",
  "trailingSlash",
  "errors",
  "debug",
  "databaseErrors",
  "limits",
  "trustProxy",
  "lifespan",
  "onStart",
  "onStop",
  "broker",
  "readiness",
  "health",
  "openapi",
  "log",
]);

/** What of an api's options is a scope's; the scope itself refuses what neither knows. */
function scopeOptions(options: ApiOptions): ScopeOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !API_KEYS.has(key)));
}

function logLine({ error, ...record }: LogRecord): void {
  const stack = error instanceof Error ? { stack: error.stack } : {};
  // Why a database could not be reached, which clients are not told.
  const cause = error instanceof Error && error.cause instanceof Error ? { cause: String(error.cause) } : {};
  console.error(JSON.stringify({ time: new Date().toISOString(), ...record, ...cause, ...stack }));
}
