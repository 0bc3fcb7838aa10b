import type { Expression } from "kysely";
import type { DialectName } from "../engine/index.ts";
import { columnKind } from "../model/index.ts";
import { hintsOf, kindName, type Static, type TArray, type TSchema } from "../../schema/index.ts";
import { expressionOf, type Parameter, type ParameterKind } from "./parameters.ts";

/** Names a parameter of one kind, in the place where its value goes. */
export type Named<T> = (name: string) => Expression<T>;

/** The kinds of parameters that are named in place: `p.integer("id")`, and lists of them, `p.integers("ids")`. */
export interface Builders {
  readonly integer: Named<number>;
  readonly number: Named<number>;
  readonly bigint: Named<bigint>;
  readonly decimal: Named<string>;
  readonly text: Named<string>;
  readonly boolean: Named<boolean>;
  readonly timestamp: Named<Date>;
  readonly date: Named<string>;
  readonly bytes: Named<Uint8Array>;
  readonly uuid: Named<string>;
  json<T = unknown>(name: string): Expression<T>;
  /** One parameter for `in`, however many values it has. */
  readonly integers: Named<number>;
  readonly numbers: Named<number>;
  readonly bigints: Named<bigint>;
  readonly texts: Named<string>;
  readonly uuids: Named<string>;
}

/** Parameters that were declared: each where Kysely takes a value of its type. An array stands to the right of `in`. */
export type Declared<P extends Readonly<Record<string, TSchema>>> = {
  readonly [K in keyof P]: Expression<P[K] extends TArray<infer I> ? Static<I> : Static<P[K]>>;
};

/** Gathers the parameters that a query names while it is built. */
export class Parameters {
  readonly all = new Map<string, Parameter>();
  readonly #dialect: DialectName;

  constructor(dialect: DialectName) {
    this.#dialect = dialect;
  }

  /** The builders that name parameters in place. */
  builders(): Builders {
    const one = (kind: ParameterKind) => (name: string) => this.#expression({ name, kind, list: false });
    const list = (kind: ParameterKind) => (name: string) => this.#expression({ name, kind, list: true });
    return {
      integer: one("integer"),
      number: one("number"),
      bigint: one("bigint"),
      decimal: one("decimal"),
      text: one("text"),
      boolean: one("boolean"),
      timestamp: one("timestamp"),
      date: one("date"),
      bytes: one("bytes"),
      uuid: one("uuid"),
      json: one("json"),
      integers: list("integer"),
      numbers: list("number"),
      bigints: list("bigint"),
      texts: list("text"),
      uuids: list("uuid"),
    };
  }

  /** The expressions of declared parameters. */
  declared(schemas: Readonly<Record<string, TSchema>>): Readonly<Record<string, Expression<any>>> {
    return Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [name, this.#expression(parameterOf(name, schema))]),
    );
  }

  #expression(parameter: Parameter): Expression<any> {
    const known = this.all.get(parameter.name);
    if (known !== undefined && (known.kind !== parameter.kind || known.list !== parameter.list))
      throw new TypeError(`prepared: the parameter "${parameter.name}" is both ${told(known)} and ${told(parameter)}`);
    this.all.set(parameter.name, parameter);
    return expressionOf(this.#dialect, parameter);
  }
}

const told = ({ kind, list }: Parameter): string => (list ? `a list of ${kind}` : kind);

function parameterOf(name: string, schema: TSchema): Parameter {
  const list = kindName(schema) === "Array" && hintsOf(schema).json !== true;
  const kind = columnKind(list ? (schema["items"] as TSchema) : schema);
  if (kind === undefined)
    throw new TypeError(`prepared: no parameter holds a ${kindName(schema)}, as "${name}" is declared`);
  return { name, kind: kind === "enum" ? "text" : kind, list };
}
