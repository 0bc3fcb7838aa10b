import { type Plan, stepOf } from "../compile/index.ts";
import { isSchema, kindName, type Shape, type TSchema } from "../schema/index.ts";
import { givenName, methodId } from "./names.ts";
import type { OpenApiOptions } from "./options.ts";

/**
 * Whether the document might be refused, so that a start has to make it to find out: it has examples, schemas that differ and
 * bear one name, an `operationId` given twice, or options that may name what there is not. Any other api starts without what makes
 * the document; for 1,000 routes this takes some 5 ms, the document 120.
 */
export function isDoubtful(plans: readonly Plan[], { tagGroups, webhooks, errors }: OpenApiOptions): boolean {
  if (tagGroups !== undefined || webhooks !== undefined) return true;
  const ids = new Set<string>();
  const waiting: unknown[] = errors === undefined ? [] : [errors];
  for (const plan of plans) {
    const { contract, methods } = plan.route;
    const { hidden, examples, operationId, answers } = contract;
    if (hidden === true) continue;
    if (examples !== undefined) return true;
    if (operationId !== undefined) {
      for (const method of methods) {
        const id = methodId(operationId, method, methods);
        if (ids.has(id)) return true;
        ids.add(id);
      }
    }
    for (const step of plan.steps) if ("shape" in step) waiting.push(step.shape);
    const declared = stepOf(plan, "form")?.declared;
    if (declared !== undefined) waiting.push(declared.form ?? {}, declared.files ?? {});
    const schemas = stepOf(plan, "answer")?.answer.schemas;
    if (schemas !== undefined) waiting.push(...schemas.values());
    const settings = plan.route.socket?.settings;
    if (settings !== undefined) waiting.push(settings.message ?? {}, settings.send ?? {});
    if (answers === undefined) continue;
    for (const { content = {}, headers = {} } of Object.values(answers)) waiting.push(content, headers);
  }
  return hasDoubtfulSchema(waiting);
}

/** Whether any schema within has examples, or a name that another one has. Empties the list. */
function hasDoubtfulSchema(waiting: unknown[]): boolean {
  const met = new Set<unknown>();
  const named = new Map<string, TSchema>();
  // A list of what is still to be seen: with a call for each schema it takes five times as long.
  for (let shape = waiting.pop(); shape !== undefined; shape = waiting.pop()) {
    if (typeof shape !== "object" || shape === null) continue;
    if (!isSchema(shape as Shape)) {
      waiting.push(...Object.values(shape));
      continue;
    }
    const schema = shape as TSchema;
    // Definitions of a module are copied into each schema that is taken from it: those are for the document to compare.
    if (schema["examples"] !== undefined || schema["example"] !== undefined || kindName(schema) === "Import")
      return true;
    const isObject = schema["properties"] !== undefined;
    if (isObject && met.has(schema)) continue;
    if (isObject) met.add(schema);
    if (schema.$id !== undefined || schema.title !== undefined) {
      const name = givenName(schema);
      const other = name === undefined ? undefined : named.get(name);
      if (other !== undefined && !Bun.deepEquals(other, schema, true)) return true;
      if (name !== undefined) named.set(name, schema);
    }
    if (LEAVES.has(kindName(schema))) continue;
    for (const key of INNER) if (schema[key] !== undefined) waiting.push(schema[key]);
  }
  return [...named.keys()].some((name) => named.has(`${name}Input`) || OWN.has(name));
}

/** Kinds that hold no schema: most of all that there are. */
const LEAVES: ReadonlySet<string> = new Set([
  "String",
  "Integer",
  "Number",
  "Boolean",
  "StringEnum",
  "Literal",
  "Date",
]);

/** Keywords that hold schemas: one, a list of them, or some by name. */
const INNER =
  "properties patternProperties additionalProperties unevaluatedProperties items contains anyOf allOf not".split(" ");

/** Schemas of Bolide's errors, in either format. */
const OWN: ReadonlySet<string> = new Set(["ErrorDetail", "InvalidInput", "InvalidEntry", "Problem", "InvalidProblem"]);
