import type { Kysely } from "kysely";

/** Any Kysely: a migration knows no types of tables. */
// oxlint-disable-next-line typescript/no-explicit-any -- Kysely's own type for a database of unknown tables.
export type AnyDatabase = Kysely<any>;
