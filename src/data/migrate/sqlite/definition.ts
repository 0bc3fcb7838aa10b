import { closing, isKeyword, isMark, quote, type Token, tokensOf } from "./tokens.ts";

/** What follows a column's type, one constraint at a time, as it is written. */
export interface Clause {
  readonly kind:
    "primary key" | "not null" | "null" | "unique" | "check" | "default" | "collate" | "references" | "generated";
  readonly name?: string;
  readonly text: string;
  /** What stands after the keyword: a check's expression without its parentheses, a default's value. */
  readonly inner: string;
}

/** A column of a `create table`. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly clauses: readonly Clause[];
}

/** A constraint of a `create table` that stands for itself. */
export interface Constraint {
  readonly kind: "primary key" | "unique" | "check" | "foreign key";
  readonly name?: string;
  readonly text: string;
  /** The names in the first parentheses; of a check none. */
  readonly columns: readonly string[];
  /** A check's expression without its parentheses. */
  readonly inner: string;
}

/** A `create table` taken apart so that each part keeps its text. */
export interface TableDefinition {
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly Constraint[];
  /** What stands behind the closing parenthesis: `without rowid`, `strict`. */
  readonly options: string;
}

/** Takes the text of a `create table` apart, as sqlite_schema keeps it. Errors: an `Error` for one made from a query or virtual. */
export function parseTable(sql: string): TableDefinition {
  const tokens = tokensOf(sql);
  const open = tokens.findIndex((token) => isMark(token, "("));
  if (open === -1) throw new Error(`this definition of a table was not understood: ${sql}`);
  const end = closing(tokens, open);
  const parts = split(tokens.slice(open + 1, end - 1));
  return {
    columns: parts.filter((part) => !isConstraint(part)).map((part) => column(sql, part)),
    constraints: parts.filter(isConstraint).map((part) => constraint(sql, part)),
    options: sql.slice(tokens[end - 1]!.end).trim(),
  };
}

const isConstraint = ([first]: readonly Token[]): boolean =>
  isKeyword(first, "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");

/** The statement that makes such a table. */
export function printTable(name: string, { columns, constraints, options }: TableDefinition): string {
  const parts = [...columns.map(printColumn), ...constraints.map(({ text }) => text)];
  return `create table ${quote(name)} (${parts.join(", ")})${options === "" ? "" : ` ${options}`}`;
}

const printColumn = ({ name, type, clauses }: ColumnDefinition): string =>
  [quote(name), type, ...clauses.map(({ text }) => text)].filter((part) => part !== "").join(" ");

/** A column as it is written in a `create table`, or behind `add column`. */
export const parseColumn = (text: string): ColumnDefinition => column(text, tokensOf(text));

/** A constraint as it is written in a `create table`, or behind `add`. */
export const parseConstraint = (text: string): Constraint => constraint(text, tokensOf(text));

/** Tokens between the commas that are in no parentheses. */
function split(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at]!;
    if (isMark(token, ",")) {
      parts.push([]);
      at++;
    } else {
      const next = isMark(token, "(") ? closing(tokens, at) : at + 1;
      parts.at(-1)!.push(...tokens.slice(at, next));
      at = next;
    }
  }
  return parts;
}

function constraint(sql: string, tokens: readonly Token[]): Constraint {
  const named = isKeyword(tokens[0], "CONSTRAINT");
  const first = named ? 2 : 0;
  const open = tokens.findIndex((token) => isMark(token, "("));
  const end = closing(tokens, open);
  const kind = KINDS[tokens[first]!.text.toUpperCase()]!;
  const inside = tokens.slice(open + 1, end - 1);
  return {
    kind,
    ...(named ? { name: tokens[1]!.text } : {}),
    text: textOf(sql, tokens),
    columns: kind === "check" ? [] : split(inside).map((part) => part[0]!.text),
    inner: textOf(sql, inside),
  };
}

const KINDS: Readonly<Record<string, Constraint["kind"]>> = {
  PRIMARY: "primary key",
  UNIQUE: "unique",
  CHECK: "check",
  FOREIGN: "foreign key",
};

function textOf(sql: string, tokens: readonly Token[]): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first === undefined || last === undefined ? "" : sql.slice(first.start, last.end);
}

const STARTS = [
  "CONSTRAINT",
  "PRIMARY",
  "NOT",
  "NULL",
  "UNIQUE",
  "CHECK",
  "DEFAULT",
  "COLLATE",
  "REFERENCES",
  "GENERATED",
  "AS",
] as const;

function column(sql: string, tokens: readonly Token[]): ColumnDefinition {
  let at = 1;
  while (at < tokens.length && !isKeyword(tokens[at], ...STARTS)) {
    at = isMark(tokens[at], "(") ? closing(tokens, at) : at + 1;
  }
  const type = textOf(sql, tokens.slice(1, at));
  const clauses: Clause[] = [];
  while (at < tokens.length) {
    const named = isKeyword(tokens[at], "CONSTRAINT");
    const first = named ? at + 2 : at;
    const { kind, end, inner } = clause(tokens, first);
    clauses.push({
      kind,
      ...(named ? { name: tokens[at + 1]!.text } : {}),
      text: textOf(sql, tokens.slice(at, end)),
      inner: textOf(sql, inner),
    });
    at = end;
  }
  return { name: tokens[0]!.text, type, clauses };
}

interface Extent {
  readonly kind: Clause["kind"];
  readonly end: number;
  readonly inner: readonly Token[];
}

/** Where a column's constraint that begins at `at` ends (sqlite.org/syntax/column-constraint.html). */
function clause(tokens: readonly Token[], at: number): Extent {
  const token = tokens[at];
  const plain = (kind: Clause["kind"], end: number): Extent => ({ kind, end: conflict(tokens, end), inner: [] });
  if (isKeyword(token, "PRIMARY")) {
    let end = at + 2;
    if (isKeyword(tokens[end], "ASC", "DESC")) end++;
    end = conflict(tokens, end);
    return plain("primary key", isKeyword(tokens[end], "AUTOINCREMENT") ? end + 1 : end);
  }
  if (isKeyword(token, "NOT")) return plain("not null", at + 2);
  if (isKeyword(token, "NULL")) return plain("null", at + 1);
  if (isKeyword(token, "UNIQUE")) return plain("unique", at + 1);
  if (isKeyword(token, "CHECK")) return parenthesised("check", tokens, at + 1);
  if (isKeyword(token, "COLLATE")) return { kind: "collate", end: at + 2, inner: tokens.slice(at + 1, at + 2) };
  if (isKeyword(token, "DEFAULT")) {
    const signed = isMark(tokens[at + 1], "+") || isMark(tokens[at + 1], "-");
    const end = isMark(tokens[at + 1], "(") ? closing(tokens, at + 1) : at + (signed ? 3 : 2);
    return { kind: "default", end, inner: tokens.slice(at + 1, end) };
  }
  if (isKeyword(token, "REFERENCES")) return { kind: "references", end: references(tokens, at + 2), inner: [] };
  if (isKeyword(token, "GENERATED", "AS")) {
    const { end, inner } = parenthesised("generated", tokens, at + (isKeyword(token, "AS") ? 1 : 3));
    return { kind: "generated", end: isKeyword(tokens[end], "STORED", "VIRTUAL") ? end + 1 : end, inner };
  }
  throw new Error(`this part of a column's definition was not understood: ${token?.text ?? ""}`);
}

function parenthesised(kind: Clause["kind"], tokens: readonly Token[], open: number): Extent {
  const end = closing(tokens, open);
  return { kind, end, inner: tokens.slice(open + 1, end - 1) };
}

const conflict = (tokens: readonly Token[], at: number): number =>
  isKeyword(tokens[at], "ON") && isKeyword(tokens[at + 1], "CONFLICT") ? at + 3 : at;

function references(tokens: readonly Token[], from: number): number {
  let at = isMark(tokens[from], "(") ? closing(tokens, from) : from;
  for (;;) {
    const token = tokens[at];
    if (isKeyword(token, "ON")) at += isKeyword(tokens[at + 2], "SET", "NO") ? 4 : 3;
    else if (isKeyword(token, "MATCH")) at += 2;
    else if (isKeyword(token, "NOT") && isKeyword(tokens[at + 1], "DEFERRABLE")) at += 2;
    else if (isKeyword(token, "DEFERRABLE")) at += 1;
    else if (isKeyword(token, "INITIALLY")) at += 2;
    else return at;
  }
}
