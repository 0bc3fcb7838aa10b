import {
  AliasNode,
  IdentifierNode,
  type OperationNode,
  OperationNodeTransformer,
  type QueryId,
  ReferenceNode,
  SelectQueryNode,
  TableNode,
  type ValueNode,
} from "kysely";

/** Calls a table of a select, and what refers to it, by another name. Subselects that read the same table mean their own. */
export function renamed(select: SelectQueryNode, table: string, name: string): SelectQueryNode {
  const renaming = new Renaming(table, name);
  const froms = (select.from?.froms ?? []).map((from) =>
    isTable(from, table) ? AliasNode.create(from, IdentifierNode.create(name)) : from,
  );
  const { from: _, ...rest } = select;
  return { ...renaming.transformNode(rest), from: { kind: "FromNode", froms } };
}

const isTable = (node: OperationNode, table: string): boolean =>
  TableNode.is(node) && node.table.identifier.name === table;

class Renaming extends OperationNodeTransformer {
  readonly #from: string;
  readonly #to: string;

  constructor(from: string, to: string) {
    super();
    this.#from = from;
    this.#to = to;
  }

  protected override transformReference(node: ReferenceNode, queryId?: QueryId): ReferenceNode {
    if (node.table === undefined || !isTable(node.table, this.#from)) return super.transformReference(node, queryId);
    return { ...node, table: TableNode.create(this.#to) };
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    const own = node.from?.froms.some((from) => isTable(from, this.#from)) === true;
    return own ? node : super.transformSelectQuery(node, queryId);
  }
}

/** Writes values into the SQL, where they cannot be parameters. */
class Literal extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return { ...node, immediate: true };
  }
}

export const literal = new Literal();
