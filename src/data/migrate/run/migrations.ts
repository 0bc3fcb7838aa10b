import type { Migration } from "kysely/migration";

/** Migrations by their names, in whose order they run: what `migrations/index.ts` exports. */
export type Migrations = Readonly<Record<string, Migration>>;
