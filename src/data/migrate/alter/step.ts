import {
  type AlterTableBuilder,
  ColumnDefinitionNode,
  type ColumnDefinitionBuilder,
  type CreateTableBuilder,
  type Expression,
} from "kysely";
import type { AnyDatabase } from "../any-database.ts";

/** A column's type as Kysely takes it: `"text"`, `sql\`…\``, one of `columnTypes`. */
export type DataType = Parameters<AlterTableBuilder["addColumn"]>[1];

/** What follows a column's type: `not null`, a default, … */
export type BuildColumn = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;

/** What follows a foreign key: its actions. */
export type BuildForeignKey = NonNullable<Parameters<CreateTableBuilder<string>["addForeignKeyConstraint"]>[4]>;

/** A column's definition as it is to be. */
export interface ColumnStep {
  readonly name: string;
  readonly type: DataType;
  readonly build: BuildColumn;
}

/** One change of a table. */
export type AlterStep =
  | { readonly kind: "renameColumn"; readonly from: string; readonly to: string }
  | ({ readonly kind: "addColumn" } & ColumnStep)
  | ({ readonly kind: "changeColumn" } & ColumnStep)
  | { readonly kind: "dropColumn"; readonly name: string }
  | {
      readonly kind: "addForeignKey";
      readonly name: string;
      readonly columns: readonly string[];
      readonly table: string;
      readonly references: readonly string[];
      readonly build: BuildForeignKey;
    }
  | { readonly kind: "addCheck"; readonly name: string; readonly expression: Expression<unknown> }
  | { readonly kind: "dropConstraint"; readonly name: string }
  | { readonly kind: "dropIndex"; readonly name: string }
  | { readonly kind: "changePrimaryKey"; readonly columns: readonly string[] };

/** A step of one kind. */
export type StepOf<K extends AlterStep["kind"]> = Extract<AlterStep, { readonly kind: K }>;

/** Makes a table's changes in one dialect. */
export type Alter = (db: AnyDatabase, table: string, steps: readonly AlterStep[]) => Promise<void>;

/** The definition that a step gives a column. */
export function definitionOf(db: AnyDatabase, { name, type, build }: ColumnStep): ColumnDefinitionNode {
  const { columnAlterations = [] } = db.schema.alterTable("t").addColumn(name, type, build).toOperationNode();
  const [added] = columnAlterations;
  if (added?.kind !== "AddColumnNode") throw new Error(`alterTable: the definition of "${name}" was not understood`);
  return added.column;
}

/** The steps that Kysely's own builder says in one statement of PostgreSQL and MySQL. */
export function simpleStep(
  table: AlterTableBuilder,
  step: Exclude<AlterStep, StepOf<"changeColumn" | "changePrimaryKey" | "dropIndex">>,
): { execute(): Promise<void> } {
  switch (step.kind) {
    case "renameColumn":
      return table.renameColumn(step.from, step.to);
    case "addColumn":
      return table.addColumn(step.name, step.type, step.build);
    case "dropColumn":
      return table.dropColumn(step.name);
    case "addForeignKey":
      return table.addForeignKeyConstraint(step.name, [...step.columns], step.table, [...step.references], step.build);
    case "addCheck":
      return table.addCheckConstraint(step.name, step.expression);
    case "dropConstraint":
      return table.dropConstraint(step.name);
  }
}
