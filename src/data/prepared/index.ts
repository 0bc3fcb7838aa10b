export type { Builders, Declared } from "./builders.ts";
export {
  type Preparable,
  type Prepared,
  prepared,
  type PreparedOptions,
  type SyncPrepared,
  type ValuesOf,
} from "./prepared.ts";
export type { ParameterValues } from "./runner.ts";
