import {
  AliasNode,
  IdentifierNode,
  type KyselyPlugin,
  type RootOperationNode,
  SelectionNode,
  type SelectQueryBuilder,
  SelectQueryNode,
  sql,
} from "kysely";

/** Any select; what it selects is known to whoever gave it. */
export type AnyQuery = SelectQueryBuilder<any, any, any>;

/** The result column that holds the count of all rows. */
export const COUNT = "bolide_count";

/** The parts of a select that make its rows other than those of its tables and conditions. */
type Parts = Partial<
  Pick<
    SelectQueryNode,
    "groupBy" | "having" | "distinctOn" | "frontModifiers" | "setOperations" | "limit" | "offset" | "orderBy"
  >
>;

const partsOf = (query: AnyQuery): Parts => query.toOperationNode() as unknown as Parts;

/** Whether a select has an order of its own. */
export const isOrdered = (query: AnyQuery): boolean => partsOf(query).orderBy !== undefined;

/** Whether columns can be added to a select. */
export const isExtensible = (query: AnyQuery): boolean => partsOf(query).setOperations === undefined;

/** Throws a `TypeError` for a select that is limited already. */
export function checkUnlimited(name: string, query: AnyQuery): void {
  const { limit, offset } = partsOf(query);
  if (limit !== undefined || offset !== undefined)
    throw new TypeError(`${name}: the query has a limit or an offset of its own; the pagination sets them`);
}

/** How many rows a select has, as a select of one. Its order is left out, and what it selects where that makes no difference. */
export function counted(query: AnyQuery): AnyQuery {
  const { groupBy, having, distinctOn, frontModifiers, setOperations } = partsOf(query);
  const isPlain = [groupBy, having, distinctOn, frontModifiers, setOperations].every((part) => part === undefined);
  const unordered = query.clearOrderBy();
  if (isPlain) return unordered.clearSelect().select(countAll().as(COUNT));
  return unordered.withPlugin(new Wrap());
}

const countAll = () => sql<number>`count(*)`;

/** Makes a select of the number of its rows: a builder alone cannot be selected from. */
class Wrap implements KyselyPlugin {
  transformQuery({ node }: { readonly node: RootOperationNode }): RootOperationNode {
    const inner = AliasNode.create(node, IdentifierNode.create("counted"));
    const outer = SelectQueryNode.createFrom([inner]);
    const count = countAll().as(COUNT).toOperationNode() as AliasNode;
    return SelectQueryNode.cloneWithSelections(outer, [SelectionNode.create(count)]);
  }

  transformResult<T>({ result }: { readonly result: T }): Promise<T> {
    return Promise.resolve(result);
  }
}

/** The same select with the count of all rows beside each. */
export const withCount = (query: AnyQuery): AnyQuery => query.select(counted(query).as(COUNT));

/** Takes the count away from rows that have it beside them; undefined where there are no rows. */
export function takeCount(rows: Record<string, unknown>[]): number | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const count = Number(first[COUNT]);
  // The last column is undone in 4 ns a row; a copy without it took 104.
  for (const row of rows) delete row[COUNT];
  return count;
}
