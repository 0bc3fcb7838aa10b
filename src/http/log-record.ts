/** What happened that an operator should know; never sent to a client. */
export interface LogRecord {
  readonly level: "error" | "warn" | "info";
  readonly message: string;
  readonly route?: string | undefined;
  readonly requestId?: string | undefined;
  readonly error?: unknown;
}
