import type { Change, Step } from "../diff/change.ts";
import type { Difference } from "../diff/diff.ts";
import type { Warning } from "../diff/warnings.ts";
import { type ColumnShape, type ForeignKeyShape, keyedColumns, type TableShape } from "../shape/shape.ts";
import { literalCode, stringsCode } from "./literal.ts";

/** The source of a migration: a Kysely migration that runs on all three databases. Warnings stand in it as comments. */
export function writeMigration({ up, down }: Difference, warnings: readonly Warning[] = []): string {
  const functions = [body("up", up, warnings), body("down", down, [])];
  const used = ["alterTable", "columnTypes", "isOneOf"].filter((name) =>
    functions.some((text) => text.includes(`${name}(`)),
  );
  const imports = [
    `import { ${["type AnyDatabase", ...used].toSorted(byName).join(", ")} } from "bolide/data";`,
    ...(functions.some((text) => text.includes("sql.")) ? ['import { sql } from "kysely";'] : []),
  ];
  return `${[imports.join("\n"), ...functions].join("\n\n")}\n`;
}

/** As a sorter of imports has them, whatever their kind. */
const byName = (a: string, b: string): number =>
  a.replace("type ", "").toLowerCase() < b.replace("type ", "").toLowerCase() ? -1 : 1;

function body(name: "up" | "down", changes: readonly Change[], warnings: readonly Warning[]): string {
  const statements = changes.map(changeCode);
  const lines = [
    ...warnings.map(({ told }) => `// Warning: ${told}.`),
    ...(statements.some((text) => text.includes("type.")) ? ["const type = columnTypes(db);"] : []),
    ...statements,
  ];
  const indented = lines.join("\n").replaceAll(/^(?=.)/gm, "  ");
  return `export async function ${name}(db: AnyDatabase): Promise<void> {\n${indented}\n}`;
}

const quoted = (text: string): string => JSON.stringify(text);

function changeCode(change: Change): string {
  switch (change.kind) {
    case "renameTable":
      return `await db.schema.alterTable(${quoted(change.from)}).renameTo(${quoted(change.to)}).execute();`;
    case "createTable":
      return createTable(change.table, change.foreignKeys);
    case "dropTable":
      return `await db.schema.dropTable(${quoted(change.table.name)}).execute();`;
    case "createIndex": {
      const { name, columns, unique } = change.index;
      return statement("db.schema", [
        `createIndex(${quoted(name)})`,
        ...(unique ? ["unique()"] : []),
        `on(${quoted(change.table)})`,
        indexedCode(columns),
      ]);
    }
    case "dropIndex":
      return statement(`alterTable(db, ${quoted(change.table)})`, [`dropIndex(${quoted(change.index.name)})`]);
    case "fill": {
      const { table, column } = change;
      const value = initialCode(column) ?? "null";
      return statement("db", [
        `updateTable(${quoted(table)})`,
        `set({ ${keyCode(column.name)}: ${value} })`,
        `where(${quoted(column.name)}, "is", null)`,
      ]);
    }
    case "alterTable":
      return statement(`alterTable(db, ${quoted(change.table)})`, change.steps.map(stepCode));
  }
}

/** Kysely takes what follows a blank for a direction. */
function indexedCode(columns: readonly string[]): string {
  const codes = columns.map((column) => (column.includes(" ") ? `sql.id(${quoted(column)})` : quoted(column)));
  return codes.length === 1 ? `column(${codes[0]})` : `columns([${codes.join(", ")}])`;
}

const keyCode = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name));

/** Lines of generated code are as long as those of the formatter. */
const WIDTH = 118;

function statement(subject: string, calls: readonly string[]): string {
  const line = `await ${[subject, ...calls, "execute()"].join(".")};`;
  if (line.length <= WIDTH && calls.length < 4) return line;
  return [`await ${subject}`, ...[...calls, "execute();"].map((call) => `  .${call}`)].join("\n");
}

function createTable(table: TableShape, foreignKeys: readonly ForeignKeyShape[]): string {
  const { name, columns, primaryKey } = table;
  const keyed = keyedColumns(table);
  const calls = [
    `createTable(${quoted(name)})`,
    ...columns.map((column) => `addColumn(${definition(column, keyed.has(column.name), primaryKey)})`),
    ...(primaryKey.length > 1
      ? [`addPrimaryKeyConstraint(${quoted(`${name}_pkey`)}, ${stringsCode(primaryKey)})`]
      : []),
    ...foreignKeys.map((key) => `addForeignKeyConstraint(${foreignKey(key)})`),
    ...columns.filter(({ check }) => check !== undefined).map((column) => `addCheckConstraint(${check(column)})`),
  ];
  return ["await db.schema", ...calls.map((call) => `  .${call}`), "  .execute();"].join("\n");
}

function stepCode(step: Step): string {
  switch (step.kind) {
    case "renameColumn":
      return `renameColumn(${quoted(step.from)}, ${quoted(step.to)})`;
    case "addColumn":
      return `addColumn(${definition(step.column, step.keyed, [])})`;
    case "changeColumn":
      return `changeColumn(${definition(step.to, step.keyed, step.to.generated === "identity" ? [step.to.name] : [])})`;
    case "dropColumn":
      return `dropColumn(${quoted(step.column.name)})`;
    case "addForeignKey":
      return `addForeignKeyConstraint(${foreignKey(step.key)})`;
    case "dropForeignKey":
      return `dropConstraint(${quoted(step.key.name)})`;
    case "addCheck":
      return `addCheckConstraint(${check(step.column)})`;
    case "dropCheck":
      return `dropConstraint(${quoted(step.column.check ?? "")})`;
    case "changePrimaryKey":
      return `changePrimaryKey(${stringsCode(step.to)})`;
  }
}

function definition(column: ColumnShape, keyed: boolean, primaryKey: readonly string[]): string {
  const { name, nullable, generated } = column;
  const isKey = primaryKey.length === 1 && primaryKey[0] === name;
  const parts = [quoted(name), typeCode(column, keyed)];
  if (isKey && generated === "identity") return [...parts, "type.identity"].join(", ");
  const initial = initialCode(column);
  const calls = [
    ...(nullable ? [] : ["notNull()"]),
    ...(isKey ? ["primaryKey()"] : []),
    ...(initial === undefined ? [] : [`defaultTo(${initial})`]),
  ];
  return (calls.length === 0 ? parts : [...parts, `(column) => ${["column", ...calls].join(".")}`]).join(", ");
}

function typeCode({ kind, maxLength, precision, scale, values = [] }: ColumnShape, keyed: boolean): string {
  if (kind === "text") return keyed && maxLength === undefined ? "type.keyText" : `type.text(${maxLength ?? ""})`;
  if (kind === "decimal") return `type.decimal(${precision ?? 38}, ${scale ?? 2})`;
  return kind === "enum" ? `type.oneOf(${stringsCode(values)})` : `type.${kind}`;
}

function initialCode(column: ColumnShape): string | undefined {
  if (column.generated === "now") return "type.now";
  if (column.generated === "uuid") return "type.randomUuid";
  return "default" in column ? literalCode(column) : undefined;
}

const check = ({ name, values = [], check: constraint = "" }: ColumnShape): string =>
  `${quoted(constraint)}, isOneOf(${quoted(name)}, ${stringsCode(values)})`;

function foreignKey({ name, columns, table, references, onDelete, onUpdate }: ForeignKeyShape): string {
  const actions = [
    ...(onDelete === "no action" ? [] : [`onDelete(${quoted(onDelete)})`]),
    ...(onUpdate === "no action" ? [] : [`onUpdate(${quoted(onUpdate)})`]),
  ];
  const parts = [quoted(name), stringsCode(columns), quoted(table), stringsCode(references)];
  return (actions.length === 0 ? parts : [...parts, `(key) => ${["key", ...actions].join(".")}`]).join(", ");
}
