import type { PackedFile } from "./assets.ts";
import type { BreakingChange } from "./diff/change.ts";
import type { Documented } from "./documented.ts";
import type { OpenApiDocument } from "./model.ts";
import type { OpenApiOptions } from "./options.ts";

/** Builds the document. Errors: `RouteError` for names that are given twice, and examples that do not match their schemas. */
export async function documentOf(documented: Documented, options: OpenApiOptions): Promise<OpenApiDocument> {
  const { buildDocument } = await import("./room.ts");
  return buildDocument({ ...documented, plans: documented.plans() }, options);
}

/** What breaks for clients that were written against an older document. */
export async function breakingChanges(
  before: OpenApiDocument,
  after: OpenApiDocument,
): Promise<readonly BreakingChange[]> {
  return (await import("./room.ts")).breakingChanges(before, after);
}

/** The files of all viewers that can be found here, compressed, for a package or a binary to take along; of some packages with `only`. */
export async function packViewers(quality: number, only?: readonly string[]): Promise<readonly PackedFile[]> {
  return (await import("./room.ts")).packViewers(quality, only);
}
