import { HttpError, ServiceUnavailable } from "../../http/index.ts";

/** Codes that Bun gives when there is no connection, or none any more. */
const LOST = /^ERR_(?:POSTGRES|MYSQL)_(?:CONNECTION_(?:CLOSED|FAILED|REFUSED|TIMEOUT)|IDLE_TIMEOUT|LIFETIME_TIMEOUT)$/;

const AWAY = "The database cannot be reached";

function about(reason: string, codes: string): Record<string, string> {
  return Object.fromEntries(codes.split(" ").map((code) => [code, reason]));
}

/** SQLSTATEs and MySQL's numbers of a server that is away, full, or has ended the statement; the rest is the caller's to judge. */
const REASONS: Readonly<Record<string, string>> = {
  ...about(AWAY, "57P01 57P02 57P03 57P05 1053 1152 1184 1927 2006 2013"),
  ...about("The database has no connection to spare", "53300 1040 1203 1226"),
  ...about("The database is full", "53000 53100 53200 53400 1021 1037 1038 1041 1114 3169"),
  // Its own time limits, and what was cancelled.
  ...about("The database took too long", "57014 1317 1969 3024"),
};

/** Whether the connection is gone, and the transaction with it. */
export function isLost(error: unknown): boolean {
  return reasonOf(error) === AWAY;
}

/** What callers get of a driver's error: a 503 where the database is at fault, the error itself where the statement is. */
export function fault(error: unknown): unknown {
  const reason = reasonOf(error);
  return reason === undefined ? error : new ServiceUnavailable(reason, { cause: error });
}

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof HttpError) return reasonOf(error.cause);
  const { code, errno } = error as Error & { readonly code?: unknown; readonly errno?: unknown };
  if (typeof code === "string" && LOST.test(code)) return AWAY;
  const known = REASONS[String(errno)];
  if (known !== undefined) return known;
  // Class 08 of SQLSTATE: connection exception.
  return typeof errno === "string" && errno.startsWith("08") ? AWAY : undefined;
}
