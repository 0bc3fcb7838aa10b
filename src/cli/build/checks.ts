import type { Plan } from "../../compile/index.ts";
import { isSchema, t, type TSchema, Validators } from "../../schema/index.ts";

/** A schema whose check runs as code: of a body or a message that comes in, or of an answer or a message that goes out. */
export type Checked =
  { readonly of: "body"; readonly schema: TSchema } | { readonly of: "answer"; readonly schema: TSchema };

/** The schemas of all routes that are checked by generated code. Texts are read without; unchecked answers need none. */
export function checksOf(plans: readonly Plan[]): readonly Checked[] {
  return plans.flatMap(({ steps }) =>
    steps.flatMap((step): Checked[] => {
      if (step.kind === "body")
        return [{ of: "body", schema: isSchema(step.shape) ? step.shape : t.Object(step.shape) }];
      if (step.kind === "socket") {
        const { message, send } = step.socket.settings;
        return [
          ...(message === undefined ? [] : [{ of: "body", schema: message } as const]),
          ...(send === undefined ? [] : [{ of: "answer", schema: send } as const]),
        ];
      }
      if (step.kind !== "answer" || step.answer.validation !== "strict") return [];
      return [...(step.answer.schemas?.values() ?? [])].map((schema) => ({ of: "answer", schema }));
    }),
  );
}

/** The source of a module with the checks of all routes, for a program that may not generate code. */
export function emitChecks(plans: readonly Plan[]): string {
  const validators = new Validators();
  for (const { of, schema } of checksOf(plans)) {
    if (of === "body") validators.json(schema, "body");
    else validators.answer(schema, "strict");
  }
  return validators.emit();
}
