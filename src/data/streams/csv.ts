import { contentDisposition } from "../../http/index.ts";
import { exported, type ExportInit, type RowSource } from "./export.ts";
import { toJson } from "./wire.ts";

/** What {@link csv} takes beside its rows. */
export interface CsvInit<C extends string = string> extends ExportInit {
  /** The columns in their order, by name, or by name with their titles. Default: those of the first row. */
  readonly columns?: readonly C[] | { readonly [K in C]?: string };
  /** Whether the first line has the columns' names. Default true. */
  readonly header?: boolean;
  /** One character. Default a comma. */
  readonly delimiter?: string;
  /** The name that a client saves it under. */
  readonly filename?: string;
  /**
   * Puts an apostrophe before texts that a spreadsheet would take for a formula, which changes them: for files that people open,
   * of texts that other people wrote. Default false.
   */
  readonly escapeFormulas?: boolean;
}

/**
 * Answers with the rows of a query as CSV (RFC 4180: `text/csv`, lines end in CRLF, quotes where they are needed), while they are read,
 * as {@link ndjson} does. Null is empty, a date ISO 8601, a boolean `true` or `false`, bytes base64, anything else JSON.
 *
 * A text that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet: see `escapeFormulas`. Errors: a `TypeError` for a
 * delimiter that is not one character or needs quotes itself.
 *
 * @example
 * api.get("/users.csv", () =>
 *   csv(db.selectFrom("users").select(["id", "email"]), { columns: { id: "No.", email: "Address" }, filename: "users.csv" }),
 * );
 */
export function csv<R extends object>(
  source: RowSource<R>,
  {
    columns,
    header = true,
    delimiter = ",",
    filename,
    escapeFormulas = false,
    ...init
  }: CsvInit<keyof R & string> = {},
): Response {
  if (Array.from(delimiter).length !== 1 || /["\r\n]/.test(delimiter))
    throw new TypeError(`csv takes a delimiter of one character, not ${JSON.stringify(delimiter)}`);
  const cell = cellOf(delimiter, escapeFormulas);
  const line = (values: readonly unknown[]): string => `${values.map(cell).join(delimiter)}\r\n`;
  let names: readonly string[] | undefined = columns === undefined ? undefined : namesOf(columns);
  let begun = false;
  const headers = {
    "content-type": `text/csv; charset=utf-8; header=${header ? "present" : "absent"}`,
    ...(filename === undefined ? {} : { "content-disposition": contentDisposition("attachment", filename) }),
  };
  return exported(source, init, headers, (rows) => {
    const [first] = rows;
    if (first !== undefined) names ??= Object.keys(first);
    if (names === undefined) return "";
    let lines = begun || !header ? "" : line(titlesOf(columns, names));
    begun = true;
    for (const row of rows) lines += line(names.map((name) => (row as Readonly<Record<string, unknown>>)[name]));
    return lines;
  });
}

type Columns = readonly string[] | Readonly<Record<string, string | undefined>>;

const isList = (columns: Columns | undefined): columns is readonly string[] => Array.isArray(columns);

const namesOf = (columns: Columns): readonly string[] => (isList(columns) ? columns : Object.keys(columns));

const titlesOf = (columns: Columns | undefined, names: readonly string[]): readonly string[] =>
  columns === undefined || isList(columns) ? names : names.map((name) => columns[name] ?? name);

/** What begins a formula, or is skipped before one (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(delimiter: string, escapeFormulas: boolean): (value: unknown) => string {
  const special = new RegExp(`["\\r\\n${RegExp.escape(delimiter)}]`);
  return (value) => {
    const text = textOf(value);
    const safe = escapeFormulas && typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
    return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (value instanceof Uint8Array) return value.toBase64();
  return typeof value === "object" ? toJson(value) : String(value as number | bigint | boolean);
}
