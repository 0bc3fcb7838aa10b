import type { DialectName } from "../engine/index.ts";
import { postgresJson } from "../sql/json.ts";

/** Makes a parameter of a value for a JSON column: every kind of JSON, null and single texts included. */
export type ToJson = (value: unknown) => unknown;

const toText: ToJson = (value) => JSON.stringify(value ?? null);

/** The one of each dialect. */
export const JSON_PARAMETERS: Readonly<Record<DialectName, ToJson>> = {
  sqlite: toText,
  postgres: postgresJson,
  mysql: toText,
};
