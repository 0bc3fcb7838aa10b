import { ServiceUnavailable } from "../../http/index.ts";

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/** This process may not write the file. */
export const isReadOnly = (error: unknown): boolean => codeOf(error).startsWith("SQLITE_READONLY");

/** What is wrong with the file or its disk, not with the query. */
const AWAY: readonly (readonly [code: RegExp, told: string])[] = [
  [/^SQLITE_(?:BUSY|LOCKED)/, "The database is busy"],
  [/^SQLITE_FULL/, "The database's disk is full"],
  // A directory that cannot be made is the system's own error: `EACCES`, `ENOTDIR`.
  [/^(?:SQLITE_(?:IOERR|CANTOPEN|PROTOCOL|NOLFS)|E[A-Z]+$)/, "The database's file cannot be read or written"],
];

/** The error as callers see it: a 503 for a file that is busy, full or away, else SQLite's own. Only the cause names the file. */
export function fault(error: unknown, file?: string): unknown {
  const code = codeOf(error);
  const told = AWAY.find(([pattern]) => pattern.test(code))?.[1];
  if (told === undefined) return error;
  const cause = file === undefined ? error : new Error(`${file}: ${(error as Error).message}`, { cause: error });
  return new ServiceUnavailable(told, { cause });
}
