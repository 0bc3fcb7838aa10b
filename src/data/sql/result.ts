import type { Changes, Outcome, Row } from "../engine/index.ts";
import type { Result } from "./family.ts";

export const same = (result: Result): Result => result;

export const firstOf = (result: Result): Row | undefined => result[0];

/** MySQL's key is 0 where none was counted up, and a text past 2^53; PostgreSQL has none. */
export function changesOf({ affectedRows, lastInsertRowid }: Result): Changes {
  const insertId = typeof lastInsertRowid === "string" ? BigInt(lastInsertRowid) : lastInsertRowid;
  return { affected: affectedRows, insertId: insertId === null || insertId === 0 ? undefined : insertId };
}

/** PostgreSQL's words for statements that change rows; MySQL has none, and shows rows or what it changed. */
const CHANGING = /^(?:INSERT|UPDATE|DELETE|MERGE)$/;

/** What raw SQL did. MariaDB does not tell how many rows a statement that returns them has changed. */
export function outcomeOf(result: Result): Outcome {
  const { command, columns } = result;
  const changes = command === null ? columns?.length === 0 : CHANGING.test(command ?? "");
  return changes ? { rows: result, ...changesOf(result) } : { rows: result };
}
