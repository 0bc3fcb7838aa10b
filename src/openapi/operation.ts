import { DEFAULT_BODY_SIZE, type Plan, stepOf } from "../compile/index.ts";
import { parsePath } from "../route/index.ts";
import { isOptional, isSchema, t } from "../schema/index.ts";
import type { Direction } from "./components.ts";
import { formBodyOf } from "./form-body.ts";
import type { Examples, JsonSchema, Operation, RequestBodyObject } from "./model.ts";
import { setTag } from "./names.ts";
import { parametersOf } from "./parameters.ts";
import { responsesOf, type Shared } from "./responses.ts";
import { guardSentence, guardsOf, type Schemes } from "./security.ts";
import { toJson } from "./to-json.ts";
import type { TSchema } from "../schema/index.ts";

/** Writes a schema; `place` names it in errors. */
export type WriteSchema = (schema: TSchema, direction: Direction, place: string) => JsonSchema;

/** What operations are made with. */
export interface Tools extends Omit<Shared, "write"> {
  readonly schemes: Schemes;
  readonly write: WriteSchema;
}

/** What a route does for one of its methods. `names` are the parameters of its path's template. */
export function operationOf(
  plan: Plan,
  method: string,
  operationId: string,
  names: readonly string[],
  tools: Tools,
): Operation {
  const { contract, set } = plan.route;
  const { write, schemes } = tools;
  const own = set === undefined || plan.tags.length > 0 ? undefined : setTag(parsePath(set.path));
  const tags = own === undefined ? plan.tags : [own];
  const guards = guardsOf(plan);
  const parameters = parametersOf(plan, names, (schema, place) => write(schema, "request", place));
  const body = bodyOf(plan, write);
  const security = schemes.requirementsOf(plan);
  const description = [contract.description, guardSentence(guards)].filter((text) => text !== undefined).join("\n\n");
  return {
    ...(tags.length === 0 ? {} : { tags }),
    ...(contract.summary === undefined ? {} : { summary: contract.summary }),
    ...(description === "" ? {} : { description }),
    ...(contract.externalDocs === undefined ? {} : { externalDocs: contract.externalDocs }),
    operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(plan, method, {
      ...tools,
      write: (schema, place) => write(schema, "response", place),
    }),
    ...(contract.deprecated === true ? { deprecated: true } : {}),
    ...(security === undefined ? {} : { security }),
    ...(guards.length === 0 ? {} : { "x-guards": guards.map(({ name }) => name) }),
  };
}

function bodyOf(plan: Plan, write: WriteSchema): RequestBodyObject | undefined {
  const form = stepOf(plan, "form");
  const examples = examplesOf(plan.route.contract.examples?.[form === undefined ? "body" : "form"]);
  if (form !== undefined) {
    const body = formBodyOf(form, (schema) => write(schema, "request", `${plan.name} (form)`), examples);
    return { ...body, ...(form.bytes === DEFAULT_BODY_SIZE ? {} : { "x-max-bytes": form.bytes }) };
  }
  const step = stepOf(plan, "body");
  if (step === undefined) return undefined;
  const schema = isSchema(step.shape) ? step.shape : t.Object(step.shape);
  return {
    required: !isOptional(schema),
    ...(step.bytes === DEFAULT_BODY_SIZE ? {} : { "x-max-bytes": step.bytes }),
    content: {
      "application/json": {
        schema: write(schema, "request", `${plan.name} (body)`),
        ...(examples === undefined ? {} : { examples }),
      },
    },
  };
}

function examplesOf(values: Readonly<Record<string, unknown>> = {}): Examples | undefined {
  const all = Object.entries(values).map(([name, value]) => [name, { value: toJson(value) }] as const);
  return all.length === 0 ? undefined : Object.fromEntries(all);
}
