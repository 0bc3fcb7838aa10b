import { appendCookies, FileReply, keepsOpen, Reply, SafeHtml } from "../../http/index.ts";
import type { MaybePromise } from "../../middleware/index.ts";
import { type AnswerWriter, Invalid } from "../../schema/index.ts";
import type { Context } from "../context.ts";
import type { Kit } from "../kit.ts";
import type { AnswerPlan } from "../plan.ts";

/** Writes what a handler returned as a response. Throws what is no answer: errors, mismatches. */
export type Answer = (ctx: Context, value: unknown) => MaybePromise<Response>;

/** A handler's answer that its declared response does not allow: a 500 whose reason stays in the log. */
export class AnswerMismatch extends Error {
  readonly invalid: Invalid;
  constructor(status: number, invalid: Invalid) {
    const told = invalid.entries.map(({ loc, msg }) => `${loc.join(".")}: ${msg}`).join("; ");
    super(`answer does not match the declared response for ${status}: ${told}`);
    this.name = "AnswerMismatch";
    this.invalid = invalid;
  }
}

/** A route that declares a response came back with nothing to send. */
class NothingToAnswer extends Error {
  constructor(status: number) {
    super(`handler returned nothing, and the declared response for ${status} needs a value`);
    this.name = "NothingToAnswer";
  }
}

/** A route's reply carried a status that its response map does not know. */
class UndeclaredStatus extends Error {
  constructor(status: number) {
    super(`answered ${status}, which its declared responses do not list`);
    this.name = "UndeclaredStatus";
  }
}

const TEXT = { "content-type": "text/plain; charset=utf-8" };

/** Folds the writing of answers: the status, the declared schemas, the headers of the route. */
export function foldAnswer(plan: AnswerPlan, kit: Kit): Answer {
  const { status, schemas } = plan;
  const writers = new Map<number, AnswerWriter>();
  for (const [code, schema] of schemas ?? []) writers.set(code, kit.validators.answer(schema, plan.validation));
  const own = writers.get(status);
  const mayBeEmpty = schemas === undefined || schemas.has(204) || status === 204;
  const jsonInit = initOf(status, { "content-type": "application/json" }, plan.headers);
  const textInit = initOf(status, TEXT, plan.headers);
  const emptyInit = initOf(204, {}, plan.headers);

  const writeJson = (value: unknown): Response =>
    Response.json(own === undefined ? value : checked(status, own, value), jsonInit);

  const writeNothing = (): Response => {
    if (own !== undefined && status !== 204) {
      const out = own.write(null);
      if (!(out instanceof Invalid)) return Response.json(out, jsonInit);
    }
    if (!mayBeEmpty) throw new NothingToAnswer(status);
    return new Response(null, emptyInit);
  };

  const writeReply = (ctx: Context, reply: Reply): MaybePromise<Response> => {
    const code = reply.status ?? status;
    const writer = plan.single && code >= 200 && code < 300 && code !== 204 ? own : writers.get(code);
    if (writer === undefined && schemas !== undefined && !plan.single && plan.validation === "strict")
      throw new UndeclaredStatus(code);
    const { value } = reply;
    const base = value instanceof Response || value instanceof FileReply ? undefined : value;
    if (base === undefined && value !== undefined) return answer(ctx, value);
    const empty = value === undefined || value === null || code === 204;
    const response = empty
      ? new Response(null, initOf(code, {}, plan.headers))
      : Response.json(
          writer === undefined ? value : checked(code, writer, value),
          initOf(code, { "content-type": "application/json" }, plan.headers),
        );
    for (const name in reply.headers) response.headers.set(name, reply.headers[name]!);
    if (reply.cookies !== undefined) appendCookies(response.headers, reply.cookies);
    return response;
  };

  const pass = (ctx: Context, response: Response): Response => {
    // Bun ends a quiet connection after 10 s: an open stream has no idle timeout.
    if (keepsOpen(response)) ctx.server?.timeout(ctx.arrived, 0);
    if (plan.headers === undefined) return response;
    for (const name in plan.headers) if (!response.headers.has(name)) response.headers.set(name, plan.headers[name]!);
    return response;
  };

  const writeSpecial = (ctx: Context, value: object): MaybePromise<Response> => {
    if (value instanceof Response) return pass(ctx, value);
    if (value instanceof Reply) return writeReply(ctx, value);
    if (value instanceof Error) throw value;
    if (value instanceof FileReply) return value.respond(ctx.request).then((response) => pass(ctx, response));
    if (value instanceof SafeHtml) return htmlResponse(value, status, plan.headers);
    if (value instanceof Uint8Array || value instanceof ArrayBuffer) {
      return new Response(
        value as Uint8Array<ArrayBuffer>,
        initOf(status, { "content-type": "application/octet-stream" }, plan.headers),
      );
    }
    if (value instanceof Blob) {
      return new Response(
        value,
        initOf(status, { "content-type": value.type || "application/octet-stream" }, plan.headers),
      );
    }
    return writeJson(value);
  };

  const answer: Answer = (ctx, value) => {
    if (typeof value === "string") {
      return new Response(own === undefined ? value : (checked(status, own, value) as string), textInit);
    }
    if (value === undefined || value === null) return writeNothing();
    if (typeof value !== "object") return writeJson(value);
    const kind = Object.getPrototypeOf(value) as unknown;
    return kind === Object.prototype || kind === Array.prototype ? writeJson(value) : writeSpecial(ctx, value);
  };
  return answer;
}

function checked(status: number, writer: AnswerWriter, value: unknown): unknown {
  const out = writer.write(value);
  if (out instanceof Invalid) throw new AnswerMismatch(status, out);
  return out;
}

function htmlResponse(
  value: SafeHtml,
  status: number,
  headers: Readonly<Record<string, string>> | undefined,
): Response {
  return new Response(String(value), initOf(status, { "content-type": "text/html; charset=utf-8" }, headers));
}

/** A shared init: `Headers` made once cost half of a header object per answer (176 ns against 287). */
function initOf(
  status: number,
  base: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> | undefined,
): ResponseInit {
  const headers = new Headers({ ...base, ...extra });
  return { status, headers };
}
