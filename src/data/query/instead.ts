import {
  AliasNode,
  IdentifierNode,
  type KyselyPlugin,
  type OperationNode,
  SelectionNode,
  SelectQueryNode,
} from "kysely";

/** A select of Kysely's, as much as it takes to ask something else about its rows. */
export interface Selecting {
  withPlugin(plugin: KyselyPlugin): { execute(): Promise<unknown[]> };
}

/** Runs one select instead of another, on the same connection. Returns the only value of its only row. */
export async function valueOf(
  query: Selecting,
  instead: (select: SelectQueryNode) => SelectQueryNode,
): Promise<unknown> {
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      if (!SelectQueryNode.is(node)) throw new TypeError("Only the rows of a select can be counted");
      return instead(node);
    },
    transformResult: async ({ result }) => result,
  };
  const [row] = await query.withPlugin(plugin).execute();
  return Object.values(row as Record<string, unknown>)[0];
}

/**
 * A select whose rows matter, not their order, and which stands inside another: no row is locked, rows are in order only where a limit
 * makes use of it, and common table expressions move out, since those that write may stand nowhere else.
 */
export function inner(select: SelectQueryNode): SelectQueryNode {
  const { orderBy, limit, offset, fetch, top, distinctOn } = select;
  const keptOrder = limit ?? offset ?? fetch ?? top ?? distinctOn;
  const { with: _ctes, endModifiers: _locks, orderBy: _order, ...rest } = select;
  return keptOrder === undefined || orderBy === undefined ? rest : { ...rest, orderBy };
}

/** A selection of one expression by a name. */
export const named = (node: OperationNode, name: string): SelectionNode =>
  SelectionNode.create(AliasNode.create(node, IdentifierNode.create(name)));
