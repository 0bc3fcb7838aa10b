import {
  ContentTooLarge,
  JsonFault,
  limitBody,
  notUtf8,
  parseJson,
  readText,
  TooLarge,
  UnsupportedMediaType,
} from "../../http/index.ts";
import { Invalid, isOptional, isSchema, type Shape, t } from "../../schema/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import type { Kit } from "../kit.ts";
import { guarded, type Run } from "./run.ts";
import { checkHeaderCount } from "./read.ts";

type BodyText = string | TooLarge | JsonFault;

/** The two halves of reading a JSON body: its text, later, and what the text says. Both throw 413 and 415. */
export interface BodySteps {
  readonly read: (ctx: Context) => Promise<BodyText>;
  /** The value, or what is wrong with it. */
  readonly decode: (text: BodyText, ctx: Context) => unknown;
}

/** Folds the reading of a declared JSON body of at most `bytes`. */
export function foldBody(shape: Shape, bytes: number, kit: Kit): BodySteps {
  const schema = isSchema(shape) ? shape : t.Object(shape);
  const reader = kit.validators.json(schema, "body");
  const optional = isOptional(schema);
  const read: BodySteps["read"] = (ctx) => {
    const { headers } = ctx.request;
    checkHeaderCount(headers, kit.limits.headers);
    const length = headers.get("content-length");
    checkLength(length, bytes);
    const type = headers.get("content-type");
    if (type !== "application/json" && type !== null) checkJson(type);
    const text = readText(ctx.request, bytes, length);
    return type === null ? text.then(refuseUntyped) : text;
  };
  const decode: BodySteps["decode"] = (text, ctx) => {
    if (text === "") return optional ? undefined : MISSING;
    if (typeof text !== "string") return refuse(text);
    if (text.includes("\uFFFD")) {
      const length = ctx.request.headers.get("content-length");
      const fault = length === null ? undefined : notUtf8(text, Number(length));
      if (fault !== undefined) return refuse(fault);
    }
    const value = parseJson(text);
    return value instanceof JsonFault ? refuse(value) : reader.read(value);
  };
  return { read, decode };
}

const MISSING = new Invalid([{ loc: ["body"], msg: "Expected a body", type: "missing" }]);

function refuse(fault: TooLarge | JsonFault): Invalid {
  if (fault instanceof TooLarge) throw tooLarge(fault.limit);
  return new Invalid([{ loc: ["body"], msg: fault.message, type: "json_invalid" }]);
}

/** Folds the limit of a body in front of `next`: by its declared length, else counted while somebody reads it. */
export function foldLimited(bytes: number, next: Run, fail: Fail): Run {
  return guarded((ctx) => {
    const { request } = ctx;
    const length = request.headers.get("content-length");
    checkLength(length, bytes);
    if (length === null && request.body !== null) ctx.request = limitBody(request, bytes, () => tooLarge(bytes));
    return next(ctx);
  }, fail);
}

/** Throws 413 where a body says of itself that it is too large. */
export function checkLength(length: string | null, bytes: number): void {
  if (length !== null && Number(length) > bytes) throw tooLarge(bytes);
}

function tooLarge(bytes: number): Error {
  return new ContentTooLarge(`Body is larger than ${bytes} bytes`);
}

/** `application/json` and anything `+json` (RFC 6839 3.1). */
function checkJson(type: string): void {
  const semicolon = type.indexOf(";");
  const media = (semicolon === -1 ? type : type.slice(0, semicolon)).trim().toLowerCase();
  if (media !== "application/json" && !(media.startsWith("application/") && media.endsWith("+json"))) throw notJson();
}

/** A page elsewhere can post an untyped body without a preflight (Fetch 4.8): it is not taken for JSON. */
function refuseUntyped(text: BodyText): BodyText {
  if (text !== "" && typeof text === "string") throw notJson();
  return text;
}

function notJson(): Error {
  return new UnsupportedMediaType("Expected application/json");
}
