import type { Server } from "bun";
import { DEFAULT_PARTS, type ErrorFormat, type LogRecord } from "../http/index.ts";
import type { MaybePromise } from "../middleware/index.ts";
import type { Dependency, Provider } from "../route/index.ts";
import type { Validators } from "../schema/index.ts";
import type { Sockets } from "../websocket/index.ts";
import type { Address } from "./address.ts";

/** What limits a request's parts; over it, the answer is 400. */
export interface RequestLimits {
  /** UTF-16 units of one path, query, header or cookie value; default 8,192. */
  readonly valueLength: number;
  /** Default 100. */
  readonly headers: number;
  /** Default 1,000. */
  readonly queryKeys: number;
  /** Parts of a multipart form, those that nobody declared counted; over it, the answer is 422. Default 100. */
  readonly parts: number;
}

/** The limits where an api sets none. */
export const DEFAULT_LIMITS: RequestLimits = Object.freeze({
  valueLength: 8192,
  headers: 100,
  queryKeys: 1000,
  parts: DEFAULT_PARTS,
});

/** A compiled route: one closure. `params` come decoded from the tree, or not at all from the native table. */
export type CompiledHandler = (
  request: Request,
  params: Readonly<Record<string, string>> | undefined,
  server: Server<unknown> | undefined,
) => MaybePromise<Response>;

/** What folding needs besides the plan: one per compiled api. */
export interface Kit {
  /** What tells apis of one program apart where they keep something beyond it: the title, and the file that is served. */
  readonly program: string;
  readonly validators: Validators;
  readonly format: ErrorFormat;
  readonly debug: boolean;
  readonly log: (record: LogRecord) => void;
  readonly limits: RequestLimits;
  readonly address: Address;
  /** The sockets and rooms of the api; asked for by its first socket route only. */
  readonly sockets: () => Sockets;
  /** Whether the server, or without one the api, is being stopped: no socket is opened any more. */
  readonly stopping: (server: Server<unknown> | undefined) => boolean;
  /** Whether database errors become 404, 409 and 422. */
  readonly databaseErrors: boolean;
  /** Stand-ins for dependencies, by the dependency or its function; tests use them. */
  readonly overrides: ReadonlyMap<Dependency | Provider | Dependency["resolve"], Provider>;
}
