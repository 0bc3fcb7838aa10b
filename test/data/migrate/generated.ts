import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "bun:test";
import type { Migration } from "kysely/migration";
import { difference, type Difference } from "../../../src/data/migrate/diff/diff.ts";
import { renameHints, shapeOf } from "../../../src/data/migrate/shape/models.ts";
import { type DatabaseShape, EMPTY } from "../../../src/data/migrate/shape/shape.ts";
import { writeMigration } from "../../../src/data/migrate/write/migration.ts";
import type { Migrations } from "../../../src/data/migrate/index.ts";
import { makeFolder, typeErrors, writeModules } from "../../docs/module.ts";
import type { AnyModel } from "../../../src/data/model/index.ts";

const DOOR = join(import.meta.dir, "../../../src/data/migrate/index.ts");

const KYSELY = Bun.resolveSync("kysely", import.meta.dir);

/** Imports TypeScript that was generated, as the file that it is to be. */
async function importSource<T>(source: string): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "bolide-generated-"));
  try {
    const file = join(directory, "module.ts");
    writeFileSync(
      file,
      source.replace('"bolide/data"', JSON.stringify(DOOR)).replace('"kysely"', JSON.stringify(KYSELY)),
    );
    return (await import(file)) as T;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The migrations that lead through models as they change: `0001`, `0002`, …, and the shapes that they lead to. */
export async function migrationsThrough(...versions: readonly (readonly AnyModel[])[]): Promise<{
  readonly migrations: Migrations;
  readonly shapes: readonly DatabaseShape[];
  readonly sources: readonly string[];
}> {
  const migrations: Record<string, Migration> = {};
  const shapes: DatabaseShape[] = [];
  const sources: string[] = [];
  for (const [index, models] of versions.entries()) {
    const step: Difference = difference(shapes.at(-1) ?? EMPTY, shapeOf(models), renameHints(models));
    const source = writeMigration(step);
    migrations[String(index + 1).padStart(4, "0")] = await importSource<Migration>(source);
    shapes.push(step.result);
    sources.push(source);
  }
  return { migrations, shapes, sources };
}

/** Type-checks source as a module of this repository, and imports it. */
export async function checkedModule<T>(source: string): Promise<T> {
  const folder = makeFolder();
  try {
    const modules = await writeModules(folder, [
      { page: "generated.md", line: 2, info: ["ts", "no-run"], text: source },
    ]);
    expect(await typeErrors(folder, modules)).toEqual([]);
    return (await import(modules[0]!.file)) as T;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
