import { type Plan, stepOf } from "../compile/index.ts";
import { RouteError } from "../route/index.ts";
import { limitsOf } from "../websocket/index.ts";
import { errorsOf } from "./errors.ts";
import type { ResponseObject, SocketOperation } from "./model.ts";
import type { Tools } from "./operation.ts";
import { parametersOf } from "./parameters.ts";
import { fixedHeaders, middlewareHeaders, refusalOf } from "./responses.ts";
import { guardSentence, guardsOf } from "./security.ts";

/** The tag of sockets that have none. */
const SOCKETS = "WebSockets";

/** What a handshake may be refused with before it is anybody's business who asks. */
const REFUSALS = [400, 403, 426, 503];

/**
 * What a route does that becomes a socket, as `x-websocket` of its path: OpenAPI has no word for it. It is an operation as the others
 * are, so that readers find parameters, security and refusals where they know them, with what its messages are.
 */
export function socketOperation(
  plan: Plan,
  operationId: string,
  names: readonly string[],
  tools: Tools,
): SocketOperation {
  const { contract, socket } = plan.route;
  if (socket === undefined) throw new RouteError(plan.name, "is no socket");
  const { message, send, protocols = [] } = socket.settings;
  const { write, schemes } = tools;
  const guards = guardsOf(plan);
  const parameters = parametersOf(plan, names, (schema, place) => write(schema, "request", place));
  const security = schemes.requirementsOf(plan);
  const description = [contract.description, guardSentence(guards)].filter((text) => text !== undefined).join("\n\n");
  return {
    tags: plan.tags.length === 0 ? [SOCKETS] : plan.tags,
    ...(contract.summary === undefined ? {} : { summary: contract.summary }),
    ...(description === "" ? {} : { description }),
    ...(contract.externalDocs === undefined ? {} : { externalDocs: contract.externalDocs }),
    operationId,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(protocols.length === 0 ? {} : { protocols }),
    ...(message === undefined ? {} : { message: write(message, "request", `${plan.name} (message)`) }),
    ...(send === undefined ? {} : { send: write(send, "response", `${plan.name} (send)`) }),
    responses: refusalsOf(plan, tools),
    closeCodes: closeCodesOf(plan),
    ...(contract.deprecated === true ? { deprecated: true } : {}),
    ...(security === undefined ? {} : { security }),
    ...(guards.length === 0 ? {} : { "x-guards": guards.map(({ name }) => name) }),
  };
}

function refusalsOf(plan: Plan, tools: Tools): SocketOperation["responses"] {
  const reasons = new Map(errorsOf(plan, "GET"));
  for (const status of REFUSALS) if (!reasons.has(status)) reasons.set(status, []);
  const answers = [...reasons.keys()].sort((one, other) => one - other);
  const { headers = {} } = stepOf(plan, "socket")!;
  const all = { ...middlewareHeaders(plan), ...fixedHeaders(headers) };
  const upgraded: ResponseObject = {
    description: "Switching Protocols",
    ...(Object.keys(all).length === 0 ? {} : { headers: all }),
  };
  const shared = { ...tools, write: () => ({}) };
  return {
    101: upgraded,
    ...Object.fromEntries(answers.map((status) => [status, refusalOf(plan, status, reasons, shared)])),
  };
}

function closeCodesOf({ route }: Plan): Readonly<Record<string, string>> {
  const { settings } = route.socket!;
  const { message, invalid } = settings;
  const { maxMessageSize } = limitsOf(settings);
  const texts = message !== undefined && invalid === "close" ? "A message was invalid" : "A text was not UTF-8";
  return {
    1000: "The handler has returned",
    1001: "The server stops",
    1007: texts,
    1008: "The handler refused the caller",
    1009: `A message was longer than ${maxMessageSize} bytes`,
    1011: "The handler has failed",
    1013: "Too many messages or bytes wait for the handler, or too many bytes for the client",
  };
}
