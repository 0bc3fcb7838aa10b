import type { AsyncLocalStorage } from "node:async_hooks";

/** Scopes on one connection share a key: its session, or that it is one of the user's own Kysely. */
export type ScopeKey = object | "foreign";

/** One transaction, or one savepoint inside of it, while its callback runs. */
export class Scope {
  readonly key: ScopeKey;
  /** The scope that the callback was called in, whatever its database. */
  readonly outer: Scope | undefined;
  /** The scope that this one is a savepoint of. */
  readonly parent: Scope | undefined;
  /** Why the transaction as a whole cannot be committed any more, whoever caught the error. */
  doom: { readonly error: unknown } | undefined;
  #after: (() => unknown)[] = [];
  #state: "open" | "committed" | "rolled back" = "open";
  #last: Promise<unknown> = Promise.resolve();

  constructor(key: ScopeKey, outer: Scope | undefined, parent: Scope | undefined) {
    this.key = key;
    this.outer = outer;
    this.parent = parent;
  }

  /** How many scopes are around it: it names the savepoint. */
  get depth(): number {
    return this.outer === undefined ? 0 : this.outer.depth + 1;
  }

  get root(): Scope {
    return this.parent?.root ?? this;
  }

  /** Runs a callback of which `afterCommit` and nested transactions know that they are inside. */
  run<T>(act: () => T): T {
    return storage().run(this, act);
  }

  /** Savepoints of one transaction stand inside each other or one after the other, never side by side. */
  async queue<T>(act: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      return await act();
    } finally {
      resolve();
    }
  }

  after(act: () => unknown): void {
    if (this.#state === "open") this.#after.push(act);
    else if (this.#state === "committed") void report(act);
  }

  /** A savepoint's callbacks wait for the transaction around it. */
  committed(): void {
    this.#state = "committed";
    if (this.parent !== undefined) for (const act of this.#after.splice(0)) this.parent.after(act);
  }

  /** Runs what waited for the commit. */
  async flush(): Promise<void> {
    for (const act of this.#after.splice(0)) await report(act);
  }

  rolledBack(): void {
    this.#state = "rolled back";
    this.#after = [];
  }
}

/**
 * Does something once the transaction around it has been committed: sending a mail, queueing a job. In order, and awaited before
 * `transaction` returns; dropped where the transaction, or the savepoint that it was called in, is rolled back; done at once outside
 * of `transaction`. An error in it cannot undo the commit: it is printed, and the others still run.
 *
 * @example
 * await transaction(db, async (trx) => {
 *   const order = await trx.insertInto("orders").values(body).returningAll().executeTakeFirstOrThrow();
 *   afterCommit(() => mail.send(order));
 * });
 */
export function afterCommit(act: () => unknown): void {
  const scope = currentScope();
  if (scope === undefined) void report(act);
  else scope.after(act);
}

/** The innermost scope that runs, of any connection. */
export const currentScope = (): Scope | undefined => stored?.getStore();

/** The innermost scope that runs on a connection. */
export function scopeOn(key: ScopeKey): Scope | undefined {
  let scope = currentScope();
  while (scope !== undefined && scope.key !== key) scope = scope.outer;
  return scope;
}

async function report(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    console.error("afterCommit failed:", error);
  }
}

let stored: AsyncLocalStorage<Scope> | undefined;

/** Made by the first transaction: loading `node:async_hooks` costs the start of a program that has none. */
function storage(): AsyncLocalStorage<Scope> {
  if (stored === undefined) {
    const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
    stored = new AsyncLocalStorage<Scope>();
  }
  return stored;
}
