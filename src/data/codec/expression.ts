import type {
  AliasNode,
  BinaryOperationNode,
  CaseNode,
  JSONReferenceNode,
  OperationNode,
  OperatorNode,
  ValueNode,
} from "kysely";
import type { ColumnKind } from "../model/index.ts";
import type { Field, Nested } from "./field.ts";

/** What is known of expressions that were built here: their JSON is of these fields. */
const nested = new WeakMap<OperationNode, Nested>();

/** Remembers of an expression's node what its JSON holds; returns the node. */
export function remember<N extends OperationNode>(node: N, shape: Nested): N {
  nested.set(node, shape);
  return node;
}

/** What is remembered of a query's expressions holds for the copies that a plugin made of them, too. */
export function carryOver(from: unknown, to: unknown): void {
  if (from === to || !isObject(from) || !isObject(to)) return;
  const shape = nested.get(from as never);
  if (shape !== undefined) nested.set(to as never, shape);
  for (const key in from) carryOver(from[key], to[key]);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** How an expression finds what it refers to. */
export interface Around {
  column(reference: Reference): Field;
  /** The only column of a subquery. */
  subquery(query: OperationNode): Field;
}

/** What an expression's value is, as far as its structure tells. */
export function fieldOf(node: OperationNode, around: Around): Field {
  const known = nested.get(node);
  if (known !== undefined) return known;
  const reference = referenceOf(node);
  if (reference !== undefined) return around.column(reference);
  const of = (part: OperationNode | undefined): Field => (part === undefined ? undefined : fieldOf(part, around));
  const first = (parts: readonly (OperationNode | undefined)[]): Field => {
    for (const part of parts) {
      const field = of(part);
      if (field !== undefined) return field;
    }
    return undefined;
  };
  switch (node.kind) {
    case "SelectQueryNode":
      return around.subquery(node);
    case "ParensNode":
    case "AliasNode":
      return of((node as AliasNode).node);
    case "CaseNode": {
      const { when = [], else: otherwise } = node as CaseNode;
      return first([...when.map(({ result }) => result), otherwise]);
    }
    case "ValueNode":
      return literal(node as ValueNode);
    case "JSONReferenceNode":
      return isJsonText(node as JSONReferenceNode) ? undefined : "json";
    case "AndNode":
    case "OrNode":
      return "boolean";
    case "UnaryOperationNode":
      return operatorOf(node) === "-" ? of((node as unknown as { operand: OperationNode }).operand) : "boolean";
    case "BinaryOperationNode": {
      const { leftOperand, rightOperand } = node as BinaryOperationNode;
      const operator = operatorOf(node);
      if (COMPARING.has(operator)) return "boolean";
      const field = ARITHMETIC.has(operator) ? first([leftOperand, rightOperand]) : undefined;
      return NUMERIC.has(field) ? field : undefined;
    }
    case "AggregateFunctionNode":
    case "FunctionNode": {
      const { name, parts } = callOf(node as Call);
      return resultOf(name, () => first(parts));
    }
    default:
      return undefined;
  }
}

/** Division makes other kinds of its operands, and not the same in all databases. */
const ARITHMETIC = new Set(["+", "-", "*", "%"]);
const NUMERIC = new Set<Field>(["integer", "int32", "number", "decimal", "bigint"]);
const COMPARING = new Set(
  "=,==,!=,<>,>,>=,<,<=,<=>,in,not in,is,is not,like,not like,is distinct from,is not distinct from".split(","),
);

/** Functions whose result is one of their arguments. */
const PASSING = new Set(
  "min max coalesce ifnull nullif greatest least any_value lag lead first_value last_value nth_value abs".split(" "),
);
const COUNTING = new Set(["count", "row_number", "rank", "dense_rank", "ntile"]);

function resultOf(name: string, argument: () => Field): Field {
  if (COUNTING.has(name)) return "integer";
  if (PASSING.has(name)) return argument();
  if (name === "sum") return argument() === "int32" ? "integer" : argument();
  if (name !== "avg") return undefined;
  const field = argument();
  return field === "decimal" ? "decimal" : field === undefined ? undefined : "number";
}

interface Call extends OperationNode {
  readonly func: string;
  readonly aggregated?: readonly OperationNode[];
  readonly arguments?: readonly OperationNode[];
}

const callOf = ({ func, aggregated, arguments: given }: Call) => ({
  name: func.toLowerCase(),
  parts: aggregated ?? given ?? [],
});

function literal({ value }: ValueNode): ColumnKind | undefined {
  if (value instanceof Date) return "timestamp";
  return typeof value === "bigint" || typeof value === "boolean" ? (typeof value as "bigint" | "boolean") : undefined;
}

const operatorOf = (node: OperationNode): string => {
  const { operator } = node as unknown as { operator: OperationNode };
  return operator.kind === "OperatorNode" ? (operator as OperatorNode).operator : "";
};

function isJsonText({ traversal }: JSONReferenceNode): boolean {
  const operator = traversal.kind === "JSONPathNode" ? traversal.inOperator : traversal.operator;
  return operator === undefined || operator.operator.startsWith("->>");
}

/** A column as a query names it. */
export interface Reference {
  readonly table: string | undefined;
  /** Undefined: all columns of the table. */
  readonly column: string | undefined;
}

export function referenceOf(node: OperationNode): Reference | undefined {
  if (node.kind === "ColumnNode") {
    return { table: undefined, column: (node as unknown as { column: { name: string } }).column.name };
  }
  if (node.kind !== "ReferenceNode") return undefined;
  const { table, column } = node as unknown as { table?: OperationNode; column: OperationNode };
  return { table: table && tableName(table), column: referenceOf(column)?.column };
}

/** The name of a table without its schema; undefined for anything else. */
export function tableName(node: OperationNode | undefined): string | undefined {
  if (node?.kind !== "TableNode") return undefined;
  return (node as unknown as { table: { identifier: { name: string } } }).table.identifier.name;
}

export function unaliased(node: OperationNode): { node: OperationNode; alias: string | undefined } {
  if (node.kind !== "AliasNode") return { node, alias: undefined };
  const { node: inner, alias } = node as AliasNode;
  return { node: inner, alias: (alias as OperationNode & { readonly name?: string }).name };
}
