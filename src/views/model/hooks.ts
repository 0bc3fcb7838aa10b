import type { Transaction } from "kysely";
import type { HttpError, RequestContext } from "../../http/index.ts";
import type { StandardName } from "../viewset/index.ts";

type MaybePromise<T> = T | Promise<T>;

/** What a hook is told: the request, the transaction that the write is in, and which action it is. */
export interface WriteContext<DB, Ctx = RequestContext> {
  readonly ctx: Ctx;
  readonly trx: Transaction<DB>;
  readonly action: StandardName;
}

/** What runs before and after writes, in their transaction. An `HttpError`, thrown or returned, undoes the write and is the answer. */
export interface Hooks<DB, Row, Create, Update, Ctx = RequestContext> {
  /** The values to insert, as the client sent them; returns those to use instead. Adds what clients must not set, an owner for example. */
  readonly beforeCreate?: (values: Create, at: WriteContext<DB, Ctx>) => MaybePromise<object | HttpError | void>;
  readonly afterCreate?: (row: Row, at: WriteContext<DB, Ctx>) => unknown;
  /** The changes as the client sent them, and the row as it is; returns the changes to make instead. */
  readonly beforeUpdate?: (
    changes: Update,
    row: Row,
    at: WriteContext<DB, Ctx>,
  ) => MaybePromise<object | HttpError | void>;
  readonly afterUpdate?: (row: Row, at: WriteContext<DB, Ctx>) => unknown;
  readonly beforeDestroy?: (row: Row, at: WriteContext<DB, Ctx>) => MaybePromise<HttpError | void>;
  readonly afterDestroy?: (row: Row, at: WriteContext<DB, Ctx>) => unknown;
}
