import type { Transaction } from "kysely";
import type { AnyModel, Relation } from "../../data/index.ts";
import { ValidationError } from "../../http/index.ts";
import type { Row } from "./table.ts";

/** The values of a row that stand in other tables, by the relations that lead there. */
export type Related = Readonly<Record<string, unknown>>;

/** What of a body goes into the table itself, and what into those that its relations lead to. */
export function apart(model: AnyModel, values: Row): { readonly own: Row; readonly related: Related } {
  const own: Row = {};
  const related: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    if (name in model.relations) related[name] = value;
    else own[name] = value;
  }
  return { own, related };
}

/** Writes the rows that a row nests, in its transaction. What names its key is there already and is referred to; the rest is made. */
export class NestedRows {
  readonly #model: AnyModel;
  readonly #models: ReadonlyMap<string, AnyModel>;

  constructor(model: AnyModel, models: ReadonlyMap<string, AnyModel>) {
    this.#model = model;
    this.#models = models;
  }

  /** Before the row itself: those that it refers to. Returns the columns that refer to them. */
  async before(related: Related, trx: Transaction<any>): Promise<Row> {
    const columns: Row = {};
    for (const [name, value] of Object.entries(related)) {
      const relation = this.#model.relations[name]!;
      if (relation.kind !== "belongsTo") continue;
      columns[relation.column] = value === null ? null : await this.#keyOf(relation, name, value as Row, trx);
    }
    return columns;
  }

  /** After the row itself: those that refer to it. On a change they take the place of what is there. */
  async after(related: Related, key: unknown, isNew: boolean, trx: Transaction<any>): Promise<void> {
    for (const [name, value] of Object.entries(related)) {
      const relation = this.#model.relations[name]!;
      const rows = (Array.isArray(value) ? value : value === null ? [] : [value]) as Row[];
      if (relation.kind === "manyToMany") await this.#link(relation, name, key, rows, isNew, trx);
      else if (relation.kind !== "belongsTo") await this.#own(relation, key, rows, isNew, trx);
    }
  }

  async #own(
    relation: Extract<Relation, { kind: "hasOne" | "hasMany" }>,
    key: unknown,
    rows: readonly Row[],
    isNew: boolean,
    trx: Transaction<any>,
  ): Promise<void> {
    if (!isNew) await trx.deleteFrom(relation.to).where(relation.column, "=", key).execute();
    if (rows.length === 0) return;
    const values = rows.map((row) => ({ ...row, [relation.column]: key }));
    await trx.insertInto(relation.to).values(values).execute();
  }

  async #link(
    relation: Extract<Relation, { kind: "manyToMany" }>,
    name: string,
    key: unknown,
    rows: readonly Row[],
    isNew: boolean,
    trx: Transaction<any>,
  ): Promise<void> {
    if (!isNew) await trx.deleteFrom(relation.through).where(relation.column, "=", key).execute();
    const others = new Set<unknown>();
    for (const row of rows) others.add(await this.#keyOf(relation, name, row, trx));
    if (others.size === 0) return;
    const links = [...others].map((other) => ({ [relation.column]: key, [relation.other]: other }));
    await trx.insertInto(relation.through).values(links).execute();
  }

  /** The key of a nested row: the one that it names, that of the row with the same unique value, or that of a new row. */
  async #keyOf(relation: Relation, name: string, row: Row, trx: Transaction<any>): Promise<unknown> {
    const target = this.#models.get(relation.to)!;
    const [key] = target.primaryKey;
    const named = [key!, ...uniqueColumns(target)].find((column) => row[column] !== undefined && row[column] !== null);
    if (named !== undefined && (named === key || relation.kind === "manyToMany")) {
      const found = await trx.selectFrom(target.table).select(key!).where(named, "=", row[named]).executeTakeFirst();
      if (found !== undefined) return (found as Row)[key!];
      if (named === key && target.columns.get(key!)?.generated !== undefined)
        throw new ValidationError([
          { loc: ["body", name, key!], msg: "Expected the key of an existing object", type: "value_error" },
        ]);
    }
    const insert = trx.insertInto(target.table).values(row);
    if (trx.getExecutor().adapter.supportsReturning)
      return ((await insert.returning(key!).executeTakeFirstOrThrow()) as Row)[key!];
    const { insertId } = await insert.executeTakeFirstOrThrow();
    return row[key!] ?? Number(insertId);
  }
}

const uniqueColumns = (model: AnyModel): readonly string[] =>
  model.indexes.flatMap(({ unique, columns }) => (unique && columns.length === 1 ? columns : []));
