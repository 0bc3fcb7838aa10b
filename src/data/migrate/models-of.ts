import { executorOf } from "../executor.ts";
import type { AnyModel } from "../model/index.ts";
import type { AnyDatabase } from "./dialect.ts";

/** The models that `database` was given; none for any other Kysely. */
export function modelsOf(db: AnyDatabase): readonly AnyModel[] {
  return Object.values(executorOf(db)?.core.models ?? {});
}
