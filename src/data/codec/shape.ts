import type { OperationNode, RootOperationNode, SelectionNode, SetOperationNode, WithNode } from "kysely";
import type { Models } from "../model/index.ts";
import type { Field, Fields } from "./field.ts";
import { fieldOf, type Reference, referenceOf, tableName, unaliased } from "./expression.ts";

/** The tables that a part of a query may refer to, by the names they have there. */
type Scope = ReadonlyMap<string, Fields>;

const NOTHING: Fields = new Map();
const NOWHERE: Scope = new Map();

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
    return (query as Query).explain === undefined ? this.#query(query, NOWHERE, NOWHERE) : NOTHING;
  }

  /** `ctes`: common table expressions that the query may name as tables; `around`: the tables of queries around it. */
  #query(node: OperationNode, outer: Scope, around: Scope): Fields {
    if (!QUERIES.has(node.kind)) return NOTHING;
    const query = node as Query;
    const ctes = this.#with(query.with, outer);
    const selections = query.kind === "SelectQueryNode" ? query.selections : query.returning?.selections;
    const fields = this.#selected(selections ?? [], this.#scope(sourcesOf(query), ctes), ctes, around);
    return (query.setOperations ?? []).reduce(
      (known, { expression }) => filled(known, this.#query(expression, ctes, around)),
      fields,
    );
  }

  #with(node: WithNode | undefined, outer: Scope): Scope {
    if (node === undefined) return outer;
    const ctes = new Map(outer);
    for (const { name, expression } of node.expressions) {
      const fields = this.#query(expression, ctes, NOWHERE);
      const names = name.columns?.map(({ column }) => column.name);
      const given = [...fields.values()];
      ctes.set(
        name.table.table.identifier.name,
        names === undefined ? fields : new Map(names.map((column, index) => [column, given[index]])),
      );
    }
    return ctes;
  }

  #scope(sources: readonly OperationNode[], ctes: Scope): Scope {
    const scope = new Map<string, Fields>();
    for (const source of sources) {
      const { node, alias } = unaliased(source);
      const table = tableName(node);
      const name = alias ?? table;
      if (name === undefined) continue;
      const fields =
        table === undefined ? this.#query(node, ctes, NOWHERE) : (ctes.get(table) ?? this.#tables.get(table));
      scope.set(name, fields ?? NOTHING);
    }
    return scope;
  }

  #selected(selections: readonly SelectionNode[], scope: Scope, ctes: Scope, around: Scope): Fields {
    const fields = new Map<string, Field>();
    for (const { selection } of selections) {
      const { node, alias } = unaliased(selection);
      const reference = referenceOf(node);
      if (node.kind === "SelectAllNode" || (reference !== undefined && reference.column === undefined)) {
        const tables = reference?.table === undefined ? [...scope.values()] : [scope.get(reference.table) ?? NOTHING];
        for (const table of tables) for (const [name, field] of table) fields.set(name, field);
        continue;
      }
      const name = alias ?? reference?.column;
      if (name !== undefined) fields.set(name, this.#field(node, scope, ctes, around));
    }
    return fields;
  }

  #field(node: OperationNode, scope: Scope, ctes: Scope, around: Scope): Field {
    return fieldOf(node, {
      column: (reference) => lookUp(reference, scope) ?? lookUp(reference, around),
      subquery: (query) => [...this.#query(query, ctes, new Map([...around, ...scope])).values()][0],
    });
  }
}

function lookUp({ table, column }: Reference, scope: Scope): Field {
  if (column === undefined) return undefined;
  if (table !== undefined) return scope.get(table)?.get(column);
  for (const fields of scope.values()) if (fields.has(column)) return fields.get(column);
  return undefined;
}

/** The columns of a union have their names from its first query; what that says nothing of, `select null`, another may. */
function filled(fields: Fields, others: Fields): Fields {
  const given = [...others.values()];
  return new Map([...fields].map(([name, field], index) => [name, field ?? given[index]]));
}

const QUERIES = new Set(["SelectQueryNode", "InsertQueryNode", "UpdateQueryNode", "DeleteQueryNode", "MergeQueryNode"]);

/** As much of a query as tells where its rows come from. */
interface Query extends OperationNode {
  readonly with?: WithNode;
  readonly explain?: OperationNode;
  readonly into?: OperationNode;
  readonly table?: OperationNode;
  readonly from?: { readonly froms: readonly OperationNode[] };
  readonly joins?: readonly Join[];
  readonly using?: Join | { readonly kind: "UsingNode"; readonly tables: readonly OperationNode[] };
  readonly selections?: readonly SelectionNode[];
  readonly setOperations?: readonly SetOperationNode[];
  readonly returning?: { readonly selections: readonly SelectionNode[] };
}

interface Join {
  readonly kind: "JoinNode";
  readonly table: OperationNode;
}

function sourcesOf({ into, table, from, joins = [], using }: Query): readonly OperationNode[] {
  const used = using === undefined ? [] : using.kind === "UsingNode" ? using.tables : [using.table];
  return [into, table, ...(from?.froms ?? []), ...used, ...joins.map((join) => join.table)].filter(
    (node) => node !== undefined,
  );
}
