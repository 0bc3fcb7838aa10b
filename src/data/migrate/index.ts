export { alterTable, TableAlteration } from "./alter/alter-table.ts";
export { columnTypes, type ColumnTypes, isOneOf } from "./column-types.ts";
export type { AnyDatabase } from "./any-database.ts";
export type { Fixture } from "./fixture-rows.ts";
export { type FixtureOptions, type FixtureProgress, loadFixtures } from "./fixtures.ts";
export { modelsOf } from "./models-of.ts";
export { progressBar } from "./progress-bar.ts";
export { MigrationError } from "./run/error.ts";
export type { Patience } from "./run/lock.ts";
export type { Migrations } from "./run/migrations.ts";
export { migrateDown, type MigrateDownOptions, migrateUp, type MigrateUpOptions } from "./run/run.ts";
export { type MigrationStatus, migrationStatus, resolveMigration } from "./run/status.ts";
export { rebuildTable } from "./sqlite/rebuild.ts";

/** What makes migrations, for the command line: nothing that a running program needs. */
export const migrationTools = () => import("./tools.ts");

export type MigrationTools = typeof import("./tools.ts");
export type { DatabaseShape, Difference, RenameHints } from "./tools.ts";
