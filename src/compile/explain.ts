import { constantValue } from "../route/index.ts";
import { asObject, describe, isSchema, type Shape, t } from "../schema/index.ts";
import { fileWords, formTypes } from "./form.ts";
import type { AnswerPlan, Plan, Step, StepOf } from "./plan.ts";

/** The plan of a route as lines of text, one for each step, with what the step reads; `bolide routes --explain` prints it. */
export function explain(plan: Plan): readonly string[] {
  return plan.steps.flatMap((step) => EXPLAIN[step.kind](step as never, plan));
}

const EXPLAIN: {
  readonly [K in Step["kind"]]: (step: Extract<Step, { readonly kind: K }>, plan: Plan) => readonly string[];
} = {
  middleware: ({ middleware }) => {
    const phases = (["before", "around", "after"] as const).filter((phase) => middleware[phase] !== undefined);
    return [`middleware  ${middleware.name} (${phases.join(", ")})`];
  },
  limit: ({ bytes }) => [`limit       body of at most ${bytes} bytes; reads Content-Length`],
  auth: ({ backends, guards }) => [
    ...backends.map(({ name, challenge }) => `auth        ${name}; the first that succeeds, else 401 ${challenge}`),
    `guards      ${guards.map(({ name }) => name).join(", ")}`,
  ],
  read: ({ source, shape, into }, plan) => {
    const whose = into === undefined ? "" : `, for ${dependencyName(plan, into)}`;
    return Object.entries(asObject(shape).properties).map(
      ([name, schema]) => `${source.padEnd(11)} ${name}: ${describe(schema)}${whose}`,
    );
  },
  body: ({ shape, bytes }) => [`body        JSON of at most ${bytes} bytes: ${describe(schemaOf(shape))}`],
  form: explainForm,
  dependencies: ({ nodes, names }) =>
    nodes.map(({ name, needs, dependency }, at) => {
      const own = names.some((named) => named.at === at) ? "" : ", inner";
      const after = needs.length === 0 ? "" : ` after ${needs.map((need) => need.name).join(", ")}`;
      return `provide     ${name}${dependency.resolve.name && dependency.resolve.name !== name ? ` by ${dependency.resolve.name}` : ""}${after}${own}`;
    }),
  handler: (_, { route }) => {
    if (constantValue(route.handler) !== undefined)
      return ["constant    written once; Bun itself answers it where nothing else runs"];
    if (route.set !== undefined) return [`handler     ${route.set.action} of ${route.set.path}`];
    return [`handler     ${route.handler.name || "anonymous"}`];
  },
  answer: ({ answer }) => explainAnswer(answer),
  handshake: ({ settings: { origins = [] } }) => {
    const others = origins === "*" ? "any origin" : ["the same origin", ...origins.map(String)].join(", ");
    return [`handshake   WebSocket version 13, else 426; from ${others}, else 403`];
  },
  socket: explainSocket,
};

function explainForm(step: StepOf<"form">): string[] {
  return [
    `form        ${formTypes(step).join(" or ")} of at most ${step.bytes} bytes; a file over ${step.memory} bytes goes to disk`,
    ...Object.entries(step.texts.properties).map(([name, schema]) => `form        ${name}: ${describe(schema)}`),
    ...[...step.files].map(([name, { rules }]) => `${rules.source.padEnd(11)} ${name}: ${fileWords(rules)}`),
  ];
}

function explainSocket({ socket: { settings, handler }, headers = {} }: StepOf<"socket">, { route }: Plan): string[] {
  const { message, send, invalid = "error", protocols = [] } = settings;
  const how = typeof handler === "function" ? route.handler.name || "anonymous" : Object.keys(handler).join(", ");
  const wrong = invalid === "error" ? "an error frame" : "close 1007";
  return [
    `upgrade     101${protocols.length === 0 ? "" : `, subprotocol ${protocols.join(" or ")}`}`,
    ...Object.entries(headers).map(([name, value]) => `header      ${name}: ${value}`),
    `message     ${message === undefined ? "texts and bytes" : `JSON: ${describe(message)}, else ${wrong}`}`,
    `send        ${send === undefined ? "texts and bytes" : `JSON: ${describe(send)}, checked, unknown properties removed`}`,
    `handler     ${how}`,
  ];
}

function explainAnswer({ schemas, status, single, validation, headers, errors }: AnswerPlan): string[] {
  const lines =
    schemas === undefined
      ? [`answer      ${status}, unchecked: no response is declared`]
      : [...schemas].map(
          ([code, schema]) => `answer      ${single ? "2xx" : code} ${describe(schema)}, ${HOW[validation]}`,
        );
  for (const name in headers) lines.push(`header      ${name}: ${headers[name]}`);
  if (errors.length > 0) lines.push(`errors      ${errors.map((error) => `${error.status} ${error.name}`).join(", ")}`);
  return lines;
}

const HOW = {
  strict: "checked, unknown properties removed",
  strip: "unknown properties removed",
  off: "sent as it is",
} as const;

function dependencyName(plan: Plan, at: number): string {
  const step = plan.steps.find((one) => one.kind === "dependencies");
  return step?.kind === "dependencies" ? step.nodes[at]!.name : "";
}

function schemaOf(shape: Shape) {
  return isSchema(shape) ? shape : t.Object(shape);
}
