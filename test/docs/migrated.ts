import { dirname, join } from "node:path";
import { type AnyDatabase, type Migrations, migrateUp, migrationTools, modelsOf } from "bolide/data";
import type { Module } from "./module.ts";

/** The name of a page's only migration. */
const NAME = "0001_initial";

/** Whether a block says that its database has its tables: `ts blog.ts migrated`. */
export const isMigrated = ({ block }: Module): boolean => block.info.includes("migrated");

/** Writes what `bolide migrate make` would for the models of a block's `db`, where other blocks of its page can import it. */
export async function writeMigrations({ file }: Module): Promise<void> {
  const { difference, EMPTY, shapeOf, writeBarrel, writeMigration } = await migrationTools();
  const { db } = (await import(file)) as { readonly db: AnyDatabase };
  const directory = join(dirname(file), "migrations");
  await Bun.write(join(directory, `${NAME}.ts`), writeMigration(difference(EMPTY, shapeOf(modelsOf(db)))));
  await Bun.write(join(directory, "index.ts"), writeBarrel([NAME]));
}

/** Applies them, as `bolide migrate up` would. */
export async function migrate({ file }: Module): Promise<void> {
  const { db } = (await import(file)) as { readonly db: AnyDatabase };
  const { migrations } = (await import(join(dirname(file), "migrations/index.ts"))) as {
    readonly migrations: Migrations;
  };
  await migrateUp(db, migrations);
}
