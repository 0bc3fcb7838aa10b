import { HttpError } from "../../http/index.ts";

/**
 * What says that the transaction lost against another one, and that the same may succeed if it begins anew: serialisation failure and
 * deadlock (SQLSTATE), deadlock and changed record (MySQL, MariaDB), a snapshot or lock that another SQLite connection got ahead of.
 */
const LOST = /^(?:40001|40P01|1213|1020|SQLITE_(?:BUSY|LOCKED)\w*)$/;

/**
 * Whether the transaction that an error ended may be tried again. An error that wraps the driver's counts as it does, but for an
 * `HttpError`: that is an answer already.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof HttpError) return false;
  const { code, errno } = error as Error & { readonly code?: unknown; readonly errno?: unknown };
  return LOST.test(String(code)) || LOST.test(String(errno)) || isTransient(error.cause);
}

/** Milliseconds before the second try, at most; each further one may wait twice as long. */
const FIRST_PAUSE = 20;
const MOST_PAUSE = 500;

/** Any time up to the most that is due, so that those who met do not meet again. */
export const pause = (attempt: number): Promise<void> =>
  Bun.sleep(Math.random() * Math.min(FIRST_PAUSE * 2 ** attempt, MOST_PAUSE));
