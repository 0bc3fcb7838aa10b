import { DEFAULT_BODY_SIZE } from "../../compile/index.ts";
import type {
  MediaTypeObject,
  OpenApiDocument,
  Operation,
  ParameterObject,
  RequestBodyObject,
  ResponseObject,
} from "../model.ts";
import type { BreakingChange } from "./change.ts";
import { answerChanges, requestChanges } from "./schema.ts";
import { Lookup, type Resolved } from "./lookup.ts";
import { socketChanges } from "./sockets.ts";
import { webhookChanges } from "./webhooks.ts";

/**
 * What breaks for clients that were written against an older document: operations and answers that are gone, inputs that are asked
 * for or refused now, values that answers may newly have or lack.
 *
 * @example
 * ```ts
 * breakingChanges(before, after); // [{ operation: "GET /users", change: "query parameter page is required now" }]
 * ```
 */
export function breakingChanges(before: OpenApiDocument, after: OpenApiDocument): readonly BreakingChange[] {
  const [older, newer] = [new Lookup(before), new Lookup(after)];
  const now = new Map(operationsOf(after).map((one) => [identity(one.name), one.operation]));
  const operations = operationsOf(before).flatMap(({ name, operation }) => {
    const other = now.get(identity(name));
    const changes =
      other === undefined
        ? ["is gone"]
        : [
            ...operationChanges(older.operation(operation), newer.operation(other)),
            ...socketChanges({ lookup: older, socket: operation }, { lookup: newer, socket: other }),
          ];
    return [...new Set(changes)].map((change) => ({ operation: name, change }));
  });
  return [...operations, ...webhookChanges(before, after)];
}

function operationsOf({ paths }: OpenApiDocument): { readonly name: string; readonly operation: Operation }[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([key]) => METHOD.test(key))
      .map(([key, operation]) => ({ name: `${nameOfMethod(key)} ${path}`, operation })),
  );
}

const METHOD = /^(?:get|put|post|delete|options|head|patch|trace|query|x-query|x-websocket)$/;

function nameOfMethod(key: string): string {
  return key === "x-websocket" ? "WS" : key.replace("x-", "").toUpperCase();
}

/** The names of a path's parameters are nobody's business. */
function identity(name: string): string {
  return name.replaceAll(/\{[^}]*\}/g, "{}");
}

function operationChanges(before: Resolved, after: Resolved): string[] {
  return [
    ...parameterChanges(before, after),
    ...bodyChanges(before, after),
    ...responseChanges(before, after),
    ...securityChanges(before, after),
  ];
}

function parameterChanges(before: Resolved, after: Resolved): string[] {
  const known = new Map(before.parameters.map((one, at) => [keyOf(one, at), one]));
  const now = new Map(after.parameters.map((one, at) => [keyOf(one, at), one]));
  const gone = [...known].filter(([key]) => !now.has(key)).map(([, one]) => `${nameOf(one)} is no longer read`);
  const changed = [...now].flatMap(([key, one]) => {
    const other = known.get(key);
    const isRequired = one.required === true && other?.required !== true;
    if (other === undefined) return isRequired ? [`${nameOf(one)} is new, and required`] : [];
    return [
      ...(isRequired ? [`${nameOf(one)} is required now`] : []),
      ...((one.style ?? "") === (other.style ?? "") && one.explode === other.explode
        ? []
        : [`${nameOf(one)} is spelled in another way`]),
      ...requestChanges(before.lookup, other.schema, after.lookup, one.schema, nameOf(one)),
    ];
  });
  return [...gone, ...changed];
}

function keyOf({ in: place, name }: ParameterObject, at: number): string {
  if (place === "path") return `path ${at}`;
  return `${place} ${place === "header" ? name.toLowerCase() : name}`;
}

function nameOf({ in: place, name }: ParameterObject): string {
  return `${place} parameter ${name}`;
}

function bodyChanges(before: Resolved, after: Resolved): string[] {
  const [known, now] = [before.body, after.body];
  if (now === undefined) return known === undefined ? [] : ["a body is no longer read"];
  if (known === undefined) return now.required ? ["a body is required now"] : [];
  const [most, least] = [bytesOf(known), bytesOf(now)];
  return [
    ...(now.required && !known.required ? ["a body is required now"] : []),
    ...(least < most ? [`a body has ${least} bytes at most, it had ${most}`] : []),
    ...Object.entries(known.content).flatMap(([type, { schema = {}, encoding }]) => {
      const other = now.content[type];
      if (other === undefined) return [`a body of ${type} is no longer read`];
      const place = type.endsWith("json") ? "body" : "form";
      return [
        ...requestChanges(before.lookup, schema, after.lookup, other.schema ?? {}, place),
        ...encodingChanges(encoding, other.encoding),
      ];
    }),
  ];
}

const bytesOf = (body: RequestBodyObject): number => body["x-max-bytes"] ?? DEFAULT_BODY_SIZE;

/** Types that a file may no longer have, and texts that are spelled in another way. */
function encodingChanges(known: MediaTypeObject["encoding"] = {}, now: MediaTypeObject["encoding"] = {}): string[] {
  return [...new Set([...Object.keys(known), ...Object.keys(now)])].flatMap((name) => {
    const { contentType, explode } = now[name] ?? {};
    const other = known[name];
    const ranges = (other?.contentType ?? "*/*").split(", ");
    const lost = contentType === undefined ? [] : ranges.filter((range) => !allows(contentType.split(", "), range));
    return [
      ...lost.map((range) => `form.${name}: ${range === "*/*" ? "any type" : range} is refused`),
      ...(explode === other?.explode ? [] : [`form.${name} is spelled in another way`]),
    ];
  });
}

/** Whether one of the media ranges holds all of another one. */
function allows(ranges: readonly string[], range: string): boolean {
  return ranges.some(
    (one) => one === range || one === "*/*" || (one.endsWith("/*") && range.startsWith(one.slice(0, -1))),
  );
}

function responseChanges(before: Resolved, after: Resolved): string[] {
  return Object.entries(before.responses).flatMap(([status, known]) => {
    const now = after.responses[status];
    // An error that cannot happen any more breaks nobody.
    if (now === undefined) return Number(status) < 400 ? [`no longer answers ${status}`] : [];
    const headers = Object.keys(known.headers ?? {}).filter(
      (name) => !Object.keys(now.headers ?? {}).some((other) => other.toLowerCase() === name.toLowerCase()),
    );
    return [
      ...headers.map((name) => `${status} comes without the header ${name}`),
      ...headerChanges(before, known, after, now, status),
      ...Object.entries(known.content ?? {}).flatMap(([type, { schema = {} }]) => {
        const other = now.content?.[type];
        if (other === undefined) return [`${status} is no longer answered as ${type}`];
        return answerChanges(before.lookup, schema, after.lookup, other.schema ?? {}, status);
      }),
    ];
  });
}

function headerChanges(
  before: Resolved,
  known: ResponseObject,
  after: Resolved,
  now: ResponseObject,
  status: string,
): string[] {
  return Object.entries(known.headers ?? {}).flatMap(([name, { schema }]) => {
    const other = Object.entries(now.headers ?? {}).find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
    return other === undefined
      ? []
      : answerChanges(before.lookup, schema, after.lookup, other.schema, `${status} header ${name}`);
  });
}

function securityChanges(before: Resolved, after: Resolved): string[] {
  const [known, now] = [before.security, after.security];
  if (now.length === 0) return [];
  if (known.length === 0) return now.includes("") ? [] : ["asks for credentials now"];
  return known.flatMap((one) => {
    if (now.includes(one)) return [];
    return [one === "" ? "asks for credentials now" : `no longer takes the credentials of ${one}`];
  });
}
