/** What the command line makes migrations and models with; a program that only runs them never loads it. */
export { describeChange } from "./diff/change.ts";
export { difference, type Difference } from "./diff/diff.ts";
export { renameQuestions, type RenameQuestion } from "./diff/rename.ts";
export { type Warning, warningsOf } from "./diff/warnings.ts";
export { driftOf } from "./introspect/drift.ts";
export { introspect } from "./introspect/introspect.ts";
export { openAddress } from "./open.ts";
export { interruptedRun } from "./run/status.ts";
export { type RenameHints, renameHints, shapeOf } from "./shape/models.ts";
export { type DatabaseShape, EMPTY } from "./shape/shape.ts";
export { parseSnapshot, printSnapshot } from "./shape/snapshot.ts";
export { writeBarrel } from "./write/barrel.ts";
export { writeMigration } from "./write/migration.ts";
export { writeModels } from "./write/models.ts";
export { migrationTitle } from "./write/title.ts";
