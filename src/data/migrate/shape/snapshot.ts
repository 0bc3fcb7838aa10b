import type { DatabaseShape } from "./shape.ts";

/** What `snapshot.json` begins with; another number is another format. */
const VERSION = 1;

/** The text of `migrations/snapshot.json`: what a database looks like after all migrations. */
export function printSnapshot({ tables }: DatabaseShape): string {
  return `${JSON.stringify({ version: VERSION, tables }, null, 2)}\n`;
}

/** Reads it again. Errors: an `Error` for what is no snapshot, as after a merge of two. */
export function parseSnapshot(text: string): DatabaseShape {
  const { version, tables } = JSON.parse(text) as { version?: unknown } & DatabaseShape;
  if (version !== VERSION || typeof tables !== "object")
    throw new Error(`its version is ${String(version)}, and this Bolide knows ${VERSION}`);
  return { tables };
}
