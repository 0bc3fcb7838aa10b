import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type AnyDatabase, type AnyModel, type Migrations, modelsOf } from "../../data/index.ts";
import type { Flag, Values } from "../command.ts";
import { Failure } from "../failure.ts";
import { type Exports, loadModule } from "../load.ts";
import { namesIn } from "./folder.ts";
import { shown } from "./shown.ts";
import { standInFor } from "./stand-in.ts";

/** A database, and where its migrations are. */
export interface Target extends AsyncDisposable {
  readonly db: AnyDatabase;
  /** What the program says that the database has. */
  readonly models: readonly AnyModel[];
  readonly migrations: Migrations;
  readonly directory: string;
  /** The module that it was found in, and its exports. */
  readonly file: string;
  readonly module: Exports;
}

export const TARGET_FLAGS = {
  app: {
    type: "string",
    value: "<file>",
    help: "the module that exports db or database; default src/api.ts, api.ts, …",
  },
  db: { type: "string", value: "<file#export>", help: "the database where it is another export, as src/db.ts#db" },
  dir: { type: "string", value: "<path>", help: "where the migrations are; default migrations beside the module" },
} as const satisfies Readonly<Record<string, Flag>>;

/** Where an app is, unless it is said. */
const USUAL = ["src/api.ts", "api.ts", "src/index.ts", "index.ts", "src/app.ts", "app.ts"];

/**
 * Finds the database that a command is about. `toMake`: the list of migrations is about to be written, so the files are asked, not the
 * list. Errors: a sentence that says what is missing where.
 */
export async function openTarget(flags: Values<typeof TARGET_FLAGS>, toMake = false): Promise<Target> {
  const [written, name] = flags.db?.split("#") ?? [];
  const file = written ?? flags.app ?? USUAL.find((path) => existsSync(path));
  if (file === undefined)
    throw new Failure("no app was found here: name its file with --app, or the database with --db", 2);
  const directory = resolve(flags.dir ?? join(dirname(file), "migrations"));
  const barrel = join(directory, "index.ts");
  const isListed = !toMake && existsSync(barrel);
  if (!isListed) standInFor(directory);
  const module = await loadModule(file);
  const migrations = toMake ? Object.fromEntries(namesIn(directory).map((each) => [each, {}])) : module["migrations"];
  return targetOf(module, { file, name, migrations: isListed ? await listed(barrel) : migrations, directory });
}

async function listed(barrel: string): Promise<unknown> {
  const { migrations } = await loadModule(shown(barrel));
  if (!isRecord(migrations))
    throw new Failure(`${shown(barrel)} exports no migrations; bolide migrate make writes it anew`);
  return migrations;
}

/** What a target is made of, beside the module. */
export interface TargetParts {
  readonly file: string;
  /** The export that is the database; default `db`, else `database`. */
  readonly name: string | undefined;
  readonly migrations: unknown;
  readonly directory: string;
}

export function targetOf(module: Exports, { file, name, migrations, directory }: TargetParts): Target {
  const names = name === undefined ? ["db", "database"] : [name];
  const db = names.map((each) => module[each]).find(isDatabase);
  if (db === undefined) {
    throw new Failure(
      name === undefined
        ? `${file} exports no database as db or database: export it, or name it with --db file#export`
        : `${file} exports no database as ${name}`,
    );
  }
  return {
    db,
    models: modelsOf(db).length > 0 ? modelsOf(db) : modelsIn(module),
    migrations: isRecord(migrations) ? (migrations as Migrations) : {},
    directory,
    file,
    module,
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}

/** The models that a module exports, for a Kysely that was made without any. */
function modelsIn({ models }: Exports): readonly AnyModel[] {
  return isRecord(models) ? (Object.values(models) as AnyModel[]) : [];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

function isDatabase(value: unknown): value is AnyDatabase {
  return isRecord(value) && ["getExecutor", "selectFrom", "destroy"].every((name) => typeof value[name] === "function");
}
