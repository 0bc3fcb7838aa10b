import type { Change, Step } from "../diff/change.ts";

/** A name for a migration, of what it does first: `create_users`, `users_add_age`. */
export function migrationTitle([first]: readonly Change[]): string {
  return first === undefined ? "empty" : title(first).replaceAll(/[^A-Za-z0-9]+/g, "_");
}

function title(change: Change): string {
  switch (change.kind) {
    case "renameTable":
      return `rename_${change.from}_to_${change.to}`;
    case "createTable":
      return `create_${change.table.name}`;
    case "dropTable":
      return `drop_${change.table.name}`;
    case "createIndex":
      return `${change.table}_add_index_${change.index.columns.join("_")}`;
    case "dropIndex":
      return `${change.table}_drop_index_${change.index.columns.join("_")}`;
    case "fill":
      return `${change.table}_change_${change.column.name}`;
    case "alterTable":
      return `${change.table}_${stepTitle(change.steps[0]!)}`;
  }
}

function stepTitle(step: Step): string {
  switch (step.kind) {
    case "renameColumn":
      return `rename_${step.from}`;
    case "addColumn":
      return `add_${step.column.name}`;
    case "changeColumn":
      return `change_${step.to.name}`;
    case "dropColumn":
      return `drop_${step.column.name}`;
    case "addForeignKey":
    case "dropForeignKey":
      return `change_${step.key.columns.join("_")}`;
    case "addCheck":
    case "dropCheck":
      return `change_${step.column.name}`;
    case "changePrimaryKey":
      return "change_primary_key";
  }
}
