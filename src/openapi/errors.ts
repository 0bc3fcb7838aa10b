import { type Plan, stepOf, stepsOf } from "../compile/index.ts";
import type { ErrorFormat } from "../http/index.ts";
import { asObject, isOptional, kindName, refinementsOf, type Shape, type TSchema } from "../schema/index.ts";
import { SAFE_METHODS } from "../auth/index.ts";
import type { HeaderObject, JsonSchema, ResponseObject } from "./model.ts";
import { phrase, phraseName } from "./phrases.ts";

/** Why a route may answer with an error: the status, and what is told of it where its phrase does not say enough. */
export type Reasons = ReadonlyMap<number, readonly string[]>;

/** Every error that the steps of a route can answer with, and those that it declares itself. */
export function errorsOf(plan: Plan, method: string): Reasons {
  const reasons = new Map<number, string[]>();
  const add = (status: number, ...told: readonly string[]) => {
    reasons.set(status, [...(reasons.get(status) ?? []), ...told]);
  };
  const reads = stepsOf(plan, "read");
  const body = stepOf(plan, "body") ?? stepOf(plan, "form");
  const auth = stepOf(plan, "auth");

  // A value, a header count or a query over its limit; a body that broke off; a malformed escape in the path.
  if (reads.length > 0 || body !== undefined || plan.pattern.names.length > 0) add(400);
  const mayRefuse = reads.some(
    ({ source, shape }) => isPicky(shape) || Object.values(asObject(shape).properties).some(mayFail(source)),
  );
  if (mayRefuse || body !== undefined) add(422);
  if (body !== undefined || stepOf(plan, "limit") !== undefined) add(413);
  if (body !== undefined) add(415);
  if (plan.pattern.names.length > 0) add(404);
  if (auth !== undefined) {
    if (auth.backends.length > 0) add(401);
    for (const { name, status } of auth.guards) if (!NEVER_REFUSE.has(name)) add(status);
    for (const { refusals = [] } of auth.backends)
      for (const { status, unsafe = false } of refusals) if (!unsafe || !SAFE_METHODS.has(method)) add(status);
  }
  for (const { middleware } of stepsOf(plan, "middleware")) {
    for (const [status, told] of Object.entries(middleware.answers?.statuses ?? {})) add(Number(status), told);
  }
  for (const { status, name } of plan.route.contract.errors ?? [])
    add(status, ...(phraseName(status) === name ? [] : [FORMER[name] ?? words(name)]));
  add(500);
  return reasons;
}

/** They refuse whom no backend knows, which is a 401. */
const NEVER_REFUSE: ReadonlySet<string> = new Set(["allowAny", "isAuthenticated"]);

/** Whether an object says more than its properties do. */
function isPicky(shape: Shape): boolean {
  const schema = asObject(shape);
  return refinementsOf(schema).length > 0 || ![undefined, true].includes(schema["additionalProperties"] as undefined);
}

/** Whether a text can be wrong; a path's parameter is always there, and a plain string takes any. */
function mayFail(source: string): (schema: TSchema) => boolean {
  return (schema) => {
    const isFree =
      kindName(schema) === "String" && !CONSTRAINTS.some((key) => key in schema) && refinementsOf(schema).length === 0;
    return !isFree || (source !== "params" && !isOptional(schema) && schema.default === undefined);
  };
}

const CONSTRAINTS = ["minLength", "maxLength", "pattern", "format"];

/** RFC 9110 has another phrase for the status; that it may come without entries is still to be told. */
const FORMER: Readonly<Record<string, string>> = { UnprocessableEntity: phrase(422) };

/** `Out of stock` of `OutOfStock`. */
function words(name: string): string {
  const text = name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ENTRY: JsonSchema = {
  type: "object",
  description: "One thing that is wrong with a request.",
  properties: {
    loc: {
      type: "array",
      items: { type: ["string", "integer"] },
      description:
        "The source (`params`, `query`, `headers`, `cookies`, `body`, `form`, `files`), then the path within it.",
    },
    msg: { type: "string", description: "What was expected." },
    type: { type: "string", description: "The kind of error, for programs: `missing`, `type_error`, `range`, …" },
    ctx: {},
  },
  required: ["loc", "msg", "type"],
};

const ENTRY_REF = { $ref: "#/components/schemas/InvalidEntry" };

/** The schemas of errors, and the media type in which they come. */
export interface ErrorSchemas {
  readonly mediaType: string;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Of any error. */
  readonly any: JsonSchema;
  /** Of a 422. */
  readonly invalid: JsonSchema;
}

const ENVELOPE: ErrorSchemas = {
  mediaType: "application/json",
  any: { $ref: "#/components/schemas/ErrorDetail" },
  invalid: { $ref: "#/components/schemas/InvalidInput" },
  schemas: {
    ErrorDetail: {
      type: "object",
      properties: {
        detail: { type: ["string", "array", "object"], description: "What went wrong." },
        extra: { description: "More about it, where there is more." },
      },
      required: ["detail"],
    },
    InvalidInput: {
      type: "object",
      properties: { detail: { type: "array", items: ENTRY_REF, maxItems: 100 }, extra: {} },
      required: ["detail"],
    },
    InvalidEntry: ENTRY,
  },
};

const PROBLEM_FIELDS: JsonSchema = {
  type: { type: "string", description: "A URI that names the kind of problem." },
  title: { type: "string" },
  status: { type: "integer" },
  detail: { type: "string" },
  extra: {},
};

const PROBLEM: ErrorSchemas = {
  mediaType: "application/problem+json",
  any: { $ref: "#/components/schemas/Problem" },
  invalid: { $ref: "#/components/schemas/InvalidProblem" },
  schemas: {
    Problem: {
      type: "object",
      description: "RFC 9457",
      properties: { ...PROBLEM_FIELDS, errors: {} },
      required: ["type", "title", "status"],
    },
    InvalidProblem: {
      type: "object",
      description: "RFC 9457",
      properties: { ...PROBLEM_FIELDS, errors: { type: "array", items: ENTRY_REF, maxItems: 100 } },
      required: ["type", "title", "status", "errors"],
    },
    InvalidEntry: ENTRY,
  },
};

/** The schemas of an api's errors. */
export function errorSchemas(format: ErrorFormat): ErrorSchemas {
  return format === "problem" ? PROBLEM : ENVELOPE;
}

/** Errors of one schema, which an api's `onError` writes. */
export function ownErrors(schema: JsonSchema): ErrorSchemas {
  return { mediaType: "application/json", schemas: {}, any: schema, invalid: schema };
}

const RETRY: Readonly<Record<string, HeaderObject>> = {
  "Retry-After": {
    description: "When to ask again: seconds, or a date (RFC 9110 10.2.3).",
    schema: { type: "string" },
  },
};

/** Headers that tell the client what to do about a status. */
const REMEDIES: Readonly<Record<number, Readonly<Record<string, HeaderObject>>>> = {
  401: {
    "WWW-Authenticate": { description: "How to get in (RFC 9110 11.6.1).", required: true, schema: { type: "string" } },
  },
  429: RETRY,
  503: RETRY,
};

/** The response object of an error status. */
export function errorResponseObject(
  status: number,
  { mediaType, any, invalid, schemas }: ErrorSchemas,
  told: readonly string[] = [],
  members: Readonly<Record<string, string>> = {},
): ResponseObject {
  const text = [...new Set(told)].join("; ");
  const schema = status === 422 ? (told.length === 0 || invalid === any ? invalid : { anyOf: [invalid, any] }) : any;
  const integers = Object.entries(members).map(([name, description]) => [name, { type: "integer", description }]);
  // Errors of the api's own schema have no members of ours.
  const isPlain = integers.length === 0 || Object.keys(schemas).length === 0;
  const whole = isPlain
    ? schema
    : { allOf: [schema, { type: "object", properties: Object.fromEntries(integers) as JsonSchema }] };
  return {
    description: text === "" ? phrase(status) : text,
    ...(REMEDIES[status] === undefined ? {} : { headers: REMEDIES[status] }),
    content: { [mediaType]: { schema: whole } },
  };
}
