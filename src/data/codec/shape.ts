import type { AliasNode, OperationNode, RootOperationNode, SelectionNode, SelectQueryNode, WithNode } from "kysely";
import type { ColumnKind, Models } from "../model/index.ts";

/** What a result column holds: a column's kind, or JSON whose own fields are known. Undefined: whatever the driver gives. */
export type Field = ColumnKind | Nested | undefined;

/** JSON that a query put together from rows, so its dates and numbers went through text. */
export interface Nested {
  readonly fields: Fields;
  readonly many: boolean;
}

/** Result columns by name. */
export type Fields = ReadonlyMap<string, Field>;

/** What is known of expressions that were built here: their JSON is of these fields. */
const nested = new WeakMap<OperationNode, Nested>();

/** Remembers of an expression's node what its JSON holds; returns the node. */
export function remember<N extends OperationNode>(node: N, shape: Nested): N {
  nested.set(node, shape);
  return node;
}

/** The tables that a part of a query may refer to, by the names they have there. */
type Scope = ReadonlyMap<string, Fields>;

const NOTHING: Fields = new Map();

/**
 * What the rows of a query hold, as far as models and the query's own structure tell: columns through aliases, joins,
 * subqueries, common table expressions, unions and `returning`; aggregates by their argument. Raw SQL is unknown.
 */
export class Shapes {
  readonly #tables: Scope;

  constructor(models: Models) {
    this.#tables = new Map(
      Object.values(models).map((model) => [
        model.table,
        new Map([...model.columns.values()].map(({ name, kind }) => [name, kind])),
      ]),
    );
  }

  of(query: RootOperationNode): Fields {
    return this.#query(query, new Map());
  }

  /** `ctes`: common table expressions that the query may name as tables. */
  #query(query: OperationNode, outer: Scope): Fields {
    if (isKind<SelectQueryNode>(query, "SelectQueryNode")) {
      const ctes = this.#with(query.with, outer);
      const sources = [...(query.from?.froms ?? []), ...(query.joins ?? []).map(({ table }) => table)];
      return this.#selected(query.selections ?? [], this.#scope(sources, ctes), ctes);
    }
    if (isWrite(query) && query.returning !== undefined) {
      const ctes = this.#with(query.with, outer);
      const sources = [query.into, query.table, ...(query.from?.froms ?? [])].filter((node) => node !== undefined);
      return this.#selected(query.returning.selections, this.#scope(sources, ctes), ctes);
    }
    return NOTHING;
  }

  #with(node: WithNode | undefined, outer: Scope): Scope {
    if (node === undefined) return outer;
    const ctes = new Map(outer);
    for (const { name, expression } of node.expressions) {
      const fields = this.#query(expression, ctes);
      const names = name.columns?.map(({ column }) => column.name);
      const given = [...fields.values()];
      ctes.set(
        name.table.table.identifier.name,
        names === undefined ? fields : new Map(names.map((column, index) => [column, given[index]])),
      );
    }
    return ctes;
  }

  #scope(sources: readonly OperationNode[], ctes: Scope): Map<string, Fields> {
    const scope = new Map<string, Fields>();
    for (const source of sources) {
      const { node, alias } = unaliased(source);
      const table = tableName(node);
      const name = alias ?? table;
      if (name === undefined) continue;
      const fields = table === undefined ? this.#query(node, ctes) : (ctes.get(table) ?? this.#tables.get(table));
      scope.set(name, fields ?? NOTHING);
    }
    return scope;
  }

  #selected(selections: readonly SelectionNode[], scope: Scope, ctes: Scope): Fields {
    const fields = new Map<string, Field>();
    for (const { selection } of selections) {
      const { node, alias } = unaliased(selection);
      if (isKind<OperationNode>(node, "SelectAllNode")) {
        for (const table of scope.values()) for (const [name, field] of table) fields.set(name, field);
        continue;
      }
      const reference = referenceOf(node);
      if (reference?.column === undefined && reference !== undefined) {
        for (const [name, field] of scope.get(reference.table ?? "") ?? NOTHING) fields.set(name, field);
        continue;
      }
      const name = alias ?? reference?.column;
      if (name !== undefined) fields.set(name, this.#field(node, scope, ctes));
    }
    return fields;
  }

  #field(node: OperationNode, scope: Scope, ctes: Scope): Field {
    const known = nested.get(node);
    if (known !== undefined) return known;
    const reference = referenceOf(node);
    if (reference !== undefined) return lookUp(reference, scope);
    const inner = innerOf(node);
    if (inner !== undefined) return this.#field(inner, scope, ctes);
    if (isKind<SelectQueryNode>(node, "SelectQueryNode")) {
      // A scalar subquery may refer to the tables around it, but what it selects is its own.
      return [...this.#query(node, ctes).values()][0];
    }
    const call = callOf(node);
    if (call === undefined) return undefined;
    const [first] = call.arguments;
    const argument = first === undefined ? undefined : this.#field(first, scope, ctes);
    return resultOf(call.name, argument);
  }
}

/** Functions whose result is one of their arguments. */
const PASSING = new Set([
  "min",
  "max",
  "coalesce",
  "ifnull",
  "nullif",
  "greatest",
  "least",
  "any_value",
  "lag",
  "lead",
]);
const COUNTING = new Set(["count", "row_number", "rank", "dense_rank", "ntile"]);

function resultOf(name: string, argument: Field): Field {
  if (COUNTING.has(name)) return "integer";
  if (PASSING.has(name)) return argument;
  if (name === "sum") return argument === "int32" ? "integer" : argument;
  if (name === "avg") return argument === "decimal" ? "decimal" : argument === undefined ? undefined : "number";
  return undefined;
}

function lookUp({ table, column }: Reference, scope: Scope): Field {
  if (column === undefined) return undefined;
  if (table !== undefined) return scope.get(table)?.get(column);
  for (const fields of scope.values()) if (fields.has(column)) return fields.get(column);
  return undefined;
}

interface Write extends OperationNode {
  readonly into?: OperationNode;
  readonly table?: OperationNode;
  readonly from?: { readonly froms: readonly OperationNode[] };
  readonly with?: WithNode;
  readonly returning?: { readonly selections: readonly SelectionNode[] };
}

const WRITES: readonly string[] = ["InsertQueryNode", "UpdateQueryNode", "DeleteQueryNode", "MergeQueryNode"];
const isWrite = (node: OperationNode): node is Write => WRITES.includes(node.kind);

const isKind = <N extends OperationNode>(node: OperationNode, kind: N["kind"]): node is N => node.kind === kind;

function unaliased(node: OperationNode): { node: OperationNode; alias: string | undefined } {
  if (!isKind<AliasNode>(node, "AliasNode")) return { node, alias: undefined };
  const alias = node.alias as OperationNode & { readonly name?: string };
  return { node: node.node, alias: alias.name };
}

function tableName(node: OperationNode): string | undefined {
  if (node.kind !== "TableNode") return undefined;
  return (node as unknown as { table: { identifier: { name: string } } }).table.identifier.name;
}

interface Reference {
  readonly table: string | undefined;
  /** Undefined: all columns of the table. */
  readonly column: string | undefined;
}

function referenceOf(node: OperationNode): Reference | undefined {
  if (node.kind === "ColumnNode") {
    return { table: undefined, column: (node as unknown as { column: { name: string } }).column.name };
  }
  if (node.kind !== "ReferenceNode") return undefined;
  const { table, column } = node as unknown as { table?: OperationNode; column: OperationNode };
  const owner = table === undefined ? undefined : tableName(table);
  return { table: owner, column: referenceOf(column)?.column };
}

/** What a node only wraps. */
function innerOf(node: OperationNode): OperationNode | undefined {
  const wrapper = node as { kind: string; node?: OperationNode; when?: readonly { result?: OperationNode }[] };
  if (wrapper.kind === "ParensNode" || wrapper.kind === "AliasNode") return wrapper.node;
  return wrapper.kind === "CaseNode" ? wrapper.when?.[0]?.result : undefined;
}

function callOf(node: OperationNode): { name: string; arguments: readonly OperationNode[] } | undefined {
  const call = node as unknown as {
    kind: string;
    func: string;
    aggregated: readonly OperationNode[];
    arguments: readonly OperationNode[];
  };
  if (call.kind === "AggregateFunctionNode") return { name: call.func.toLowerCase(), arguments: call.aggregated };
  return call.kind === "FunctionNode" ? { name: call.func.toLowerCase(), arguments: call.arguments } : undefined;
}
