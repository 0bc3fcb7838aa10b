import type { HttpErrorClass } from "../http/index.ts";
import type { Shape, TSchema } from "../schema/index.ts";
import { type Defaults, DEFAULTS_KEYS } from "./defaults.ts";

/** What the document says of one status beyond the schema in `response`. */
export interface AnswerNotes {
  /** Default: the reason phrase. */
  readonly description?: string;
  /** Schemas by media type, for what is no JSON: `{ "text/csv": t.String() }`. They are not checked against the answer. */
  readonly content?: Readonly<Record<string, TSchema>>;
  /** Headers that the handler sets. */
  readonly headers?: Readonly<Record<string, TSchema>>;
}

/** Named values, as JSON. */
export type Examples = Readonly<Record<string, unknown>>;

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
  /** The fields of a form, urlencoded or multipart, instead of a body; `t.File()` and `t.Files()` may stand among them. */
  readonly form?: Shape;
  /** The files of a multipart form: `{ photo: t.File({ types: ["image/*"] }) }`. */
  readonly files?: Shape;
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
  readonly externalDocs?: { readonly url: string; readonly description?: string };
  /** For the document: descriptions, headers and other media types, by status. */
  readonly answers?: { readonly [status: number]: AnswerNotes };
  /** For the document: of the body, of the form's texts, and of answers by status. Each must match its schema. */
  readonly examples?: { readonly body?: Examples; readonly form?: Examples; readonly [status: number]: Examples };
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
  "form",
  "files",
  "response",
  "errors",
  "skip",
  "summary",
  "description",
  "operationId",
  "deprecated",
  "externalDocs",
  "answers",
  "examples",
  "hidden",
]);
