import type { ColumnShape, ForeignKeyShape, IndexShape, TableShape } from "../shape/shape.ts";

/** One thing that a migration does, in the order in which it does them. */
export type Change =
  | { readonly kind: "renameTable"; readonly from: string; readonly to: string }
  /** `foreignKeys` are those that it is made with; others, and its indexes, follow when what they need is there. */
  | { readonly kind: "createTable"; readonly table: TableShape; readonly foreignKeys: readonly ForeignKeyShape[] }
  | { readonly kind: "alterTable"; readonly table: string; readonly steps: readonly Step[] }
  | { readonly kind: "createIndex"; readonly table: string; readonly index: IndexShape }
  | { readonly kind: "dropIndex"; readonly table: string; readonly index: IndexShape }
  /** Where a column has no value it gets its default, before it must have one. */
  | { readonly kind: "fill"; readonly table: string; readonly column: ColumnShape }
  | { readonly kind: "dropTable"; readonly table: TableShape };

/** One change of a table that goes on to exist. `keyed`: a key or an index has the column. */
export type Step =
  | { readonly kind: "renameColumn"; readonly from: string; readonly to: string }
  | { readonly kind: "addColumn"; readonly column: ColumnShape; readonly keyed: boolean }
  | { readonly kind: "changeColumn"; readonly from: ColumnShape; readonly to: ColumnShape; readonly keyed: boolean }
  | { readonly kind: "dropColumn"; readonly column: ColumnShape }
  | { readonly kind: "addForeignKey"; readonly key: ForeignKeyShape }
  | { readonly kind: "dropForeignKey"; readonly key: ForeignKeyShape }
  | { readonly kind: "addCheck"; readonly column: ColumnShape }
  | { readonly kind: "dropCheck"; readonly column: ColumnShape }
  | { readonly kind: "changePrimaryKey"; readonly from: readonly string[]; readonly to: readonly string[] };

/** A change in words, one line for each thing that it does. */
export function describeChange(change: Change): string[] {
  switch (change.kind) {
    case "renameTable":
      return [`rename table ${change.from} to ${change.to}`];
    case "createTable":
      return [`create table ${change.table.name}`];
    case "dropTable":
      return [`drop table ${change.table.name}`];
    case "createIndex":
      return [`${change.table}: add ${indexName(change.index)}`];
    case "dropIndex":
      return [`${change.table}: drop ${indexName(change.index)}`];
    case "fill":
      return [`${change.table}: fill ${change.column.name} with its default where it is null`];
    case "alterTable":
      return change.steps.map((step) => `${change.table}: ${describeStep(step)}`);
  }
}

function indexName({ columns, unique }: IndexShape): string {
  return `${unique ? "unique index" : "index"} on ${columns.join(", ")}`;
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "renameColumn":
      return `rename column ${step.from} to ${step.to}`;
    case "addColumn":
      return `add column ${step.column.name}`;
    case "changeColumn":
      return `change column ${step.to.name}`;
    case "dropColumn":
      return `drop column ${step.column.name}`;
    case "addForeignKey":
      return `add foreign key ${step.key.columns.join(", ")} to ${step.key.table}`;
    case "dropForeignKey":
      return `drop foreign key ${step.key.columns.join(", ")} to ${step.key.table}`;
    case "addCheck":
      return `allow ${step.column.name} only ${(step.column.values ?? []).join(", ")}`;
    case "dropCheck":
      return `drop the check of ${step.column.name}`;
    case "changePrimaryKey":
      return `change primary key from ${step.from.join(", ")} to ${step.to.join(", ")}`;
  }
}
