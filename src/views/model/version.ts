import type { Column } from "../../data/index.ts";
import { judgePreconditions, PreconditionFailed, type RequestContext } from "../../http/index.ts";

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

/** Whether a write depends on the version that is there. */
export const isConditional = ({ request: { headers } }: RequestContext): boolean =>
  headers.has("if-match") || headers.has("if-none-match");
