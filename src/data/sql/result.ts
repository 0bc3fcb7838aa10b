import type { Changes, Row } from "../engine/index.ts";
import type { Result } from "./family.ts";

export const same = (result: Result): Result => result;

export const firstOf = (result: Result): Row | undefined => result[0];

/** MySQL's key is 0 where none was counted up, and a text past 2^53; PostgreSQL has none. */
export function changesOf({ affectedRows, lastInsertRowid }: Result): Changes {
  const insertId = typeof lastInsertRowid === "string" ? BigInt(lastInsertRowid) : lastInsertRowid;
  return { affected: affectedRows, insertId: insertId === null || insertId === 0 ? undefined : insertId };
}
