import type { AnyModel, Column } from "../../data/index.ts";
import { Conflict, type HttpErrorClass, ServiceUnavailable, UnprocessableEntity } from "../../http/index.ts";

/** The errors that a database ends an action with, as `databaseErrors` answers them. */
export interface Refusals {
  readonly read: readonly HttpErrorClass[];
  readonly write: readonly HttpErrorClass[];
  readonly destroy: readonly HttpErrorClass[];
}

/** What a reference does to the rows that have it, so that the row that it names can go. */
const RELEASES: ReadonlySet<string | undefined> = new Set(["cascade", "set null", "set default"]);

/**
 * What constraints may refuse: 409 where a value must be the only one or must be there, and where other models refer to a row that
 * is to go; 422 for a value that the schema takes and the column does not. 503 for all that a database does that is away, full or
 * too slow. `models` are all that the database has.
 */
export function refusalsOf(model: AnyModel, models: Iterable<AnyModel>): Refusals {
  const unique = model.indexes.some((index) => index.unique);
  const refers = model.columns.values().some(({ references }) => references !== undefined);
  const named = model.primaryKey.some((name) => name in model.create.properties);
  const holds = ({ references }: Column) => references?.table === model.table && !RELEASES.has(references.onDelete);
  const referred = [...models].some(({ columns }) => columns.values().some(holds));
  const taken = unique || refers || named ? [Conflict] : [];
  return {
    read: [ServiceUnavailable],
    write: [...taken, UnprocessableEntity, ServiceUnavailable],
    destroy: [...(referred ? [Conflict] : []), ServiceUnavailable],
  };
}
