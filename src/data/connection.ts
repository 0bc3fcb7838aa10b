import type {
  AbortableOperationOptions,
  CompiledQuery,
  DatabaseConnection,
  Driver,
  QueryResult,
  TransactionSettings,
} from "kysely";
import type { Core } from "./core.ts";
import type { Session } from "./engine/index.ts";
import { stopOf } from "./streams/stops.ts";
import { watchingEach } from "./watch/index.ts";

/** Rows of a streamed result that are fetched together unless Kysely's `stream(n)` says otherwise. */
const CHUNK = 100;

/** A session as Kysely's connection. */
export class Held implements DatabaseConnection {
  readonly session: Session;
  readonly #core: Core;

  constructor(core: Core, session: Session) {
    this.#core = core;
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#core.run(this.session, query as CompiledQuery<R>);
  }

  /** The same, until a signal ends it. */
  async executeUntil<R>(query: CompiledQuery, signal: AbortSignal): Promise<QueryResult<R>> {
    signal.throwIfAborted();
    await using _ = this.#endedBy(signal);
    return await this.executeQuery<R>(query);
  }

  async *streamQuery<R>(
    query: CompiledQuery,
    size: number,
    { signal = stopOf(query.queryId) }: AbortableOperationOptions = {},
  ): AsyncIterableIterator<QueryResult<R>> {
    await using _ = this.#endedBy(signal);
    yield* this.#read<R>(query, size);
  }

  /** A signal ends the statement that runs; until that is done the session goes to nobody else. */
  #endedBy(signal: AbortSignal | undefined): AsyncDisposable {
    let cancelled: Promise<void> | undefined;
    const cancel = (): void => {
      cancelled = this.session.cancel().catch(() => {});
    };
    signal?.addEventListener("abort", cancel, { once: true });
    return {
      [Symbol.asyncDispose]: async () => {
        signal?.removeEventListener("abort", cancel);
        await cancelled;
      },
    };
  }

  async *#read<R>(query: CompiledQuery, size: number): AsyncGenerator<QueryResult<R>> {
    const { traits, decode } = this.#core.reading(query);
    const parameters = query.parameters.map(this.#core.codec.encode);
    const open = () => this.session.prepare(query.sql, traits).iterate(parameters, size || CHUNK);
    for await (const rows of watchingEach(this.#core, query.sql, parameters, open)) {
      if (decode !== undefined) rows.forEach(decode);
      yield { rows: rows as R[] };
    }
  }

  cancelQuery(): Promise<void> {
    return this.session.cancel();
  }
}

/** The database as Kysely's driver: it begins and ends what `db.transaction()` and `db.startTransaction()` ask for. */
export class EngineDriver implements Driver {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Held> {
    return new Held(this.#core, await this.#core.engine.reserve());
  }

  async beginTransaction(connection: Held, settings: TransactionSettings): Promise<void> {
    const readOnly = settings.accessMode === undefined ? undefined : settings.accessMode === "read only";
    await connection.session.begin({ isolation: settings.isolationLevel, readOnly });
  }

  async commitTransaction({ session }: Held): Promise<void> {
    await session.commit();
  }

  async rollbackTransaction({ session }: Held): Promise<void> {
    await session.rollback();
  }

  async savepoint({ session }: Held, name: string): Promise<void> {
    await command(session, `savepoint ${identifier(name)}`);
  }

  async rollbackToSavepoint({ session }: Held, name: string): Promise<void> {
    await command(session, `rollback to savepoint ${identifier(name)}`);
  }

  async releaseSavepoint({ session }: Held, name: string): Promise<void> {
    await command(session, `release savepoint ${identifier(name)}`);
  }

  async releaseConnection({ session }: Held): Promise<void> {
    session.release();
  }

  destroy(): Promise<void> {
    return this.#core.close();
  }
}

/** Sends a command that has neither parameters nor rows. */
export const command = (session: Session, sql: string) =>
  session.prepare(sql, { reads: false, returns: false }).run([]);

function identifier(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new TypeError(`A savepoint is named by letters, digits and underscores, not ${JSON.stringify(name)}`);
}
