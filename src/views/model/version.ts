import type { Column } from "../../data/index.ts";
import { judgePreconditions, PreconditionFailed, type RequestContext } from "../../http/index.ts";
import type { Contract } from "../../route/index.ts";
import { t } from "../../schema/index.ts";

/** The entity tag of a row by its version: a number that counts up, or the moment of its last change (RFC 9110 8.8.3). */
export function entityTag(column: Column, row: Readonly<Record<string, unknown>>): string {
  const version = row[column.name];
  return `"${version instanceof Date ? version.getTime().toString(36) : String(version)}"`;
}

/** Throws a 412 where the request's `If-Match` or `If-None-Match` does not hold for the row. */
export function checkVersion(ctx: RequestContext, column: Column, row: Readonly<Record<string, unknown>>): void {
  const etag = entityTag(column, row);
  if (judgePreconditions(ctx.request, { etag, lastModified: undefined }) === "failed")
    throw new PreconditionFailed("The object was changed by somebody else", { headers: { etag } });
}

/** Whether the client has the row already, by its `If-None-Match` (RFC 9110 13.1.2). */
export const isUnchanged = (ctx: RequestContext, column: Column, row: Readonly<Record<string, unknown>>): boolean =>
  ctx.request.headers.has("if-none-match") &&
  judgePreconditions(ctx.request, { etag: entityTag(column, row), lastModified: undefined }) === "unchanged";

/** Whether a write depends on the version that is there. */
export const isConditional = ({ request: { headers } }: RequestContext): boolean =>
  headers.has("if-match") || headers.has("if-none-match");

/** The header that carries a version, for the document. */
export const versionTag = { etag: t.String({ description: "The version, for If-Match" }) };

const tagged = { headers: versionTag };
const ifMatch = t.Optional(t.String({ description: "Only where the object still has this version, else 412" }));
const ifNoneMatch = t.Optional(t.String({ description: "Only where the object has another version by now, else 304" }));

type Conditional = Pick<Contract, "headers" | "answers">;

/** What reading an object with a version, changing it and deleting it declare of it. */
export const readOfVersion: Conditional = {
  headers: { "if-none-match": ifNoneMatch },
  answers: { 200: tagged, 304: tagged },
};
export const changeOfVersion: Conditional = {
  headers: { "if-match": ifMatch },
  answers: { 200: tagged, 412: tagged },
};
export const endOfVersion: Conditional = { headers: { "if-match": ifMatch }, answers: { 412: tagged } };
