/** A JSON Schema of dialect 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Record<string, unknown>;

/** Integers up to 2^53 - 1, above zero and below (OpenAPI format registry). */
export const SAFE_INTEGER = "double-int";

/** A pointer into the document's components, with what the place that points says of its own. */
export interface Reference {
  $ref: string;
  [annotation: string]: unknown;
}

/** OpenAPI 3.1, 4.8.12. */
export interface ParameterObject {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required?: boolean;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly style?: string;
  readonly explode?: boolean;
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Values by name (OpenAPI 3.1, 4.8.19). */
export type Examples = Readonly<Record<string, { readonly value: unknown }>>;

/** OpenAPI 3.1, 4.8.14. */
export interface MediaTypeObject {
  readonly schema?: JsonSchema;
  readonly examples?: Examples;
  readonly encoding?: Readonly<Record<string, EncodingObject>>;
}

/** How one field of a form is written (OpenAPI 3.1, 4.8.15). */
export interface EncodingObject {
  /** The media types that a file may have, separated by commas. */
  readonly contentType?: string;
  readonly style?: string;
  readonly explode?: boolean;
}

/** Media types by name. */
export type Content = Readonly<Record<string, MediaTypeObject>>;

/** OpenAPI 3.1, 4.8.21. */
export interface HeaderObject {
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

/** OpenAPI 3.1, 4.8.17. */
export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, HeaderObject>>;
  readonly content?: Content;
}

/** OpenAPI 3.1, 4.8.13. */
export interface RequestBodyObject {
  readonly description?: string;
  readonly required: boolean;
  readonly content: Content;
  /** The largest body in bytes, where it is not the usual 1 MiB. */
  readonly "x-max-bytes"?: number;
}

/** OpenAPI 3.1, 4.8.30: names of schemes, all of which are asked for. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

/** OpenAPI 3.1, 4.8.10. */
export interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly externalDocs?: ExternalDocs;
  readonly operationId?: string;
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: RequestBodyObject;
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>;
  readonly deprecated?: boolean;
  readonly security?: readonly SecurityRequirement[];
  /** The guards that a caller must pass, by name. */
  readonly "x-guards"?: readonly string[];
}

/** A route that becomes a socket: what opens it is an operation as others are. */
export interface SocketOperation extends Operation {
  /** Subprotocols, the preferred one first. */
  readonly protocols?: readonly string[];
  /** Each message of the client, as JSON; absent where messages are texts and bytes. */
  readonly message?: JsonSchema;
  /** Each message to the client. */
  readonly send?: JsonSchema;
  /** What the server closes with, and when. */
  readonly closeCodes: Readonly<Record<string, string>>;
}

/** OpenAPI 3.1, 4.8.9: operations by method in lower case, `x-query` for a method that 3.1 does not know, `x-websocket`. */
export type PathItem = Record<string, Operation>;

/** OpenAPI 3.1, 4.8.11. */
export interface ExternalDocs {
  readonly url: string;
  readonly description?: string;
}

/** OpenAPI 3.1, 4.8.5. */
export interface ServerObject {
  readonly url: string;
  readonly description?: string;
  readonly variables?: Readonly<
    Record<string, { readonly default: string; readonly enum?: readonly string[]; readonly description?: string }>
  >;
}

/** OpenAPI 3.1, 4.8.22. */
export interface TagObject {
  readonly name: string;
  readonly description?: string;
  readonly externalDocs?: ExternalDocs;
}

/** An OpenAPI document, as JSON. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Readonly<Record<string, unknown>> & { readonly title: string; readonly version: string };
  readonly servers?: readonly ServerObject[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly webhooks?: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas?: Readonly<Record<string, JsonSchema>>;
    readonly responses?: Readonly<Record<string, ResponseObject>>;
    readonly securitySchemes?: Readonly<Record<string, unknown>>;
  };
  readonly tags?: readonly TagObject[];
  readonly externalDocs?: ExternalDocs;
  /** Tags in groups, as Scalar and Redoc show them. */
  readonly "x-tagGroups"?: readonly { readonly name: string; readonly tags: readonly string[] }[];
}
