import type { Backend, Guard } from "../auth/index.ts";
import type { RequestContext } from "../http/index.ts";
import type { MiddlewareLike } from "../middleware/index.ts";
import type { Provider } from "./depends.ts";

/** How far a declared answer is checked: check and strip, strip only, or sent as it is. */
export type ResponseValidation = "strict" | "strip" | "off";

/** A class to catch, and what answers for it: annotate `error` with the class, which a list cannot infer for each of its rows. */
export type ErrorRule = readonly [
  type: abstract new (...args: never[]) => unknown,
  // oxlint-disable-next-line typescript/no-explicit-any -- an unknown one would refuse every handler of a narrower class
  handle: (error: any, ctx: RequestContext) => unknown,
];

/** What a route and a scope may both set: a scope's are defaults for its routes. */
export interface Defaults {
  /** Names that group operations in the document. Scopes and routes add up. */
  readonly tags?: readonly string[];
  /** Middleware, outermost first, inside the parent's. */
  readonly use?: readonly MiddlewareLike[];
  /** Who may say who calls, asked in order; the first that succeeds decides. A route's replace its scope's, `[]` has none. */
  readonly auth?: Backend | readonly Backend[];
  /** What the caller must be. Without it, `auth` asks for any known caller. A route's replace its scope's. */
  readonly guards?: readonly Guard[];
  /** Dependencies by name; they become properties of the handler's context. */
  readonly provide?: Readonly<Record<string, Provider>>;
  /** Error classes and their handlers; the most specific class wins, then the innermost scope. */
  readonly onError?: readonly ErrorRule[];
  /** The status of a plain value; default 200. */
  readonly status?: number;
  /** Headers set on every answer of the handler unless it sets them itself. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** Default `strict`. */
  readonly responseValidation?: ResponseValidation;
  /** Bytes; default 1 MiB, and 50 MiB for a route with files. A larger body is answered 413. */
  readonly maxBodySize?: number;
  /** Bytes up to which a file of a form is kept in memory, and which a text of one may have; default 1 MiB. A larger file goes to disk. */
  readonly memoryThreshold?: number;
}

/** What a scope sets for the routes inside it. */
export interface ScopeOptions extends Defaults {
  /** Goes before every path inside. */
  readonly prefix?: string;
}

/** A scope as data: its prefix in full, what it sets, and the scope around it. */
export interface ScopeNode {
  readonly prefix: string;
  readonly defaults: ScopeOptions;
  readonly parent: ScopeNode | undefined;
}

/** The keys that scopes and routes share: anything else is a start-up error, so that a misspelling is not silence. */
export const DEFAULTS_KEYS: readonly (keyof Defaults)[] = [
  "tags",
  "use",
  "auth",
  "guards",
  "provide",
  "onError",
  "status",
  "responseHeaders",
  "responseValidation",
  "maxBodySize",
  "memoryThreshold",
];
