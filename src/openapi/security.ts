import type { Backend, Guard, SecurityScheme } from "../auth/index.ts";
import { type Plan, stepOf, stepsOf } from "../compile/index.ts";
import type { SecurityRequirement } from "./model.ts";
import { presentable } from "./authorization-schemes.ts";

/** The security schemes of one document, by name. */
export class Schemes {
  readonly #named = new Map<string, SecurityScheme>();

  /** How a route's caller may identify: any of these. `undefined` where nobody is asked. */
  requirementsOf(plan: Plan): readonly SecurityRequirement[] | undefined {
    const auth = stepOf(plan, "auth");
    if (auth === undefined || auth.backends.length === 0) return undefined;
    const names = auth.backends.flatMap((backend) => this.#namesOf(backend));
    const isOptional = auth.guards.every((guard) => guard.anonymous === true);
    return [...[...new Set(names)].map((name) => ({ [name]: [] })), ...(isOptional ? [{}] : [])];
  }

  /** All schemes that were named so far. */
  finish(): Readonly<Record<string, SecurityScheme>> {
    return Object.fromEntries(this.#named);
  }

  #namesOf({ name, scheme, alternatives = [] }: Backend): string[] {
    return [
      this.#name(safeName(name), presentable(scheme)),
      ...alternatives.map((other) =>
        this.#name(safeName(`${name}-${"in" in other ? other.in : other.type}`), presentable(other)),
      ),
    ];
  }

  /** Backends of one name are one scheme where they are presented alike; else the later ones are counted. */
  #name(name: string, scheme: SecurityScheme): string {
    for (let count = 1; ; count++) {
      const numbered = count === 1 ? name : `${name}${count}`;
      const known = this.#named.get(numbered);
      if (known === undefined) this.#named.set(numbered, { ...scheme });
      if (known === undefined || Bun.deepEquals(known, { ...scheme })) return numbered;
    }
  }
}

/** A component's name (OpenAPI 3.1, 4.8.7). */
function safeName(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, "-");
}

/** The guards that a route's caller must pass. */
export function guardsOf(plan: Plan): readonly Guard[] {
  return stepsOf(plan, "auth").flatMap(({ guards }) => guards);
}

const PLAIN: ReadonlySet<string> = new Set(["allowAny", "isAuthenticated"]);

/** A sentence about the guards; `undefined` where they say no more than the security schemes do. */
export function guardSentence(guards: readonly Guard[]): string | undefined {
  const told = guards.filter(({ name }) => !PLAIN.has(name));
  if (told.length === 0) return undefined;
  const names = told.map(
    ({ name, description }) => `\`${name}\`${description === undefined ? "" : ` (${description})`}`,
  );
  return `Requires ${names.join(", ")}.`;
}
