import {
  type AliasableExpression,
  AliasNode,
  AndNode,
  expressionBuilder,
  ExpressionWrapper,
  FromNode,
  IdentifierNode,
  JoinNode,
  type Kysely,
  LimitNode,
  type OperationNode,
  ParensNode,
  type RawBuilder,
  SelectionNode,
  type SelectQueryBuilder,
  type SelectQueryNode,
  sql,
  TableNode,
  ValueNode,
  WhereNode,
} from "kysely";
import { type Field, type Nested, remember } from "../codec/index.ts";
import type { Core } from "../core.ts";
import type { DialectName } from "../engine/index.ts";
import type { AnyModel, Relation } from "../model/index.ts";
import type { Instance } from "../transaction/index.ts";
import { columnProperty, LISTS, nestedProperty, objectOf } from "./json.ts";
import { columnsOf, coreOf, endsOf, modelOf, relationOf } from "./meaning.ts";
import { literal, renamed } from "./rename.ts";
import {
  type AnyOptions,
  isSingle,
  optionsOf,
  type Related,
  type RelatedOptions,
  type RelationName,
  type Target,
} from "./request.ts";

/** A table by its name, or by the one that the query gives it. */
export type Named<DB> = (keyof DB & string) | `${keyof DB & string} as ${string}`;
type TableOf<DB, A> = A extends `${infer T} as ${string}` ? T & keyof DB : A & keyof DB;

/**
 * The rows of a relation as a column of the query, so that everything is read by one statement: an object or null for `belongsTo` and
 * `hasOne`, a list for `hasMany` and `manyToMany`. Values are what they are in any other query. A table that the query calls by
 * another name is given with it, `"articles as a"`.
 *
 * The database makes JSON of the rows; with many rows that have many related ones, {@link prefetch} is the quicker way. Errors: an
 * `Error` for a database without models, a `TypeError` for a table, relation or column that they do not have. Inside of a transaction
 * of Kysely's own, `db` is the database, not the transaction.
 *
 * @example
 * const articles = await db
 *   .selectFrom("articles")
 *   .select(["id", "title"])
 *   .select(related(db, "articles", "author", { columns: ["id", "name"] }).as("author"))
 *   .select(related(db, "articles", "comments", { query: (q) => q.orderBy("id", "desc").limit(3), with: { author: true } }).as("comments"))
 *   .execute();
 */
export function related<
  DB,
  A extends Named<DB>,
  N extends RelationName<DB, TableOf<DB, A>>,
  const O extends RelatedOptions<DB, Target<DB, TableOf<DB, A>, N>> = {},
>(
  db: Instance<DB>,
  table: A,
  name: N,
  options?: O & RelatedOptions<DB, Target<DB, TableOf<DB, A>, N>>,
): AliasableExpression<Related<DB, TableOf<DB, A>, N, O>> {
  const core = coreOf(db as Kysely<any>);
  const [own, visible] = (table as string).split(" as ") as [string, string | undefined];
  const parent = { core, model: modelOf(core, own), visible: visible ?? own };
  return new ExpressionWrapper(build(parent, name, (options ?? {}) as AnyOptions).node);
}

/** The row whose relation is asked for, and the name that its table has where the relation stands. */
interface Parent {
  readonly core: Core;
  readonly model: AnyModel;
  readonly visible: string;
}

function build(parent: Parent, name: string, options: AnyOptions): { node: OperationNode; shape: Nested } {
  const { core, model } = parent;
  const { dialect } = core;
  const { relation, target } = relationOf(core, model, name);
  const visible = nameBeside(parent.visible, target.table, name);
  const inner = { core, model: target, visible };
  const fields = new Map<string, Field>();
  const columns = columnsOf(target, options).map((column) => {
    fields.set(column.name, column.kind);
    return columnProperty(dialect, visible, column);
  });
  const nested = Object.entries(options.with ?? {}).flatMap(([nestedName, asked]) => {
    if (asked === undefined) return [];
    const { node, shape } = build(inner, nestedName, optionsOf(asked));
    fields.set(nestedName, shape);
    return [nestedProperty(dialect, nestedName, node)];
  });
  const object = objectOf(dialect, [...columns, ...nested]);
  const rows = rowsOf(parent, relation, target, visible, options);
  const shape: Nested = { fields, many: !isSingle(relation) };
  const node = shape.many ? listed(dialect, rows, visible, object) : first(rows, object);
  return { node: remember(node, shape), shape };
}

/** What the related table is called, so that the row it belongs to still can be referred to. */
const nameBeside = (outer: string, table: string, relation: string): string => {
  if (outer !== table) return table;
  return outer === relation ? `${relation}_` : relation;
};

const eb = expressionBuilder<any, any>();

/** What a relation's query may not do: its rows and columns are the table's own. */
const FOREIGN = ["selections", "groupBy", "having", "setOperations", "distinctOn", "with", "fetch", "top"] as const;

/** The caller's query of the related table; errors where it is one that no relation can be. */
export function asked(target: AnyModel, { query }: AnyOptions): SelectQueryNode {
  const base = eb.selectFrom(target.table);
  const select = (query?.(base) ?? base).toOperationNode() as SelectQueryNode;
  if (FOREIGN.some((part) => select[part] !== undefined))
    throw new TypeError("The query of a relation narrows, orders and limits; its columns are named in columns");
  return select;
}

/** The related rows of one row, as the caller narrowed, ordered and limited them; nothing is selected yet. */
function rowsOf(
  parent: Parent,
  relation: Relation,
  target: AnyModel,
  visible: string,
  options: AnyOptions,
): SelectQueryNode {
  const query = asked(target, options);
  const select = visible === target.table ? query : renamed(query, target.table, visible);
  const { own, other } = endsOf(parent.core, parent.model, relation, target);
  const ends = { own: sql.id(parent.visible, own), other: sql.id(visible, other) };
  if (relation.kind !== "manyToMany") return narrowed(select, sql`${ends.other} = ${ends.own}`);
  const { through, column } = relation;
  const pairs = eb.selectFrom(through).where(sql<boolean>`${sql.id(through, column)} = ${ends.own}`);
  const key = `${through}.${relation.other}`;
  return parent.core.dialect === "sqlite"
    ? behindKeys(select, pairs.distinct().select(`${key} as ${OTHER}`), ends.other)
    : narrowed(select, sql`${ends.other} in ${pairs.select(key)}`);
}

function narrowed(select: SelectQueryNode, wanted: RawBuilder<unknown>): SelectQueryNode {
  const condition = wanted.toOperationNode();
  const { where } = select;
  return {
    ...select,
    where: WhereNode.create(
      where === undefined ? condition : AndNode.create(ParensNode.create(where.where), condition),
    ),
  };
}

/** The column that has the keys of the related rows. */
const OTHER = "bolide_other";

/**
 * Begins with the keys, where SQLite would go through all of a small related table for each row once it knows by `analyze` that it is
 * small: the tags of 20 articles are 15 us so, and 540 by `in`. A cross join keeps the order of its tables (sqlite.org/optoverview).
 */
function behindKeys(
  select: SelectQueryNode,
  keys: SelectQueryBuilder<any, any, any>,
  other: RawBuilder<unknown>,
): SelectQueryNode {
  const [table] = select.from!.froms;
  const pairs = AliasNode.create(keys.toOperationNode(), IdentifierNode.create("bolide_pair"));
  const joins = [JoinNode.create("CrossJoin", table!), ...(select.joins ?? [])];
  return narrowed(
    { ...select, from: FromNode.create([pairs]), joins },
    sql`${other} = ${sql.id("bolide_pair", OTHER)}`,
  );
}

/** A part of a query where Kysely's template takes an expression. */
const raw = (node: OperationNode): RawBuilder<unknown> => ({ toOperationNode: () => node }) as RawBuilder<unknown>;

const only = (value: RawBuilder<unknown>): readonly SelectionNode[] => [
  SelectionNode.create(value.toOperationNode() as never),
];

/** The first row as an object. */
function first(rows: SelectQueryNode, object: RawBuilder<unknown>): OperationNode {
  return {
    limit: LimitNode.create(ValueNode.createImmediate(1)),
    ...rows,
    selections: only(object),
  } as SelectQueryNode;
}

/** All rows as a list of objects. */
function listed(
  dialect: DialectName,
  rows: SelectQueryNode,
  visible: string,
  object: RawBuilder<unknown>,
): OperationNode {
  const [list, empty] = LISTS[dialect].map((text) => sql.raw(text)) as [RawBuilder<unknown>, RawBuilder<unknown>];
  const selections = only(sql`coalesce(${list}(${object}), ${empty})`);
  const { orderBy, limit, offset, ...unordered } = rows;
  const end = [orderBy, limit, offset].filter((part) => part !== undefined);
  if (end.length === 0) return { ...rows, selections } as SelectQueryNode;
  if (dialect !== "mysql") {
    const table = TableNode.create(visible);
    const ordered = { ...rows, selections: [SelectionNode.createSelectAllFromTable(table)] } as SelectQueryNode;
    const from = FromNode.create([AliasNode.create(ordered, IdentifierNode.create(visible))]);
    return { kind: "SelectQueryNode", from, selections } as SelectQueryNode;
  }
  // MariaDB orders and limits what it gathers; MySQL cannot, and takes the rows from a subselect, which MariaDB does not let refer to the
  // row outside. Each reads its own comments and skips the other's.
  const table = sql.id(visible);
  const order = sql.join(
    end.map((part) => raw(literal.transformNode(part))),
    sql` `,
  );
  const source = sql.join([unordered.from!, ...(unordered.joins ?? []), unordered.where!].map(raw), sql` `);
  return sql`(select coalesce(${list}(${object} /*M! ${order}*/), ${empty}) /*!80014 from (select ${table}.* */ ${source} /*!80014 ${order}) as ${table} */)`.toOperationNode();
}
