import { expect } from "bun:test";
import type { Entry } from "../../src/schema/index.ts";
import type { Variant } from "./app.ts";
import type { Answer } from "./wire.ts";

/** What an answer must be: each thing that is named, exactly. */
export interface Expected {
  readonly status: number;
  /** The header's whole value; several of one name, in order. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Headers that must not be there. */
  readonly absent?: readonly string[];
  /** The body as JSON; its content type is then JSON, too. */
  readonly json?: unknown;
  /** The body as text. */
  readonly body?: string;
  /** The body as bytes. */
  readonly bytes?: readonly number[];
  /** 422 with these entries, in this order: `query.limit range`. */
  readonly entries?: readonly string[];
  /** Pieces of the body that must be there, or must not. */
  readonly holds?: readonly string[];
  readonly lacks?: readonly string[];
}

/** One sentence of CONTRACT.md, one request that puts it to the test, and the answer that it promises. */
export interface Row {
  /** The section of CONTRACT.md. */
  readonly section: number;
  readonly sentence: string;
  /** The api that answers; default `main`. */
  readonly api?: Variant;
  /** Method, a space, and the path exactly as it goes out. */
  readonly send: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** A body as it is, or anything else as JSON with its content type. */
  readonly body?: string | Uint8Array;
  readonly json?: unknown;
  /** A body without a declared length, in pieces. */
  readonly chunks?: readonly string[];
  readonly expect: Expected;
  /** A log record must name this route and have this in its message. Read where the api runs in this process. */
  readonly logs?: readonly [route: string, message: string];
}

/** The rows of one sentence: what they share is written once. */
export function sentence(
  section: number,
  text: string,
  rows: readonly Omit<Row, "section" | "sentence">[],
): readonly Row[] {
  return rows.map((row) => ({ section, sentence: text, ...row }));
}

/** The same of rows that all speak to one api. */
export const sentenceOf =
  (section: number, api: Variant) =>
  (text: string, rows: readonly Omit<Row, "section" | "sentence" | "api">[]): readonly Row[] =>
    sentence(
      section,
      text,
      rows.map((row) => ({ api, ...row })),
    );

/** A row's request as it goes out. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  readonly chunks: readonly string[] | undefined;
}

/** Takes a row's request apart. */
export function requestOf(row: Row): Sent {
  const space = row.send.indexOf(" ");
  const json = "json" in row;
  const given = json ? JSON.stringify(row.json) : row.body;
  return {
    method: row.send.slice(0, space),
    path: row.send.slice(space + 1),
    headers: json ? [["content-type", "application/json"], ...(row.headers ?? [])] : (row.headers ?? []),
    body: given === undefined ? undefined : new Uint8Array(Buffer.from(given as string)),
    chunks: row.chunks,
  };
}

/** Holds an answer against what a row promises. */
export function check({ status, headers, body }: Answer, expected: Expected): void {
  const text = Buffer.from(body).toString();
  expect(status, text.slice(0, 500)).toBe(expected.status);
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    if (typeof value === "string") expect(headers.get(name), name).toBe(value);
    else expect(headers.getSetCookie(), name).toEqual([...value]);
  }
  for (const name of expected.absent ?? []) expect(headers.has(name), name).toBe(false);
  if (expected.json !== undefined) {
    expect(JSON.parse(text)).toEqual(expected.json);
    expect(headers.get("content-type")).toMatch(/^application\/(problem\+)?json(;charset=utf-8)?$/);
  }
  if (expected.body !== undefined) expect(text).toBe(expected.body);
  if (expected.bytes !== undefined) expect([...body]).toEqual([...expected.bytes]);
  if (expected.entries !== undefined) expect(entriesOf(text)).toEqual([...expected.entries]);
  for (const piece of expected.holds ?? []) expect(text).toContain(piece);
  for (const piece of expected.lacks ?? []) expect(text).not.toContain(piece);
}

/** `loc` with dots and the type of each entry; an entry is those two and a message, and of a form what it broke. */
function entriesOf(text: string): string[] {
  const { detail } = JSON.parse(text) as { detail: readonly Entry[] };
  return detail.map((entry) => {
    const isLimit =
      /^file_|^too_many_parts$/.test(entry.type) || (entry.loc[0] === "form" && entry.type === "too_long");
    expect(Object.keys(entry).sort()).toEqual([...(isLimit ? ["ctx"] : []), "loc", "msg", "type"]);
    expect(typeof entry.msg).toBe("string");
    return `${entry.loc.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(".")} ${entry.type}`;
  });
}
