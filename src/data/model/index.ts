export { type Column, columnKind, type ColumnKind, mayBeAbsent } from "./column.ts";
export { ModelError } from "./error.ts";
export { type AnyModel, type Index, type Model, model, type ModelOptions, type Relations } from "./model.ts";
export {
  type BelongsTo,
  belongsTo,
  type HasMany,
  hasMany,
  type HasOne,
  hasOne,
  type ManyToMany,
  manyToMany,
  type Relation,
} from "./relation.ts";
export type { Columns, Schemas } from "./schemas.ts";
export type { Models, RelationsIn, TableOf, TablesOf, WriteOnlyIn } from "./tables.ts";
