/** How the rows of one table find those of another. Tables go by their names, so models may refer to each other. */
export type Relation = BelongsTo | HasOne | HasMany | ManyToMany;

/** This table has the key of the other. */
export interface BelongsTo<To extends string = string> {
  readonly kind: "belongsTo";
  readonly to: To;
  /** This table's column. */
  readonly column: string;
}

/** The other table has this one's key, at most once. */
export interface HasOne<To extends string = string> {
  readonly kind: "hasOne";
  readonly to: To;
  /** The other table's column. */
  readonly column: string;
}

/** The other table has this one's key. */
export interface HasMany<To extends string = string> {
  readonly kind: "hasMany";
  readonly to: To;
  /** The other table's column. */
  readonly column: string;
}

/** A third table has the keys of both. */
export interface ManyToMany<To extends string = string> {
  readonly kind: "manyToMany";
  readonly to: To;
  readonly through: string;
  /** The third table's column for this one. */
  readonly column: string;
  /** The third table's column for the other. */
  readonly other: string;
}

/**
 * This table's `column` holds the key of a row in `to`.
 *
 * @example
 * model("articles", { authorId: t.ForeignKey("users.id") }, { relations: { author: belongsTo("users", "authorId") } });
 */
export const belongsTo = <const To extends string>(to: To, column: string): BelongsTo<To> => ({
  kind: "belongsTo",
  to,
  column,
});

/**
 * At most one row of `to` holds this table's key, in `column`.
 *
 * @example
 * model("users", columns, { relations: { profile: hasOne("profiles", "userId") } });
 */
export const hasOne = <const To extends string>(to: To, column: string): HasOne<To> => ({ kind: "hasOne", to, column });

/**
 * Any number of rows of `to` hold this table's key, in `column`.
 *
 * @example
 * model("users", columns, { relations: { articles: hasMany("articles", "authorId") } });
 */
export const hasMany = <const To extends string>(to: To, column: string): HasMany<To> => ({
  kind: "hasMany",
  to,
  column,
});

/**
 * Rows of `to`, by a third table `through` whose `column` holds this table's key and whose `other` holds that of `to`.
 *
 * @example
 * model("articles", columns, { relations: { tags: manyToMany("tags", "articleTags", "articleId", "tagId") } });
 */
export const manyToMany = <const To extends string>(
  to: To,
  through: string,
  column: string,
  other: string,
): ManyToMany<To> => ({ kind: "manyToMany", to, through, column, other });
