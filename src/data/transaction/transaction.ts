import { type IsolationLevel, type Kysely, sql, Transaction } from "kysely";
import { HttpError } from "../../http/index.ts";
import { command, EngineDriver, type Held } from "../connection.ts";
import { DIALECTS } from "../dialect.ts";
import type { Eventual, Session } from "../engine/index.ts";
import { type BolideExecutor, executorOf } from "../executor.ts";
import type { Instance } from "./instance.ts";
import { isTransient, pause } from "./retry.ts";
import { currentScope, Scope, type ScopeKey, scopeOn } from "./scope.ts";

/** How a transaction begins, and how often. */
export interface TransactionOptions {
  /** Default: the database's own; SQLite has only one, serializable. */
  readonly isolation?: IsolationLevel;
  /** It changes nothing; on SQLite it then waits for no writer. Default false. */
  readonly readOnly?: boolean;
  /** How often the whole callback is run again when the transaction lost against another one. Default 3. */
  readonly retries?: number;
}

type Run<DB, T> = (trx: Transaction<DB>) => T | Promise<T>;

/**
 * Runs a callback in a transaction: committed when it returns, rolled back when it throws, or returns an `HttpError`. Inside another,
 * `transaction(trx, …)` is a savepoint: what it throws undoes only its own part.
 *
 * After a serialisation failure, a deadlock or a lock that SQLite could not get, the callback is run again from its beginning, after
 * a pause: what it does beside the database belongs into {@link afterCommit}. Errors: whatever the callback throws; a failed commit;
 * a `TypeError` for a savepoint with options that only a transaction has.
 *
 * @example
 * const left = await transaction(db, async (trx) => {
 *   const account = await trx.selectFrom("accounts").selectAll().where("id", "=", from).forUpdate().executeTakeFirstOrThrow();
 *   if (account.balance < amount) return new Conflict("Not enough money");
 *   await trx.updateTable("accounts").set({ balance: account.balance - amount }).where("id", "=", from).execute();
 *   return account.balance - amount;
 * });
 */
export async function transaction<DB, T>(
  db: Instance<DB>,
  run: Run<DB, T>,
  options: TransactionOptions = {},
): Promise<T> {
  const executor = executorOf(db);
  if (db.isTransaction) {
    if (options.isolation !== undefined || options.readOnly !== undefined)
      throw new TypeError("transaction: a savepoint has the isolation and the access of the transaction around it");
    return savepoint(db as Transaction<DB>, executor?.session, run);
  }
  // All queries of this instance go to one session that is in a transaction already.
  if (executor?.session !== undefined)
    return savepoint(transactionOf<DB>(executor, executor.session), executor.session, run);
  const { retries = 3 } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await (executor === undefined ? foreign(db as Kysely<DB>, run, options) : own(executor, run, options));
    } catch (error) {
      if (attempt >= retries || !isTransient(error)) throw error;
    }
    await pause(attempt);
  }
}

async function own<DB, T>(
  executor: BolideExecutor,
  run: Run<DB, T>,
  { isolation, readOnly }: TransactionOptions,
): Promise<T> {
  let scope: Scope | undefined;
  const result = await executor.provideConnection(async (connection) => {
    const { session } = connection as Held;
    await session.begin({ isolation, readOnly });
    scope = new Scope(session, currentScope(), undefined);
    const trx = transactionOf<DB>(executor, session);
    return called(scope, () => run(trx), { keep: () => session.commit(), undo: () => session.rollback() });
  });
  return finished(scope, result);
}

/** One of the user's own Kysely: it begins and ends the transaction. */
async function foreign<DB, T>(db: Kysely<DB>, run: Run<DB, T>, options: TransactionOptions): Promise<T> {
  const { isolation, readOnly } = options;
  let builder = db.transaction();
  if (isolation !== undefined) builder = builder.setIsolationLevel(isolation);
  if (readOnly !== undefined) builder = builder.setAccessMode(readOnly ? "read only" : "read write");
  const scope = new Scope("foreign", currentScope(), undefined);
  try {
    const result = await builder.execute(async (trx) => {
      const outcome = await called(scope, () => run(trx), { keep: () => {}, undo: () => {} });
      if (outcome instanceof HttpError) throw new Refused(outcome);
      return outcome;
    });
    return await finished(scope, result);
  } catch (error) {
    if (error instanceof Refused) return error.answer as T;
    throw error;
  }
}

/** Takes an answer past Kysely, which rolls back only what throws. */
class Refused extends Error {
  readonly answer: HttpError;

  constructor(answer: HttpError) {
    super();
    this.answer = answer;
  }
}

function savepoint<DB, T>(trx: Transaction<DB>, session: Session | undefined, run: Run<DB, T>): Promise<T> {
  const key: ScopeKey = session ?? "foreign";
  const parent = scopeOn(key);
  const send = async (text: string): Promise<void> => {
    if (session !== undefined) await command(session, text);
    else await sql.raw(text).execute(trx);
  };
  const nest = async (): Promise<T> => {
    const scope = new Scope(key, currentScope(), parent);
    const name = `bolide_${scope.depth}`;
    const keep = (): Promise<void> => send(`release savepoint ${name}`);
    const undo = async (): Promise<void> => {
      await send(`rollback to savepoint ${name}`);
      await keep();
    };
    await send(`savepoint ${name}`);
    return finished(scope, await called(scope, () => run(trx), { keep, undo }));
  };
  return parent === undefined ? nest() : parent.queue(nest);
}

/** How a transaction or savepoint ends. */
interface Ends {
  keep(): Eventual<void>;
  undo(): Eventual<void>;
}

/** Calls the callback, and keeps what it did, or undoes it where it fails or refuses. */
async function called<T>(scope: Scope, run: () => T | Promise<T>, { keep, undo }: Ends): Promise<T> {
  try {
    const result = await scope.run(run);
    if (scope.doom !== undefined) throw scope.doom.error;
    await (result instanceof HttpError ? undo() : keep());
    return result;
  } catch (error) {
    scope.rolledBack();
    // What has lost against another transaction, or cannot be undone, is lost as a whole: catching the error does not help.
    if (isTransient(error)) scope.root.doom = { error };
    try {
      await undo();
    } catch {
      scope.root.doom = { error };
    }
    throw error;
  }
}

async function finished<T>(scope: Scope | undefined, result: T): Promise<T> {
  if (result instanceof HttpError) {
    scope?.rolledBack();
    return result;
  }
  scope?.committed();
  if (scope?.parent === undefined) await scope?.flush();
  return result;
}

/** Kysely's own transaction, whose queries all go to one session. */
function transactionOf<DB>(executor: BolideExecutor, session: Session): Transaction<DB> {
  const { adapter, core } = executor;
  const driver = new EngineDriver(core);
  const { Introspector } = DIALECTS[core.dialect];
  const dialect = {
    createDriver: () => driver,
    createQueryCompiler: () => core.compiler,
    createAdapter: () => adapter,
    createIntrospector: (db: Kysely<any>) => new Introspector(db),
  };
  return new Transaction({ config: { dialect }, driver, dialect, executor: executor.within(session) });
}
