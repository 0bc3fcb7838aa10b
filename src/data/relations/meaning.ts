import type { Kysely } from "kysely";
import type { Core } from "../core.ts";
import { executorOf } from "../executor.ts";
import type { AnyModel, Column, Relation } from "../model/index.ts";
import type { AnyOptions } from "./request.ts";

/** What stands behind a database with models. Errors: an `Error` for one without. */
export function coreOf(db: Kysely<any>): Core {
  const core = executorOf(db)?.core;
  if (core !== undefined) return core;
  const own = db.isTransaction ? "; inside Kysely's own transaction, pass the database itself" : "";
  throw new Error(`Relations are known from models: make the database with database(source, models)${own}`);
}

/** The model of a table. Errors: a `TypeError` for one without. */
export function modelOf({ models }: Core, table: string): AnyModel {
  const model = models[table];
  if (model === undefined) throw new TypeError(`There is no model of the table "${table}"`);
  return model;
}

/** A relation of a model, and the model it leads to. Errors: a `TypeError` for one that there is not. */
export function relationOf(core: Core, model: AnyModel, name: string): { relation: Relation; target: AnyModel } {
  const relation = model.relations[name];
  if (relation === undefined) throw new TypeError(`The model "${model.table}" has no relation "${name}"`);
  return { relation, target: modelOf(core, relation.to) };
}

/** The columns that are asked for; what is `writeOnly` has to be named. */
export function columnsOf(model: AnyModel, { columns }: AnyOptions): Column[] {
  if (columns === undefined) return [...model.columns.values()].filter(({ writeOnly }) => !writeOnly);
  return columns.map((name) => {
    const column = model.columns.get(name);
    if (column === undefined) throw new TypeError(`The model "${model.table}" has no column "${name}"`);
    return column;
  });
}

/** The column of a model that a foreign key holds: the one that it refers to, else the primary key. */
function keyOf(model: AnyModel, foreign: Column | undefined): string {
  if (foreign?.references?.table === model.table) return foreign.references.column;
  const [key, second] = model.primaryKey;
  if (key === undefined || second !== undefined)
    throw new TypeError(`Relations to "${model.table}" need a primary key of one column`);
  return key;
}

/** The two columns that a relation compares, of the one table and of the other; `through` has them where a third table does. */
export interface Ends {
  readonly own: string;
  readonly other: string;
}

export function endsOf(core: Core, model: AnyModel, relation: Relation, target: AnyModel): Ends {
  if (relation.kind === "belongsTo")
    return { own: relation.column, other: keyOf(target, model.columns.get(relation.column)) };
  if (relation.kind !== "manyToMany")
    return { own: keyOf(model, target.columns.get(relation.column)), other: relation.column };
  const through = core.models[relation.through]?.columns;
  return { own: keyOf(model, through?.get(relation.column)), other: keyOf(target, through?.get(relation.other)) };
}
