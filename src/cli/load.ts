import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Api } from "../api.ts";
import { describeError, Failure } from "./failure.ts";

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** Imports a module and returns the api that it exports, as `api` or by default. */
export async function loadApi(file: string): Promise<Api> {
  return apiOf(await loadModule(file), file);
}

/** Imports a module. Errors: a sentence that says where in the file the trouble is. */
export async function loadModule(file: string): Promise<Exports> {
  const path = resolve(file);
  if (!existsSync(path)) throw new Failure(`${file}: there is no such file`);
  if (statSync(path).isDirectory()) throw new Failure(`${file} is a directory: name the file that exports the api`);
  try {
    return (await import(path)) as Exports;
  } catch (error) {
    const told = describeError(error);
    const hint = NO_MIGRATIONS.test(told) ? "; bolide migrate make writes it" : "";
    throw new Failure(`${file} could not be loaded: ${told}${hint}`, 1, { cause: error });
  }
}

/** The list of migrations is imported, and has not been made yet. */
const NO_MIGRATIONS = /^Cannot find module '[^']*\bmigrations(?:\/index(?:\.[jt]s)?)?' imported from .+$/;

/**
 * The api among a module's exports, told by its shape: the module may have found another copy of Bolide than the one
 * that runs this command. Errors: a sentence that lists what there is instead.
 */
export function apiOf(module: Exports, file: string): Api {
  for (const found of [module["api"], module["default"]]) if (isApi(found)) return found;
  const names = Object.keys(module);
  const instead = names.length === 0 ? "it exports nothing" : `it exports ${names.join(", ")}`;
  throw new Failure(
    `${file} exports no api: write "export const api = new Api()", or export it by default (${instead})`,
  );
}

function isApi(value: unknown): value is Api {
  return (
    typeof value === "object" &&
    value !== null &&
    ["listen", "compile", "handle", "routes"].every(
      (method) => typeof (value as Record<string, unknown>)[method] === "function",
    )
  );
}
