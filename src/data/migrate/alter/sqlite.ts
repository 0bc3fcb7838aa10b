import type { AnyDatabase } from "../any-database.ts";
import {
  type Clause,
  type ColumnDefinition,
  type Constraint,
  parseColumn,
  parseConstraint,
  type TableDefinition,
} from "../sqlite/definition.ts";
import { rebuildTable } from "../sqlite/rebuild.ts";
import { quote } from "../sqlite/tokens.ts";
import { type Alter, type AlterStep, type ColumnStep, simpleStep, type StepOf } from "./step.ts";

/** Renames and simple new columns are SQLite's own; what stands between them is one rebuild of the table. */
export const alterSqlite: Alter = async (db, table, steps) => {
  let edits: Edit[] = [];
  const rebuild = async () => {
    const pending = edits;
    edits = [];
    if (pending.length > 0)
      await rebuildTable(db, table, (definition) => pending.reduce((edited, edit) => edit(edited), definition));
  };
  for (const step of steps) {
    if (step.kind === "dropIndex") {
      await rebuild();
      await db.schema.dropIndex(step.name).execute();
    } else if (step.kind === "renameColumn" || (edits.length === 0 && canBeAdded(db, step))) {
      await rebuild();
      await simpleStep(db.schema.alterTable(table), step).execute();
    } else {
      edits.push(editOf(db, table, step));
    }
  }
  await rebuild();
};

type Edit = (definition: TableDefinition) => TableDefinition;

/** `add column` takes no key, no expression as a default, and `not null` only with a default (sqlite.org/lang_altertable.html). */
function canBeAdded(db: AnyDatabase, step: AlterStep): step is StepOf<"addColumn"> {
  if (step.kind !== "addColumn") return false;
  const { clauses } = columnOf(db, step);
  const initial = clauses.find(({ kind }) => kind === "default")?.inner;
  return clauses.every(({ kind }) =>
    kind === "not null" ? initial !== undefined : kind === "default" && !/^\(|^current_/i.test(initial ?? "("),
  );
}

function editOf(db: AnyDatabase, table: string, step: Exclude<AlterStep, StepOf<"renameColumn" | "dropIndex">>): Edit {
  const fail = (problem: string): never => {
    throw new Error(`alterTable "${table}": ${problem}`);
  };
  switch (step.kind) {
    case "addColumn":
      return (old) => ({ ...old, columns: [...old.columns, columnOf(db, step)] });
    case "changeColumn":
      return (old) => {
        if (!old.columns.some(({ name }) => name === step.name)) fail(`there is no column "${step.name}"`);
        const next = columnOf(db, step);
        const columns = old.columns.map((column) => (column.name === step.name ? changed(column, next) : column));
        return { ...old, columns };
      };
    case "dropColumn":
      return (old) => {
        if (!old.columns.some(({ name }) => name === step.name)) fail(`there is no column "${step.name}"`);
        return { ...old, columns: old.columns.filter(({ name }) => name !== step.name) };
      };
    case "addForeignKey":
    case "addCheck":
      return (old) => ({ ...old, constraints: [...old.constraints, constraintOf(db, step)] });
    case "dropConstraint":
      return (old) => {
        const constraints = old.constraints.filter(({ name }) => name !== step.name);
        const columns = old.columns.map((column) => without(column, ({ name }) => name === step.name));
        const found =
          constraints.length < old.constraints.length || columns.some((column, at) => column !== old.columns[at]);
        if (!found) fail(`there is no constraint "${step.name}"`);
        return { ...old, columns, constraints };
      };
    case "changePrimaryKey":
      return (old) => ({
        ...old,
        columns: old.columns.map((column) => without(column, ({ kind }) => kind === "primary key")),
        constraints: [
          ...old.constraints.filter(({ kind }) => kind !== "primary key"),
          parseConstraint(`primary key (${step.columns.map(quote).join(", ")})`),
        ],
      });
  }
}

/** The same column where nothing is taken away. */
function without(column: ColumnDefinition, drop: (clause: Clause) => boolean): ColumnDefinition {
  return column.clauses.some(drop) ? { ...column, clauses: column.clauses.filter((clause) => !drop(clause)) } : column;
}

/** What a changed definition says anew; a key, a collation and a reference stay. */
const SAID: readonly Clause["kind"][] = ["not null", "null", "default", "generated"];

function changed(old: ColumnDefinition, next: ColumnDefinition): ColumnDefinition {
  const kept = old.clauses.filter(({ kind }) => !SAID.includes(kind));
  const said = next.clauses.filter(({ kind }) => SAID.includes(kind) || !kept.some((clause) => clause.kind === kind));
  return { ...next, clauses: [...said, ...kept] };
}

/** The text that Kysely compiles behind these words is a part of a `create table`. */
const ADD_COLUMN = 'alter table "t" add column ';
const ADD = 'alter table "t" add ';

function columnOf(db: AnyDatabase, { name, type, build }: ColumnStep): ColumnDefinition {
  return parseColumn(behind(ADD_COLUMN, db.schema.alterTable("t").addColumn(name, type, build).compile()));
}

function constraintOf(db: AnyDatabase, step: StepOf<"addForeignKey" | "addCheck">): Constraint {
  const table = db.schema.alterTable("t");
  const built =
    step.kind === "addCheck"
      ? table.addCheckConstraint(step.name, step.expression)
      : table.addForeignKeyConstraint(step.name, [...step.columns], step.table, [...step.references], step.build);
  return parseConstraint(behind(ADD, built.compile()));
}

function behind(words: string, { sql, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }) {
  if (parameters.length > 0)
    throw new Error(`a table's definition has no parameters; write values with sql.lit: ${sql}`);
  if (!sql.startsWith(words)) throw new Error(`a table's definition was not understood: ${sql}`);
  return sql.slice(words.length);
}
