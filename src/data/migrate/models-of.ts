import { executorOf } from "../executor.ts";
import type { AnyModel } from "../model/index.ts";
import type { AnyDatabase } from "./any-database.ts";

/**
 * The models that `database` was given; none for any other Kysely.
 *
 * @example
 * modelsOf(database(sqlite("app.db"), { users: User })).map(({ table }) => table); // ["users"]
 */
export function modelsOf(db: AnyDatabase): readonly AnyModel[] {
  return Object.values(executorOf(db)?.core.models ?? {});
}
