import { ContentTooLarge, JsonFault, parseJson, readText, TooLarge, UnsupportedMediaType } from "../../http/index.ts";
import { Invalid, isSchema, type Shape, t, type TProperties, type JsonReader } from "../../schema/index.ts";
import type { Context } from "../context.ts";
import type { Kit } from "../kit.ts";
import { checkHeaderCount } from "./read.ts";

/** Reads the JSON body: its value, or what is wrong with it. Throws 413 and 415. */
export type ReadBody = (ctx: Context) => Promise<unknown>;

/** Folds the reading of a declared JSON body of at most `bytes`. */
export function foldBody(shape: Shape, bytes: number, kit: Kit): ReadBody {
  const schema = isSchema(shape) ? shape : t.Object(shape as TProperties);
  const reader = kit.validators.json(schema, "body");
  return (ctx) => {
    const { headers } = ctx.request;
    checkHeaderCount(headers, kit.limits.headers);
    const type = headers.get("content-type");
    if (type !== "application/json" && type !== null) checkJson(type);
    const length = headers.get("content-length");
    checkLength(length, bytes);
    return readText(ctx.request, bytes, length).then((text) => decode(text, type !== null, reader));
  };
}

function decode(text: string | TooLarge, typed: boolean, reader: JsonReader): unknown {
  if (text instanceof TooLarge) throw tooLarge(text.limit);
  if (text === "") return MISSING;
  // A page elsewhere can post an untyped body without a preflight (Fetch 4.8): it is not taken for JSON.
  if (!typed) throw notJson();
  const value = parseJson(text);
  if (value instanceof JsonFault) return new Invalid([{ loc: ["body"], msg: value.message, type: "json_invalid" }]);
  return reader.read(value);
}

const MISSING = new Invalid([{ loc: ["body"], msg: "Expected a body", type: "missing" }]);

/** Folds the check of a body that the route does not declare: its declared length against the limit. */
export function foldLimit(bytes: number): (ctx: Context) => void {
  return (ctx) => checkLength(ctx.request.headers.get("content-length"), bytes);
}

function checkLength(length: string | null, bytes: number): void {
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

function notJson(): Error {
  return new UnsupportedMediaType("Expected application/json");
}
