import { type Insertable, type InsertQueryBuilder, type Kysely, type Selectable, sql } from "kysely";
import { dialectOf } from "../dialect.ts";
import type { DialectName } from "../engine/index.ts";
import { type Instance, transaction } from "../transaction/index.ts";
import { type ChunkOptions, MOST_PARAMETERS, pieces, type Rows } from "./chunks.ts";

/** How rows are inserted. */
export interface BulkInsertOptions<C extends string> extends ChunkOptions {
  /**
   * What happens to a row that a unique constraint stands against: `"ignore"` leaves it out, `{ columns, update }` changes the row that
   * is there, which `columns` find (MySQL takes whichever unique constraint it is). Default: an error, and nothing is inserted.
   */
  readonly onConflict?: "ignore" | { readonly columns: readonly C[]; readonly update: readonly C[] };
}

type Name<DB, T extends keyof DB> = keyof Selectable<DB[T]> & string;

/**
 * Inserts any number of rows, in statements of many rows each and one transaction: all or none. The rows may come by and by from a
 * generator, and are not in memory together. Returns how many were inserted or changed (MySQL: how many were given), or with
 * `returning` the rows, which MySQL cannot do and MariaDB can.
 *
 * Errors: the database's own. A transaction that lost against another one is tried again only if the rows are an array.
 *
 * @example
 * await bulkInsert(db, "articles", readLines("articles.ndjson"), { onConflict: "ignore" });
 * const made = await bulkInsert(db, "tags", [{ name: "bun" }, { name: "zig" }], { returning: ["id"] });
 */
export async function bulkInsert<DB, T extends keyof DB & string>(
  db: Instance<DB>,
  table: T,
  rows: Rows<Insertable<DB[T]>>,
  options?: BulkInsertOptions<Name<DB, T>> & { readonly returning?: undefined },
): Promise<number>;
export async function bulkInsert<DB, T extends keyof DB & string, C extends Name<DB, T>>(
  db: Instance<DB>,
  table: T,
  rows: Rows<Insertable<DB[T]>>,
  options: BulkInsertOptions<Name<DB, T>> & { readonly returning: true | readonly C[] },
): Promise<Pick<Selectable<DB[T]>, C>[]>;
export async function bulkInsert(
  db: Instance<any>,
  table: string,
  rows: Rows<any>,
  {
    chunk,
    onConflict,
    returning,
  }: BulkInsertOptions<string> & { readonly returning?: true | readonly string[] | undefined } = {},
): Promise<any> {
  const dialect = dialectOf(db);
  const build = (on: Kysely<any>, piece: object[]): InsertQueryBuilder<any, string, any> => {
    const insert = on.insertInto(table).values(piece);
    const query = onConflict === undefined ? insert : CONFLICTS[dialect](insert, onConflict, piece[0]!);
    if (returning === undefined) return query;
    return returning === true ? query.returningAll() : query.returning([...returning]);
  };
  const insertAll = async (on: Kysely<any>): Promise<number | unknown[]> => {
    const made: unknown[] = [];
    let inserted = 0;
    for await (const piece of pieces(rows, MOST_PARAMETERS[dialect], chunk)) {
      const query = build(on, piece);
      if (returning !== undefined) {
        // Kysely itself believes that nothing of the MySQL kind returns rows.
        for (const row of (await on.executeQuery(query)).rows) made.push(row);
        continue;
      }
      const { numInsertedOrUpdatedRows } = await query.executeTakeFirstOrThrow();
      inserted += dialect === "mysql" ? piece.length : Number(numInsertedOrUpdatedRows ?? 0);
    }
    return returning === undefined ? inserted : made;
  };
  return transaction(db, insertAll, Array.isArray(rows) || db.isTransaction ? {} : { retries: 0 });
}

type Conflict = Exclude<BulkInsertOptions<string>["onConflict"], undefined>;
type Insert = InsertQueryBuilder<any, string, any>;

/** MySQL counts a row that was there already as it counts others, and `insert ignore` would hide every other error too. */
const CONFLICTS: Readonly<Record<DialectName, (insert: Insert, conflict: Conflict, row: object) => Insert>> = {
  sqlite: standard,
  postgres: standard,
  mysql: (insert, conflict, row) => {
    const [first] = Object.keys(row) as [string];
    const set = (columns: readonly string[], value: (column: string) => unknown): Insert =>
      insert.onDuplicateKeyUpdate(Object.fromEntries(columns.map((column) => [column, value(column)])));
    return conflict === "ignore"
      ? set([first], (column) => sql.ref(column))
      : set(conflict.update, (column) => sql`values(${sql.ref(column)})`);
  },
};

function standard(insert: Insert, conflict: Conflict): Insert {
  if (conflict === "ignore") return insert.onConflict((on) => on.doNothing());
  const { columns, update } = conflict;
  return insert.onConflict((on) => {
    const found = on.columns([...columns]);
    if (update.length === 0) return found.doNothing();
    return found.doUpdateSet((eb) =>
      Object.fromEntries(update.map((column) => [column, eb.ref(`excluded.${column}`)])),
    );
  });
}
