import type { OperationNode, RootOperationNode } from "kysely";
import type { DialectName, StatementTraits } from "../engine/index.ts";
import type { Models } from "../model/index.ts";
import { type DecodeRow, isWide, rowDecoder } from "./decode.ts";
import { type Encode, ENCODERS } from "./encode.ts";
import { JSON_PARAMETERS, type ToJson } from "./json.ts";
import { Shapes } from "./shape.ts";
import { type Rewrite, rewriter } from "./write.ts";

/** What there is to know of a query before it runs for the first time. */
export interface Reading {
  readonly traits: StatementTraits;
  /** Undefined: the driver's rows are right as they are. */
  readonly decode: DecodeRow | undefined;
}

/** How values get into one database and out of it again. */
export class Codec {
  readonly encode: Encode;
  readonly rewrite: Rewrite;
  readonly toJson: ToJson;
  readonly #dialect: DialectName;
  readonly #shapes: Shapes;

  constructor(dialect: DialectName, models: Models) {
    this.#dialect = dialect;
    this.#shapes = new Shapes(models);
    this.encode = ENCODERS[dialect];
    this.toJson = JSON_PARAMETERS[dialect];
    this.rewrite = rewriter(dialect, models);
  }

  read(query: RootOperationNode): Reading {
    const fields = this.#shapes.of(query);
    const wide = this.#dialect === "sqlite" && isWide(fields);
    return { traits: { ...traitsOf(query), wide }, decode: rowDecoder(this.#dialect, fields, wide) };
  }
}

const WRITES: readonly string[] = ["InsertQueryNode", "UpdateQueryNode", "DeleteQueryNode", "MergeQueryNode"];

function traitsOf(query: OperationNode): StatementTraits {
  const {
    with: ctes,
    explain,
    returning,
    endModifiers,
  } = query as {
    with?: { expressions: readonly { expression: OperationNode }[] };
    explain?: OperationNode;
    returning?: OperationNode;
    endModifiers?: readonly OperationNode[];
  };
  if (query.kind === "SelectQueryNode") {
    const writes = ctes?.expressions.some(({ expression }) => traitsOf(expression).reads !== true) === true;
    // A row lock is for whoever holds the transaction.
    return { reads: !writes && (endModifiers ?? []).length === 0, returns: true };
  }
  if (WRITES.includes(query.kind)) return { reads: false, returns: returning !== undefined || explain !== undefined };
  return query.kind === "RawNode" ? { reads: undefined, returns: undefined } : { reads: false, returns: false };
}
