import {
  AggregateFunctionNode,
  AliasNode,
  FromNode,
  IdentifierNode,
  OperatorNode,
  SelectAllNode,
  type SelectionNode,
  type SelectQueryNode,
  UnaryOperationNode,
  ValueNode,
} from "kysely";
import { inner, named, type Selecting, valueOf } from "./instead.ts";

/**
 * How many rows a select has, as it stands: with its joins, groups, distinct, limit and offset. Its order and its row locks are left out.
 *
 * @example
 * await count(db.selectFrom("articles").where("published", "=", true)); // 7
 */
export async function count(query: Selecting): Promise<number> {
  return Number(await valueOf(query, counting));
}

/**
 * Whether a select has any row.
 *
 * @example
 * if (await exists(db.selectFrom("users").where("email", "=", body.email))) throw new Conflict("Taken");
 */
export async function exists(query: Selecting): Promise<boolean> {
  return Number(await valueOf(query, existing)) === 1;
}

const ALL = [named(AggregateFunctionNode.create("count", [SelectAllNode.create()]), "count")];

function counting(select: SelectQueryNode): SelectQueryNode {
  const counted = inner(select);
  const { from, joins, where } = counted;
  const ctes = select.with === undefined ? {} : { with: select.with };
  if (from !== undefined && isPlain(counted)) {
    const parts = { ...(joins === undefined ? {} : { joins }), ...(where === undefined ? {} : { where }) };
    return { kind: "SelectQueryNode", from, ...parts, ...ctes, selections: ALL };
  }
  const table = AliasNode.create(withSelections(counted), IdentifierNode.create("counted"));
  return { kind: "SelectQueryNode", from: FromNode.create([table]), ...ctes, selections: ALL };
}

function existing(select: SelectQueryNode): SelectQueryNode {
  const found = UnaryOperationNode.create(OperatorNode.create("exists"), withSelections(inner(select)));
  const ctes = select.with === undefined ? {} : { with: select.with };
  return { kind: "SelectQueryNode", ...ctes, selections: [named(found, "exists")] };
}

/** Kysely lets a query select nothing, which only PostgreSQL takes. */
const withSelections = (select: SelectQueryNode): SelectQueryNode =>
  (select.selections ?? []).length > 0 ? select : { ...select, selections: [ONE] };

const ONE: SelectionNode = named(ValueNode.createImmediate(1), "one");

/** What a select has that makes the number of its rows another than that of the rows which `where` lets through. */
const SHAPING = [
  "groupBy",
  "having",
  "distinctOn",
  "frontModifiers",
  "setOperations",
  "limit",
  "offset",
  "fetch",
  "top",
] as const satisfies readonly (keyof SelectQueryNode)[];

/** What gives one value for each row. Any other expression might be an aggregate, or make several rows of one. */
const PER_ROW: readonly string[] = ["ReferenceNode", "ColumnNode", "SelectAllNode", "SelectQueryNode"];

const isPlain = (select: SelectQueryNode): boolean =>
  SHAPING.every((part) => select[part] === undefined) &&
  (select.selections ?? []).every(({ selection }) =>
    PER_ROW.includes(AliasNode.is(selection) ? selection.node.kind : selection.kind),
  );
