import type { AnyModel } from "../../data/index.ts";
import { ValidationError } from "../../http/index.ts";
import type { TObject } from "../../schema/index.ts";
import { needsOf } from "../serializer/index.ts";
import type { AnyModelViewOptions } from "./options.ts";
import type { AnySerializer } from "./schemas.ts";
import type { Selection } from "./selection.ts";
import type { Row } from "./table.ts";

/** What an action answers: its schema, what is read for it, and how a row becomes it. */
export interface Shown {
  readonly schema: TObject;
  readonly needs: Selection;
  /** Undefined: a row is what is answered, once its schema has taken the rest away. */
  readonly write: ((row: Row) => unknown) | undefined;
}

/** What an action takes: its schema, and how a body becomes the values of a row. */
export interface Taken {
  readonly schema: TObject;
  readonly read: (body: Row) => Row;
  /** The columns, and the relations, that a body may set. */
  readonly names: readonly string[];
  /** Throws a 422 for a row that the check of the whole does not let pass; undefined where there is no such check. */
  readonly check: ((row: Row) => void) | undefined;
}

/** What the actions of a model answer and take. */
export interface Forms {
  readonly list: Shown;
  readonly retrieve: Shown;
  readonly written: Shown;
  readonly create: Taken;
  readonly update: Taken;
  readonly partialUpdate: Taken;
}

export function formsOf(model: AnyModel, { serializer, output = {}, input = {} }: AnyModelViewOptions): Forms {
  const shown = (form: TObject | AnySerializer): Shown =>
    isSerializer(form)
      ? { schema: form.output, needs: needsOf(form.output, model), write: (row) => form.toOutput(row) }
      : { schema: form, needs: needsOf(form, model), write: undefined };
  const retrieve = output.retrieve ?? serializer?.views["detail"] ?? serializer ?? model.public;
  const create = input.create ?? serializer ?? model.create;
  const partly = input.create ?? serializer;
  const partial = partly !== undefined && isSerializer(partly) ? partly.partial() : model.update;
  return {
    list: shown(output.list ?? serializer?.views["list"] ?? serializer ?? model.public),
    retrieve: shown(retrieve),
    written: shown(output.write ?? retrieve),
    create: taken(create),
    update: taken(input.update ?? create),
    partialUpdate: taken(input.partialUpdate ?? partial),
  };
}

function taken(form: TObject | AnySerializer): Taken {
  if (!isSerializer(form))
    return { schema: form, read: (body) => body, names: Object.keys(form.properties), check: undefined };
  return {
    schema: form.input,
    read: (body) => form.fromInput(body) as Row,
    names: form.sent,
    check: form.checksWhole ? (row) => refuse(form, row) : undefined,
  };
}

function refuse(form: AnySerializer, row: Row): void {
  const problems = form.problems(row);
  if (problems.length === 0) return;
  throw new ValidationError(
    problems.map(({ loc = [], msg, type = "value_error" }) => ({ loc: ["body", ...loc], msg, type })),
  );
}

const isSerializer = (form: TObject | AnySerializer): form is AnySerializer => "toOutput" in form;
