import { TypeRegistry } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import type { Prepared } from "./prepare.ts";

/** Whether a value matches. */
export type Check = (value: unknown) => boolean;

/**
 * One emitted check, waiting for what its code calls: judges of custom kinds and formats, both by name. `hash` is
 * TypeBox's third name; arrays of unique items are judged by Bolide, so no emitted code calls it.
 */
export type CheckFactory = (
  kind: (name: string, instance: number, value: unknown) => boolean,
  format: (name: string, value: string) => boolean,
  hash?: (value: unknown) => unknown,
) => Check;

/** Checks that a build step has emitted, by fingerprint. */
export type PrebuiltChecks = ReadonlyMap<string, CheckFactory>;

/** What names a check across processes: 64 bits of the prepared schema's JSON text. */
function fingerprint(prepared: Prepared): string {
  return Bun.hash(JSON.stringify(prepared.schema)).toString(36);
}

/** The body of a check's factory, as TypeBox's compiler writes it. */
function code(prepared: Prepared): string {
  // The compiler asks TypeBox's global registry whether a kind is known, so the names are in it for just that long.
  for (const name of prepared.customs.keys()) TypeRegistry.Set(name, () => false);
  try {
    return TypeCompiler.Code(prepared.schema);
  } finally {
    for (const name of prepared.customs.keys()) TypeRegistry.Delete(name);
  }
}

/** Makes the check: from the prebuilt ones, else by code generation. Undefined where the process forbids that. */
export function compile(prepared: Prepared, prebuilt: PrebuiltChecks | undefined): Check | undefined {
  const factory = prebuilt?.get(fingerprint(prepared)) ?? generate(prepared);
  if (factory === undefined) return undefined;
  const customs = Object.fromEntries(prepared.customs);
  const formats = Object.fromEntries(prepared.formats);
  return factory(
    (name, _, value) => customs[name]?.(value) === true,
    (name, value) => formats[name]?.(value) === true,
  );
}

function generate(prepared: Prepared): CheckFactory | undefined {
  try {
    // TypeBox's own `TypeCompiler.Compile` does this too; its text is written by TypeBox, from a schema of ours.
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
    return new Function("kind", "format", "hash", code(prepared)) as CheckFactory;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** The source text of an ES module whose default export are the given checks, as a `PrebuiltChecks`. */
export function emit(checks: Iterable<Prepared>): string {
  const bodies = new Map<string, string>();
  for (const prepared of checks) bodies.set(fingerprint(prepared), code(prepared));
  const entries = Array.from(bodies, ([name, body]) => `["${name}", (kind, format, hash) => {\n${body}\n}],\n`);
  return `export default new Map([\n${entries.join("")}]);\n`;
}
