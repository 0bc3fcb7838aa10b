import { type ColumnUpdateNode, type OperationNode, type RootOperationNode, ValueNode } from "kysely";
import type { DialectName } from "../engine/index.ts";
import type { AnyModel, Column, ColumnKind, Models } from "../model/index.ts";
import { toScale } from "./decimal.ts";
import { JSON_PARAMETERS, type ToJson } from "./json.ts";
import { Placeholder } from "./placeholder.ts";

/** Changes the values that a query writes. */
export type Rewrite = <N extends RootOperationNode>(query: N) => N;

/**
 * What models know of the values that a query writes: one for a JSON column is written as JSON whatever it is, a UUID in lower
 * case, a decimal to its scale, and where the rows of one SQLite insert differ in their columns, what a row lacks is the column's default, where Kysely alone writes null.
 */
export function rewriter(dialect: DialectName, models: Models): Rewrite {
  const tables = new Map(
    Object.values(models)
      .filter((model) => dialect === "sqlite" || model.columns.values().some(({ kind }) => WRITTEN[dialect].has(kind)))
      .map((model) => [model.table, model]),
  );
  if (tables.size === 0) return (query) => query;
  const values = new Values(dialect);
  return (query) => rewritten(query, tables, values) as typeof query;
}

/** Kinds whose values are written in one form: as JSON, in lower case, to their scale; what a database does by itself is not here. */
const WRITTEN: Readonly<Record<DialectName, ReadonlySet<ColumnKind>>> = {
  sqlite: new Set(["json", "uuid", "decimal"]),
  postgres: new Set(["json"]),
  mysql: new Set(["json", "uuid"]),
};

/** The parts of an insert or update that matter here. */
interface Write extends OperationNode {
  readonly into?: OperationNode;
  readonly table?: OperationNode;
  readonly columns?: readonly { readonly column: { readonly name: string } }[];
  readonly values?: OperationNode & { readonly values?: readonly List[] };
  readonly updates?: readonly ColumnUpdateNode[];
  readonly onConflict?: { readonly updates?: readonly ColumnUpdateNode[] };
  readonly onDuplicateKey?: { readonly updates: readonly ColumnUpdateNode[] };
}

/** One row of an insert: of values when all of them are plain, else of nodes. */
type List = OperationNode & { readonly values: readonly unknown[] };

function rewritten(node: RootOperationNode, tables: ReadonlyMap<string, AnyModel>, values: Values): OperationNode {
  if (node.kind !== "InsertQueryNode" && node.kind !== "UpdateQueryNode") return node;
  const query = node as Write;
  const model = tables.get(tableOf(query.into ?? query.table) ?? "");
  if (model === undefined) return query;
  const { updates, onConflict, onDuplicateKey } = query;
  const rows = query.values?.kind === "ValuesNode" ? query.values : undefined;
  const columns = (query.columns ?? []).map(({ column }) => model.columns.get(column.name));
  const assign = (assignments: readonly ColumnUpdateNode[]): readonly ColumnUpdateNode[] =>
    assignments.map((assignment) => values.assigned(assignment, model));
  return {
    ...query,
    ...(rows === undefined
      ? {}
      : { values: { ...rows, values: (rows.values ?? []).map((row) => values.inserted(row, columns)) } }),
    ...(updates === undefined ? {} : { updates: assign(updates) }),
    ...(onConflict?.updates === undefined
      ? {}
      : { onConflict: { ...onConflict, updates: assign(onConflict.updates) } }),
    ...(onDuplicateKey === undefined
      ? {}
      : { onDuplicateKey: { ...onDuplicateKey, updates: assign(onDuplicateKey.updates) } }),
  };
}

type Columns = readonly (Column | undefined)[];

/** The values that go into columns of one dialect. */
class Values {
  readonly #toJson: ToJson;
  readonly #kinds: ReadonlySet<ColumnKind>;
  /** The database has no word for a column's default. */
  readonly #fillsIn: boolean;

  constructor(dialect: DialectName) {
    this.#toJson = JSON_PARAMETERS[dialect];
    this.#kinds = WRITTEN[dialect];
    this.#fillsIn = dialect === "sqlite";
  }

  inserted(row: List, columns: Columns): List {
    const plain = row.kind === "PrimitiveValueListNode";
    const values = row.values.map((value, index) => {
      const column = columns[index];
      return plain ? this.#encoded(column, value) : this.#insertedNode(value as OperationNode, column);
    });
    return { ...row, values };
  }

  assigned(assignment: ColumnUpdateNode, model: AnyModel): ColumnUpdateNode {
    const name = columnName(assignment.column);
    const value = this.#encodedNode(assignment.value, name === undefined ? undefined : model.columns.get(name));
    return value === assignment.value ? assignment : { ...assignment, value };
  }

  #insertedNode(node: OperationNode, column: Column | undefined): OperationNode {
    if (node.kind !== "DefaultInsertValueNode") return this.#encodedNode(node, column);
    const value = this.#fillsIn ? this.#initial(column) : undefined;
    return value === undefined ? node : ValueNode.create(value);
  }

  #encodedNode(node: OperationNode, column: Column | undefined): OperationNode {
    if (node.kind !== "ValueNode") return node;
    const { value } = node as ValueNode;
    const encoded = this.#encoded(column, value);
    return encoded === value ? node : ValueNode.create(encoded);
  }

  /** SQL's null stands for the null of a JSON column that allows it; elsewhere null is JSON's own. */
  #encoded(column: Column | undefined, value: unknown): unknown {
    if (column === undefined || !this.#kinds.has(column.kind)) return value;
    if (value instanceof Placeholder) return new Placeholder(value.name, (given) => this.#encoded(column, given));
    if (column.kind === "json") return value === null && column.nullable ? value : this.#toJson(value);
    if (typeof value !== "string") return value;
    return column.kind === "uuid" ? value.toLowerCase() : toScale(value, column.decimal?.scale ?? 0);
  }

  #initial(column: Column | undefined): unknown {
    if (column?.generated === "now") return new Date();
    if (column?.generated === "uuid") return crypto.randomUUID();
    return column?.default === undefined ? undefined : this.#encoded(column, column.default);
  }
}

function tableOf(node: OperationNode | undefined): string | undefined {
  if (node?.kind === "AliasNode") return tableOf((node as unknown as { node: OperationNode }).node);
  if (node?.kind !== "TableNode") return undefined;
  return (node as unknown as { table: { identifier: { name: string } } }).table.identifier.name;
}

function columnName(node: OperationNode): string | undefined {
  if (node.kind === "ReferenceNode") return columnName((node as unknown as { column: OperationNode }).column);
  return node.kind === "ColumnNode" ? (node as unknown as { column: { name: string } }).column.name : undefined;
}
