import { type Dialect, Kysely, type KyselyPlugin } from "kysely";
import { EngineDriver } from "./connection.ts";
import { Core } from "./core.ts";
import { DIALECTS } from "./dialect.ts";
import type { DatabaseSource } from "./engine/index.ts";
import { BolideExecutor } from "./executor.ts";
import type { Models, TablesOf } from "./model/index.ts";
import { type WatchOptions, watchOf } from "./watch/index.ts";

/** What `database` returns: a Kysely instance, nothing hidden. */
export type Database<DB> = Kysely<DB>;

/** How a database is used beyond where it is. */
export interface DatabaseOptions extends WatchOptions {
  /** Kysely's plugins, applied to every query. */
  readonly plugins?: readonly KyselyPlugin[];
}

/**
 * A Kysely instance for a database, opened at the first query and closed by `db.destroy()`. With models, values come out as the
 * models say (dates, booleans, bigints, JSON); without, as the driver gives them.
 *
 * @example
 * const db = database(sqlite("app.db"), { users: User });
 * const ada = await db.selectFrom("users").selectAll().where("email", "=", "ada@example.com").executeTakeFirst();
 */
export function database<M extends Models>(
  source: DatabaseSource,
  models: M,
  options?: DatabaseOptions,
): Database<TablesOf<M>>;
export function database<DB>(source: DatabaseSource, models?: undefined, options?: DatabaseOptions): Database<DB>;
export function database(
  source: DatabaseSource,
  models: Models = {},
  { plugins = [], ...watch }: DatabaseOptions = {},
): Database<any> {
  for (const [key, model] of Object.entries(models)) {
    if (model.table !== key)
      throw new TypeError(
        `database: the model of the table "${model.table}" stands under "${key}"; name it "${model.table}"`,
      );
  }
  const { Adapter, Compiler, Introspector } = DIALECTS[source.dialect];
  const core = new Core(source, models, new Compiler(), watchOf(watch));
  const dialect: Dialect = {
    createDriver: () => new EngineDriver(core),
    createQueryCompiler: () => new Compiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new Introspector(db),
  };
  const executor = new BolideExecutor(core, new Adapter(), plugins);
  return new Kysely<any>({ config: { dialect }, driver: new EngineDriver(core), dialect, executor });
}
