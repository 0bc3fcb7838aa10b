import type { DialectName } from "../../engine/index.ts";
import type { Interruption } from "./journal.ts";

/**
 * A migration that could not be made, or that began once and did not end. `cause` is what the database or the migration threw;
 * `migration` names it, where there is one.
 */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
  readonly migration: string | undefined;

  constructor(message: string, migration?: string, options?: ErrorOptions) {
    super(message, options);
    this.migration = migration;
  }
}

/** What went wrong, and what is left of it. */
export function failedMigration(dialect: DialectName, name: string | undefined, cause: unknown): MigrationError {
  const told = cause instanceof Error ? cause.message : String(cause);
  if (name === undefined) return new MigrationError(told, undefined, { cause });
  const left =
    dialect === "mysql"
      ? `What it had done until then stays: this database cannot undo it. ${WAYS_OUT(name)}`
      : "Nothing was changed: all migrations of this run were rolled back.";
  return new MigrationError(`Migration ${name} failed: ${told.replace(/\.$/, "")}. ${left}`, name, { cause });
}

/** What a run finds that another left behind. */
export function interruptedMigration({ name, direction, statements, last }: Interruption): MigrationError {
  const far =
    statements === 0
      ? "before its first statement"
      : `at its statement ${statements}, which may be done or not: ${last}`;
  const told = direction === "up" ? "began" : "began to be undone";
  return new MigrationError(`Migration ${name} ${told} and was interrupted ${far}. ${WAYS_OUT(name)}`, name);
}

const WAYS_OUT = (name: string): string =>
  `Do the rest by hand and run "bolide migrate resolve ${name} --applied", or undo by hand what it did and run "bolide migrate resolve ${name} --undone".`;
