import type { HttpErrorClass } from "../http/index.ts";
import type { Shape, TSchema } from "../schema/index.ts";
import { type Defaults, DEFAULTS_KEYS } from "./defaults.ts";

/** What a route declares: what it reads, what it needs, what it answers. */
export interface Contract extends Defaults {
  /** Path parameters: `{ id: t.Integer() }`. Undeclared ones are strings. */
  readonly params?: Shape;
  readonly query?: Shape;
  /** Header names in any case, `"x-request-id"` or `xRequestId`. */
  readonly headers?: Shape;
  readonly cookies?: Shape;
  /** The JSON body; `t.Optional(…)` lets it be absent. */
  readonly body?: Shape;
  /** The schema of the answer, or one per status; a map without 200 and with one success makes that the status of a plain value. */
  readonly response?: TSchema | { readonly [status: number]: TSchema };
  /** Errors that this route answers with: they reach the document and the typed client. */
  readonly errors?: readonly HttpErrorClass[];
  /** Names of middleware of outer scopes that this route goes without. */
  readonly skip?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly deprecated?: boolean;
  /** Left out of the document. */
  readonly hidden?: boolean;
}

/** The keys that a contract may have. */
export const CONTRACT_KEYS: ReadonlySet<string> = new Set<keyof Contract>([
  ...DEFAULTS_KEYS,
  "params",
  "query",
  "headers",
  "cookies",
  "body",
  "response",
  "errors",
  "skip",
  "summary",
  "description",
  "operationId",
  "deprecated",
  "hidden",
]);
