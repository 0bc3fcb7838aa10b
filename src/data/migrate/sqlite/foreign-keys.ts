import { sql } from "kysely";
import type { AnyDatabase } from "../any-database.ts";

/** Whether foreign keys are enforced on this connection. */
export async function enforcesForeignKeys(db: AnyDatabase): Promise<boolean> {
  const { rows } = await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(db);
  return Number(rows[0]?.foreign_keys) === 1;
}

/**
 * Runs something in a transaction in which no foreign key is enforced, as a table that others refer to cannot be replaced
 * otherwise: dropping it would delete or refuse by their rules. SQLite ignores the pragma inside of a transaction, so it comes
 * first. Every reference is checked before the commit; a broken one is an `Error`, and nothing has happened.
 */
export async function withoutForeignKeys(
  db: AnyDatabase,
  run: (transaction: AnyDatabase) => Promise<void>,
): Promise<void> {
  if (db.isTransaction) {
    if (await enforcesForeignKeys(db))
      throw new Error(
        "A table cannot be rebuilt inside of a transaction that enforces foreign keys: run the migration with migrateUp or bolide migrate up, or call it outside of a transaction",
      );
    return run(db);
  }
  await db.connection().execute(async (connection) => {
    const enforced = await enforcesForeignKeys(connection);
    if (enforced) await sql`pragma foreign_keys = off`.execute(connection);
    try {
      await connection.transaction().execute(async (transaction) => {
        await run(transaction);
        await checkForeignKeys(transaction);
      });
    } finally {
      if (enforced) await sql`pragma foreign_keys = on`.execute(connection);
    }
  });
}

/** Errors: an `Error` that counts the rows which refer to nothing. */
export async function checkForeignKeys(db: AnyDatabase): Promise<void> {
  const { rows } = await sql<{ child: string; parent: string; broken: number }>`
    select "table" as child, parent, count(*) as broken from pragma_foreign_key_check group by 1, 2`.execute(db);
  if (rows.length === 0) return;
  const told = rows.map(({ child, parent, broken }) => {
    const refer = Number(broken) === 1 ? "row refers" : "rows refer";
    return `${broken} ${refer} from ${child} to nothing in ${parent}`;
  });
  throw new Error(`Foreign keys are broken: ${told.join("; ")}. Everything was rolled back`);
}
