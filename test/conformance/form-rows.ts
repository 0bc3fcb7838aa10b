import { type Row, sentence as sentenceAt } from "./row.ts";

/** The rows of one sentence; they speak to the api of forms unless they say otherwise. */
export const sentence = (text: string, rows: readonly Omit<Row, "section" | "sentence">[]): readonly Row[] =>
  sentenceAt(
    5,
    text,
    rows.map((row) => ({ api: "forms", ...row })),
  );

export const ok = (json: unknown) => ({ status: 200, json });
export const invalid = (...entries: readonly string[]) => ({ status: 422, entries });

/** An urlencoded form. */
export const urlencoded = (body: string) => ({
  headers: [["content-type", "application/x-www-form-urlencoded"]] as const,
  body,
});

/** One part of a multipart form: what stands in its `Content-Disposition` after `form-data`, its type, its body. */
export type Part = readonly [disposition: string, type: string | undefined, body: string];

/** Text in latin-1: a character is a byte. */
export const multipart = (...parts: readonly Part[]) => ({
  headers: [["content-type", 'multipart/form-data; boundary="the boundary"']] as const,
  body: written(parts),
});

function written(parts: readonly Part[]): Uint8Array {
  const lines = parts.map(([disposition, type, body]) => {
    const head = `Content-Disposition: form-data; ${disposition}${type === undefined ? "" : `\r\nContent-Type: ${type}`}`;
    return `--the boundary\r\n${head}\r\n\r\n${body}\r\n`;
  });
  return Buffer.from(`${lines.join("")}--the boundary--\r\n`, "latin1");
}

export const field = (name: string, value: string): Part => [`name="${name}"`, undefined, value];
export const file = (name: string, filename: string, type: string | undefined, body: string): Part => [
  `name="${name}"; filename="${filename}"`,
  type,
  body,
];
export const photo = (type: string, body: string) => multipart(file("photo", "a.png", type, body));
