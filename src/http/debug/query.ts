import { parameterColumns } from "./parameters.ts";
import { plainText } from "./plain-text.ts";
import type { Masker } from "./secrets.ts";

/** A query that ran for the request. */
export interface DebugQuery {
  readonly sql: string;
  /** As the driver got them. */
  readonly parameters?: readonly unknown[];
  /** How long it took, in milliseconds. */
  readonly millis: number;
  /** How many came back or were changed; undefined where it failed. */
  readonly rows?: number | undefined;
  /** Where it was asked for, as in `src/users.ts:12`. */
  readonly at?: string | undefined;
  /** Names of columns that are secret besides those that look so. */
  readonly secrets?: readonly string[];
}

/** The same as it is shown: its parameters as texts, masked. */
export interface ShownQuery extends Omit<DebugQuery, "parameters" | "secrets"> {
  readonly parameters?: readonly string[];
}

/** Longer values are cut: a page is to be read. */
const LONGEST_VALUE = 200;

/** A query with everything masked in it that is secret somewhere, or stands for a column that is. */
export function shownQuery({ parameters, secrets = [], ...query }: DebugQuery, mask: Masker): ShownQuery {
  const sql = mask.text(query.sql);
  if (parameters === undefined || parameters.length === 0) return { ...query, sql };
  const columns = parameterColumns(query.sql);
  const texts = parameters.map((value, at) => {
    const column = columns[at] ?? "";
    const text = mask.value(secrets.includes(column) ? "secret" : column, parameterText(value));
    return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)} …` : text;
  });
  return { ...query, sql, parameters: texts };
}

function parameterText(value: unknown): string {
  return ArrayBuffer.isView(value) ? `(${value.byteLength} bytes)` : plainText(value);
}
