import { NotFound } from "../../http/index.ts";

/**
 * The first row of a query; a 404 (`NotFound`) where there is none.
 *
 * The query runs as it stands: one that may find many rows needs its own `limit(1)`.
 *
 * @example
 * const user = await getOr404(db.selectFrom("users").selectAll().where("id", "=", params.id), "User not found");
 */
export async function getOr404<R>(
  query: { executeTakeFirst(): Promise<R> },
  detail = "Not found",
): Promise<NonNullable<R>> {
  const row = await query.executeTakeFirst();
  if (row === undefined || row === null) throw new NotFound(detail);
  return row;
}
