import {
  type AbortableOperationOptions,
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type DialectAdapter,
  type Kysely,
  type KyselyPlugin,
  type QueryResult,
  type RootOperationNode,
} from "kysely";
import { carryOver } from "./codec/index.ts";
import { Held } from "./connection.ts";
import type { Core } from "./core.ts";
import type { Eventual, Link, Session } from "./engine/index.ts";
import { stopBy } from "./streams/stops.ts";

type QueryId = CompiledQuery["queryId"];
type Options = Parameters<DefaultQueryExecutor["executeQuery"]>[1];

/**
 * Runs what Kysely builds. A query on its own goes to the database as a whole, so no connection is taken for it and statements
 * of many requests share one; a connection is reserved only where one is asked for: transactions, `connection()`, streams.
 */
export class BolideExecutor extends DefaultQueryExecutor {
  readonly core: Core;
  readonly #adapter: DialectAdapter;
  /** Where queries go when it is not the database as a whole. */
  readonly #session: Session | ConnectionProvider | undefined;

  constructor(
    core: Core,
    adapter: DialectAdapter,
    plugins: readonly KyselyPlugin[] = [],
    session?: Session | ConnectionProvider,
  ) {
    super(core.compiler, adapter, NO_PROVIDER, [...plugins]);
    this.core = core;
    CORES.set(adapter, core);
    this.#adapter = adapter;
    this.#session = session;
  }

  /** The session that all queries go to, in a transaction of `transaction()`. */
  get session(): Session | undefined {
    return this.#session !== undefined && "begin" in this.#session ? this.#session : undefined;
  }

  /** Whether queries go to one session, not to the database as a whole. */
  get bound(): boolean {
    return this.#session !== undefined;
  }

  /** Calls `run` with whatever queries go through here. */
  use<T>(run: (link: Link) => Eventual<T>): Eventual<T> {
    const target = this.#session;
    if (target === undefined) return run(this.core.engine);
    if ("begin" in target) return run(target);
    return target.provideConnection(async (connection) => run((connection as Held).session));
  }

  override transformQuery<T extends RootOperationNode>(node: T, queryId: QueryId): T {
    const copy = super.transformQuery(node, queryId);
    carryOver(node, copy);
    return copy;
  }

  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    return this.core.compiler.compileQuery(this.core.codec.rewrite(node), queryId);
  }

  override async executeQuery<R>(query: CompiledQuery, options?: Options): Promise<QueryResult<R>> {
    const { signal, inflightQueryAbortStrategy: strategy } = options ?? {};
    if (strategy !== undefined) return super.executeQuery(query, options);
    signal?.throwIfAborted();
    // A read of SQLite waits for nothing.
    const waits = this.core.engine.cancellable || this.core.reading(query).traits.reads !== true;
    let result = await (signal !== undefined && waits
      ? this.#until<R>(query, signal)
      : this.use((link) => this.core.run(link, query as CompiledQuery<R>)));
    for (const plugin of this.plugins) {
      result = (await plugin.transformResult({ result, queryId: query.queryId } as never)) as QueryResult<R>;
    }
    return result;
  }

  /** Unlike Kysely's own way it ends what runs without being told to, and prints nothing of how that failed then. */
  async #until<R>(query: CompiledQuery, signal: AbortSignal): Promise<QueryResult<R>> {
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      const run = this.provideConnection((connection) => (connection as Held).executeUntil<R>(query, signal));
      return await Promise.race([run, aborted]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** For the same reasons, and because with a signal Kysely's own keeps every row until the end ({@link stopBy}). */
  override async *stream<R>(
    query: CompiledQuery,
    size: number,
    { signal }: AbortableOperationOptions = {},
  ): AsyncIterableIterator<QueryResult<R>> {
    if (signal === undefined) return yield* super.stream<R>(query, size);
    signal.throwIfAborted();
    stopBy(query.queryId, signal);
    try {
      for await (const result of super.stream<R>(query, size)) {
        signal.throwIfAborted();
        yield result;
      }
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }

  override async provideConnection<T>(consumer: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
    const target = this.#session;
    if (target === undefined) {
      const session = await this.core.engine.reserve();
      try {
        return await consumer(new Held(this.core, session));
      } finally {
        session.release();
      }
    }
    return "begin" in target ? consumer(new Held(this.core, target)) : target.provideConnection(consumer);
  }

  /** The same, for queries that all go to one session. */
  within(session: Session): BolideExecutor {
    return new BolideExecutor(this.core, this.#adapter, this.plugins, session);
  }

  override withConnectionProvider(provider: ConnectionProvider): BolideExecutor {
    return new BolideExecutor(this.core, this.#adapter, this.plugins, provider);
  }

  override withPlugin(plugin: KyselyPlugin): BolideExecutor {
    return this.#with([...this.plugins, plugin]);
  }

  override withPlugins(plugins: readonly KyselyPlugin[]): BolideExecutor {
    return this.#with([...this.plugins, ...plugins]);
  }

  override withPluginAtFront(plugin: KyselyPlugin): BolideExecutor {
    return this.#with([plugin, ...this.plugins]);
  }

  override withoutPlugins(): BolideExecutor {
    return this.#with([]);
  }

  #with(plugins: readonly KyselyPlugin[]): BolideExecutor {
    return new BolideExecutor(this.core, this.#adapter, plugins, this.#session);
  }
}

/** `provideConnection` is this class's own; what the base was given is never asked. */
const NO_PROVIDER: ConnectionProvider = {
  provideConnection: () => Promise.reject(new Error("A connection was asked of no database")),
};

/** By the adapter, which Kysely hands on wherever it wraps an executor in one of its own. */
const CORES = new WeakMap<DialectAdapter, Core>();

/** The database behind a Kysely instance that `database` made, also in a transaction of Kysely's own; undefined for any other. */
export const coreOf = (db: Kysely<any>): Core | undefined => CORES.get(db.getExecutor().adapter);

/**
 * What stands behind a Kysely instance that `database` made, or one derived of it; undefined for any other.
 *
 * @example
 * executorOf(db)?.core.dialect; // "sqlite"
 */
export function executorOf(db: Kysely<any>): BolideExecutor | undefined {
  const executor = db.getExecutor();
  return executor instanceof BolideExecutor ? executor : undefined;
}
