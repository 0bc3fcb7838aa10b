import type { DialectName } from "../engine/index.ts";
import { postgresJson } from "../sql/json.ts";

/** A parameter whose value is known only when the query runs: what `prepared` puts in its place. */
export class Placeholder {
  readonly name: string;
  /** Its value is for a JSON column; `"nullable"`: where null is SQL's. */
  readonly json: boolean | "nullable";

  constructor(name: string, json: boolean | "nullable" = false) {
    this.name = name;
    this.json = json;
  }
}

/** Makes a parameter of a value for a JSON column: every kind of JSON, null and single texts included. */
export type ToJson = (value: unknown) => unknown;

const toText: ToJson = (value) => JSON.stringify(value ?? null);

/** The one of each dialect. */
export const JSON_PARAMETERS: Readonly<Record<DialectName, ToJson>> = {
  sqlite: toText,
  postgres: postgresJson,
  mysql: toText,
};
