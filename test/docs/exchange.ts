import { expect } from "bun:test";
import type { Block } from "./page.ts";

/** One request on a page, and the answer that the page promises. */
export interface Exchange {
  readonly line: number;
  readonly request: Request;
  readonly status: number;
  /** Absent where the page does not show it. */
  readonly body: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

const ARROW = "→";
/** In the place of a value that differs from run to run. */
const ANY = "…";

/**
 * Reads an `http` block: exchanges with an empty line between them.
 *
 *     POST /users {"name":"Ada"}
 *     x-request-id: 7
 *     → 201 {"id":1,
 *       "name":"Ada"}
 *     location: /users/1
 *
 * A body goes on in lines that are indented. Errors: an exchange without an answer, a line that is none of these.
 */
export function exchangesOf(block: Block): Exchange[] {
  const exchanges: Exchange[] = [];
  let lines: { readonly text: string; readonly line: number }[] = [];
  const close = () => {
    if (lines.length > 0) exchanges.push(exchangeOf(block, lines));
    lines = [];
  };
  block.text.split("\n").forEach((text, at) => {
    if (text.trim() === "") close();
    else lines.push({ text, line: block.line + at });
  });
  close();
  return exchanges;
}

function exchangeOf({ page }: Block, lines: readonly { readonly text: string; readonly line: number }[]): Exchange {
  const { line } = lines[0]!;
  const joined: string[] = [];
  for (const { text } of lines) {
    if (/^\s/.test(text) && joined.length > 0) joined.push(`${joined.pop()!}\n${text.trim()}`);
    else joined.push(text);
  }
  const arrow = joined.findIndex((text) => text.startsWith(ARROW));
  const [first = "", ...sent] = joined.slice(0, arrow);
  const [, method, path, given] = /^([A-Z]+) (\S+)(?:\s+([^]+))?$/.exec(first) ?? [];
  const [, status, body] = /^→ (\d{3})(?:\s+([^]+))?$/.exec(joined[arrow] ?? "") ?? [];
  if (method === undefined || path === undefined || status === undefined)
    throw new Error(`${page}:${line}: an exchange is a request line, headers, and "${ARROW} status" with the answer`);
  const headers = headersOf(page, line, sent);
  if (given !== undefined && !headers.some(([name]) => name === "content-type"))
    headers.push(["content-type", "application/json"]);
  const init = { method, headers, ...(given === undefined ? {} : { body: given }) };
  return {
    line,
    request: new Request(`http://localhost${path}`, init),
    status: Number(status),
    body,
    headers: headersOf(page, line, joined.slice(arrow + 1)),
  };
}

function headersOf(page: string, line: number, lines: readonly string[]): [string, string][] {
  return lines.map((text) => {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new Error(`${page}:${line}: "${text}" is no header line; a body goes on in indented lines`);
    return [name.toLowerCase(), value];
  });
}

/** Holds an answer against what the page shows. */
export async function compare(response: Response, expected: Exchange): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBe(expected.status);
  for (const [name, value] of expected.headers) {
    if (value === ANY) expect(response.headers.has(name), name).toBe(true);
    else expect(response.headers.get(name), name).toBe(value);
  }
  if (expected.body === undefined || expected.body === ANY) return;
  const json = /^application\/(?:[\w.-]+\+)?json$/.test(response.headers.get("content-type") ?? "");
  if (json) expect(JSON.parse(text)).toEqual(JSON.parse(expected.body));
  else expect(text.trimEnd()).toBe(expected.body);
}
