import type { AnyModel, Column } from "../../data/index.ts";
import { rowRandom } from "./random.ts";
import { uuidOf } from "./text.ts";
import { NONE, valueOf } from "./value.ts";

/** Values that are drawn for a column whose values must differ. */
const TRIES = 200;

/** Makes values for the columns of one model, and remembers those that must not come again. */
export class ColumnValues {
  readonly #model: AnyModel;
  readonly #seed: number;
  readonly #used = new Map<string, Set<unknown>>();
  /** Columns of which no two rows share a value. */
  readonly #unique: ReadonlySet<string>;
  /** Columns of which two rows may, if they differ in another: better if they do not. */
  readonly #preferred: ReadonlySet<string>;

  constructor(model: AnyModel, seed: number) {
    this.#model = model;
    this.#seed = seed;
    const sets = [model.primaryKey, ...model.indexes.filter(({ unique }) => unique).map(({ columns }) => columns)];
    this.#unique = new Set(sets.filter(({ length }) => length === 1).flat());
    this.#preferred = new Set(sets.flat());
  }

  /** A value for a column of the given row. Errors: where none can be made up. */
  of(column: Column, row: number): unknown {
    const random = rowRandom(`${this.#model.table}.${column.name}`, this.#seed, row);
    const draw = (): unknown => {
      const value = column.generated === "uuid" ? uuidOf(random) : valueOf(column.schema, random);
      if (value === NONE) throw this.#impossible(column, "no value for its schema could be made up");
      return value;
    };
    let value = draw();
    if (!this.#preferred.has(column.name)) return value;
    const used = this.#usedIn(column.name);
    for (let tries = 1; used.has(key(value)) && tries < TRIES; tries++) value = draw();
    if (used.has(key(value)) && this.#unique.has(column.name))
      throw this.#impossible(column, "it is unique, and no value was found that is not used yet");
    used.add(key(value));
    return value;
  }

  /** Remembers a value that was given. */
  take(name: string, value: unknown): void {
    if (this.#preferred.has(name)) this.#usedIn(name).add(key(value));
  }

  /** A foreign key without a row to refer to. */
  missing(column: Column): Error {
    const { table, column: other } = column.references!;
    return this.#impossible(
      column,
      `it refers to ${table}.${other}, whose row create(db) makes with the factory named in with(…)`,
    );
  }

  #usedIn(name: string): Set<unknown> {
    return this.#used.getOrInsertComputed(name, () => new Set());
  }

  #impossible(column: Column, problem: string): Error {
    return new Error(`factory of "${this.#model.table}", column "${column.name}": ${problem}; or give it a value`);
  }
}

/** Whether a row needs a value for it: the database and null are no help. */
export const isRequired = (column: Column): boolean =>
  !column.nullable && column.generated === undefined && column.default === undefined;

const key = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? (JSON.stringify(value) ?? value) : value;
