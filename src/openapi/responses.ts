import { type Plan, stepOf, stepsOf } from "../compile/index.ts";
import { constantValue } from "../route/index.ts";
import { kindName, t, textsOf, type TSchema } from "../schema/index.ts";
import { type ErrorSchemas, errorResponseObject, errorsOf, type Reasons } from "./errors.ts";
import type { Content, HeaderObject, JsonSchema, Reference, ResponseObject } from "./model.ts";
import { phrase, phraseName } from "./phrases.ts";

/** Writes the schema of an answer, or of a header of one. */
export type WriteAnswer = (schema: TSchema, place: string) => JsonSchema;

/** What the answers of all routes share. */
export interface Shared {
  readonly errors: ErrorSchemas;
  /** The responses that stand in the document's components, by name; filled as they are used. */
  readonly responses: Map<string, ResponseObject>;
  readonly write: WriteAnswer;
}

/** Every answer of a route to a method, by status: what it declares, and what its steps answer with before it comes to that. */
export function responsesOf(plan: Plan, method: string, shared: Shared): Record<string, ResponseObject | Reference> {
  const { contract } = plan.route;
  const declared = declaredContents(plan, shared.write);
  const reasons = errorsOf(plan, method);
  const notes = contract.answers ?? {};
  const statuses = new Set([...declared.keys(), ...reasons.keys(), ...Object.keys(notes).map(Number)]);
  const bodiless = method === "HEAD";
  const all: Record<string, ResponseObject | Reference> = {};
  for (const status of [...statuses].sort((one, other) => one - other)) {
    const own = declared.get(status);
    const noted = notes[status];
    if (own === undefined && noted === undefined && !bodiless) all[status] = refusalOf(plan, status, reasons, shared);
    else {
      const response = success(plan, status, own ?? {}, shared);
      const failed = reasons.has(status) ? failure(plan, status, reasons, shared) : undefined;
      const whole = failed === undefined ? response : both(response, failed);
      const { content, ...rest } = whole;
      all[status] = bodiless || content === undefined ? rest : whole;
    }
  }
  return all;
}

/** What a route answers when it succeeds or fails as declared, by status. */
function declaredContents(plan: Plan, write: WriteAnswer): Map<number, Content> {
  const { answer } = stepOf(plan, "answer")!;
  const { examples, answers } = plan.route.contract;
  if (answer.schemas === undefined) {
    const documented = Object.keys(answers ?? {}).some((status) => Number(status) < 400);
    return documented ? new Map() : new Map([undeclared(plan, answer.status)]);
  }
  return new Map(
    [...answer.schemas].map(([status, schema]) => {
      const content = contentOf(status, schema, (one) => write(one, `${plan.name} (${status})`));
      const values = Object.entries(examples?.[status] ?? {});
      if (values.length === 0) return [status, content];
      const shown = Object.fromEntries(values.map(([name, value]) => [name, { value }]));
      return [
        status,
        Object.fromEntries(Object.entries(content).map(([type, one]) => [type, { ...one, examples: shown }])),
      ];
    }),
  );
}

/** An answer of which nothing is declared: its own constant, or anything. */
function undeclared({ route }: Plan, status: number): [number, Content] {
  const value = constantValue(route.handler);
  if (typeof value === "string") return [status, { "text/plain": { schema: { type: "string" } } }];
  if (value !== undefined) {
    const type = value.headers.get("content-type")?.split(";", 1)[0];
    return [value.status, type === undefined ? {} : { [type]: {} }];
  }
  return [status, status === 204 ? {} : { "*/*": {} }];
}

/** Strings are answered as text, everything else as JSON; 204 has no content. */
function contentOf(status: number, schema: TSchema, write: (schema: TSchema) => JsonSchema): Content {
  if (status === 204 || status === 205 || status === 304 || isNothing(schema)) return {};
  const members = kindName(schema) === "Union" ? (schema["anyOf"] as readonly TSchema[]) : [schema];
  const texts = members.filter(isText);
  if (texts.length === 0) return { "application/json": { schema: write(schema) } };
  if (texts.length === members.length) return { "text/plain": { schema: write(schema) } };
  const others = members.filter((member) => !isText(member) && !isNothing(member));
  // Members of one that has a name, as a recursive one has, may point at the whole.
  const json = schema.$id === undefined ? only(others) : schema;
  return {
    ...(others.length === 0 ? {} : { "application/json": { schema: write(json) } }),
    "text/plain": { schema: write(only(texts)) },
  };
}

function only(members: readonly TSchema[]): TSchema {
  return members.length === 1 ? members[0]! : t.Union([...members]);
}

const TEXTS: ReadonlySet<string> = new Set(["String", "RegExp", "TemplateLiteral"]);

function isText(schema: TSchema): boolean {
  return TEXTS.has(kindName(schema)) || textsOf(schema) !== undefined;
}

function isNothing(schema: TSchema): boolean {
  return kindName(schema) === "Undefined" || kindName(schema) === "Void";
}

/** The answer to what is refused with a status: shared where nothing is told of it. */
function refusal(status: number, reasons: Reasons, { errors, responses }: Shared): ResponseObject | Reference {
  const told = reasons.get(status) ?? [];
  if (told.length > 0) return errorResponseObject(status, errors, told);
  const name = phraseName(status);
  if (!responses.has(name)) responses.set(name, errorResponseObject(status, errors));
  return { $ref: `#/components/responses/${name}` };
}

/** The same inside the route's middleware, which sees errors as it sees every answer. */
export function refusalOf(plan: Plan, status: number, reasons: Reasons, shared: Shared): ResponseObject | Reference {
  const headers = middlewareHeaders(plan);
  if (Object.keys(headers).length === 0) return refusal(status, reasons, shared);
  const failed = failure(plan, status, reasons, shared);
  return { ...failed, headers: { ...failed.headers, ...headers } };
}

/** An error, with what middleware writes beside its detail. */
function failure(plan: Plan, status: number, reasons: Reasons, { errors }: Shared): ResponseObject {
  const members = Object.assign(
    {},
    ...stepsOf(plan, "middleware").map(({ middleware }) => middleware.answers?.members?.[status]),
  ) as Record<string, string>;
  return errorResponseObject(status, errors, reasons.get(status), members);
}

function success(plan: Plan, status: number, content: Content, { write }: Shared): ResponseObject {
  const noted = plan.route.contract.answers?.[status];
  const schema = stepOf(plan, "answer")!.answer.schemas?.get(status);
  const named = schema !== undefined && (schema.$id !== undefined || schema.title !== undefined);
  const headers = { ...headersOf(plan, status), ...writtenHeaders(noted?.headers, write, `${plan.name} (${status})`) };
  const own = Object.entries(noted?.content ?? {}).map(
    ([type, one]) => [type, { schema: write(one, `${plan.name} (${status} ${type})`) }] as const,
  );
  const whole = { ...content, ...Object.fromEntries(own) };
  return {
    description: noted?.description ?? (named ? undefined : schema?.description) ?? phrase(status),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(whole).length === 0 ? {} : { content: whole }),
  };
}

/** Headers that the route's contract, its scopes and its middleware set. */
function headersOf(plan: Plan, status: number): Record<string, HeaderObject> {
  const fixed = status < 400 ? (stepOf(plan, "answer")!.answer.headers ?? {}) : {};
  return { ...middlewareHeaders(plan), ...fixedHeaders(fixed) };
}

/** Headers that are the same on every answer. */
export function fixedHeaders(headers: Readonly<Record<string, string>>): Record<string, HeaderObject> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, { schema: { type: "string", examples: [value] } }] as const),
  );
}

/** Headers that a route's middleware sets on whatever it answers. */
export function middlewareHeaders(plan: Plan): Record<string, HeaderObject> {
  return Object.fromEntries(
    stepsOf(plan, "middleware").flatMap(({ middleware }) =>
      Object.entries(middleware.answers?.headers ?? {}).map(
        ([name, description]) => [name, { description, schema: { type: "string" } }] as const,
      ),
    ),
  );
}

function writtenHeaders(
  headers: Readonly<Record<string, TSchema>> | undefined,
  write: WriteAnswer,
  place: string,
): Record<string, HeaderObject> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, schema]) => {
      const { description, ...rest } = write(schema, `${place} header ${name}`);
      return [name, { ...(typeof description === "string" ? { description } : {}), schema: rest }];
    }),
  );
}

/** A status that a route both declares and may be refused with. */
function both(declared: ResponseObject, failed: ResponseObject): ResponseObject {
  const content = new Map(Object.entries(declared.content ?? {}));
  for (const [type, one] of Object.entries(failed.content ?? {})) {
    const other = content.get(type);
    if (other?.schema === undefined) content.set(type, one);
    else if (!Bun.deepEquals(other.schema, one.schema))
      content.set(type, { ...other, schema: { anyOf: [other.schema, one.schema] } });
  }
  return {
    description: declared.description,
    ...(declared.headers === undefined && failed.headers === undefined
      ? {}
      : { headers: { ...failed.headers, ...declared.headers } }),
    content: Object.fromEntries(content),
  };
}
