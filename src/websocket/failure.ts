import { HttpError } from "../http/index.ts";
import { CloseCode, fitReason } from "./codes.ts";

/** What a handler's failure comes to. */
export interface Failure {
  readonly code: number;
  readonly reason: string;
  /** What the log says; absent where the client is at fault. */
  readonly message: string | undefined;
}

/** An `HttpError` tells the client its detail, 401 and 403 by 1008, the others by 1011; anything else tells it nothing. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof HttpError)) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
    return { code: CloseCode.internalError, reason: "Internal error", message };
  }
  const { status } = error;
  return {
    code: status === 401 || status === 403 ? CloseCode.policyViolation : CloseCode.internalError,
    reason: fitReason(error.message),
    message: status < 500 ? undefined : `${error.name}: ${error.message}`,
  };
}
