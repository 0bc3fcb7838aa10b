import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseShape, MigrationTools } from "../../data/index.ts";
import { Failure } from "../failure.ts";
import { shown } from "./shown.ts";

const SNAPSHOT = "snapshot.json";
const MIGRATION = /^(\d{4,}_.+)\.ts$/;

/** The names of the migrations in a directory, in their order. */
export function namesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .flatMap((file) => MIGRATION.exec(file)?.[1] ?? [])
    .toSorted();
}

/** What a database looks like after all of them. */
export function readSnapshot(directory: string, { EMPTY, parseSnapshot }: MigrationTools): DatabaseShape {
  const path = join(directory, SNAPSHOT);
  if (!existsSync(path)) {
    if (namesIn(directory).length === 0) return EMPTY;
    throw new Failure(`${shown(path)} is missing: it says what the database looks like after the migrations beside it`);
  }
  try {
    return parseSnapshot(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Failure(`${shown(path)} cannot be read: ${(error as Error).message}`, 1, { cause: error });
  }
}

/** Adds a migration; returns its path. */
export function writeFiles(
  directory: string,
  { name, source, result }: { readonly name: string; readonly source: string; readonly result: DatabaseShape },
  { printSnapshot, writeBarrel }: MigrationTools,
): string {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.ts`);
  writeFileSync(path, source);
  writeFileSync(join(directory, SNAPSHOT), printSnapshot(result));
  writeList(directory, { writeBarrel });
  return path;
}

/** Lists the migrations of a directory in its `index.ts`; returns the path of it where that said something else. */
export function writeList(directory: string, { writeBarrel }: Pick<MigrationTools, "writeBarrel">): string | undefined {
  const path = join(directory, "index.ts");
  const text = writeBarrel(namesIn(directory));
  if (existsSync(path) && readFileSync(path, "utf8") === text) return undefined;
  writeFileSync(path, text);
  return path;
}
