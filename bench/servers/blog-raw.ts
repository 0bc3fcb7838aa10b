// What the hand-written programs on both databases share: the checks of what comes in, and the answers.
import type { CommentBody, CommentRow } from "./blog.ts";
import { Entries, type Entry, isAtLeast, isObject, isText, type Unchecked } from "./raw-order.ts";

export const asJson = { headers: new Headers({ "content-type": "application/json" }) };
const status201 = { status: 201, ...asJson };
const status404 = { status: 404, ...asJson };
const status415 = { status: 415, ...asJson };
const status422 = { status: 422, ...asJson };

export const ok = (value: unknown): Response => Response.json(value, asJson);
export const created = (value: unknown): Response => Response.json(value, status201);
export const notFound = (): Response => Response.json({ detail: "Not Found" }, status404);
export const unprocessable = (detail: Entry[]): Response => Response.json({ detail }, status422);

/** The id of a path, or the refusal. */
export function idOf(text: string): number | Response {
  let at = text.charCodeAt(0) === 45 || text.charCodeAt(0) === 43 ? 1 : 0;
  let digits = at < text.length;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) digits = false;
  }
  const value = digits ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  return unprocessable([{ loc: ["params", "id"], msg: "Expected integer", type: "type_error" }]);
}

/** The body of a request as JSON, or the refusal. */
export async function jsonOf(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type === null || !type.startsWith("application/json")) {
    return Response.json({ detail: "Unsupported Media Type" }, status415);
  }
  try {
    return await request.json();
  } catch {
    return unprocessable([{ loc: ["body"], msg: "Invalid JSON", type: "json_invalid" }]);
  }
}

function isComment(body: unknown): body is CommentBody {
  if (!isObject(body)) return false;
  const { author, body: text } = body as Unchecked<CommentBody>;
  return isText(author, 100) && isText(text, 2000);
}

function explain(body: unknown, about: boolean): Entry[] {
  const entries = new Entries();
  if (!entries.object(body, ["body"])) return entries.list;
  const { articleId, author, body: text } = body as Unchecked<CommentRow>;
  if (about) entries.integer(articleId, ["body", "articleId"], 1);
  entries.text(author, ["body", "author"], 1, 100);
  entries.text(text, ["body", "body"], 1, 2000);
  return entries.list;
}

/** The comment of a request, or the refusal. */
export async function commentOf(request: Request): Promise<CommentBody | Response> {
  const body = await jsonOf(request);
  if (body instanceof Response || isComment(body)) return body;
  return unprocessable(explain(body, false));
}

/** The same, with the article that it is about. */
export async function commentRowOf(request: Request): Promise<CommentRow | Response> {
  const body = await jsonOf(request);
  if (body instanceof Response) return body;
  if (isComment(body) && isAtLeast((body as Unchecked<CommentRow>).articleId, 1)) return body as CommentRow;
  return unprocessable(explain(body, true));
}
