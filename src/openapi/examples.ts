import { RouteError } from "../route/index.ts";
import { Invalid, SchemaError, type TSchema, Validators } from "../schema/index.ts";
import { toJson } from "./to-json.ts";

/** Checks examples against their schemas, each schema compiled once. */
export class ExampleCheck {
  readonly #validators = new Validators();

  /** Errors: `RouteError` that names the place and says what does not fit. */
  check(schema: TSchema, examples: readonly unknown[], place: string): void {
    for (const example of examples) {
      const read = this.#read(schema, toJson(example));
      if (!(read instanceof Invalid)) continue;
      const told = read.entries.map(({ loc, msg }) => [loc.slice(1).join("."), msg].filter(Boolean).join(": "));
      throw new RouteError(place, `has an example that does not match its schema: ${told.join("; ")}`);
    }
  }

  #read(schema: TSchema, value: unknown): unknown {
    try {
      return this.#validators.json(schema, "body").read(value);
    } catch (error) {
      // A part of a recursive schema names what is around it, and cannot be checked without.
      if (error instanceof SchemaError && error.message.includes("Unresolvable reference")) return value;
      throw error;
    }
  }
}
