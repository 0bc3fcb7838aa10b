/** Whether an error is SQLite's that another connection has the lock: a moment later it may be free. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(String((error as { readonly code?: unknown } | null)?.code));
}
