import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { type DialectName, executorOf } from "../data/index.ts";

/** The dialect that a text of SQL with a parameter in it is written in. */
const written = (text: string): DialectName =>
  /\$\d/.test(text) ? "postgres" : text.includes("`") ? "mysql" : "sqlite";

/** A builder does not tell its database, but how its SQL is written does. */
export const dialectOfQuery = (query: SelectQueryBuilder<any, any, any>): DialectName =>
  written(query.limit(1).compile().sql);

/** The dialect of a database, whoever made its Kysely. */
export const dialectOf = (db: Kysely<any>): DialectName =>
  executorOf(db)?.core.dialect ?? written(sql`${sql.ref("a")} = ${1}`.compile(db).sql);
