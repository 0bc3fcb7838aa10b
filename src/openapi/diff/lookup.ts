import type {
  JsonSchema,
  OpenApiDocument,
  Operation,
  ParameterObject,
  RequestBodyObject,
  ResponseObject,
} from "../model.ts";

/** An operation with its references followed. */
export interface Resolved {
  readonly lookup: Lookup;
  readonly parameters: readonly ParameterObject[];
  readonly body: RequestBodyObject | undefined;
  readonly responses: Readonly<Record<string, ResponseObject>>;
  /** Names of schemes, joined where several are asked for at once; the empty one is nobody. */
  readonly security: readonly string[];
}

/** Follows the references of one document. */
export class Lookup {
  readonly #document: OpenApiDocument;

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  operation(operation: Operation): Resolved {
    const responses = Object.entries(operation.responses).map(([status, one]) => [status, this.#follow(one)] as const);
    return {
      lookup: this,
      parameters: (operation.parameters ?? []).map((one) => this.#follow(one)),
      body: operation.requestBody === undefined ? undefined : this.#follow(operation.requestBody),
      responses: Object.fromEntries(responses) as Readonly<Record<string, ResponseObject>>,
      security: (operation.security ?? []).map((one) => Object.keys(one).sort().join(" and ")),
    };
  }

  /** The schema that a place means, and the name that it has there. */
  schema(schema: JsonSchema): JsonSchema {
    return this.#follow(schema);
  }

  #follow<T extends object>(one: T): T {
    let at: object = one;
    for (let steps = 0; "$ref" in at && typeof at.$ref === "string" && steps < 100; steps++) {
      const found = at.$ref
        .slice(2)
        .split("/")
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))
        .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], this.#document);
      at = (found ?? {}) as object;
    }
    return at as T;
  }
}
