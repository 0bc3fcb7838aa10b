import { type FormFile, type FormLimits, type FormResult, formReader } from "../../../src/http/index.ts";
import { fileRulesOf, isFileSchema, type TSchema } from "../../../src/schema/index.ts";

export const BOUNDARY = "----WebKitFormBoundaryA1b2C3";

/** One part as a browser writes it: its headers, then its body. */
export type Part = readonly [headers: string | readonly string[], body: string | Uint8Array];

/** The bytes of a multipart form. */
export function multipart(parts: readonly Part[], boundary = BOUNDARY): Uint8Array<ArrayBuffer> {
  const pieces = parts.flatMap(([headers, body]) => [
    `--${boundary}\r\n${[headers].flat().join("\r\n")}\r\n\r\n`,
    body,
    "\r\n",
  ]);
  return new Uint8Array(
    Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as Uint8Array))),
  );
}

export const text = (name: string, value: string | Uint8Array): Part => [
  `Content-Disposition: form-data; name="${name}"`,
  value,
];

export const file = (name: string, filename: string, type: string, body: string | Uint8Array): Part => [
  [`Content-Disposition: form-data; name="${name}"; filename="${filename}"`, `Content-Type: ${type}`],
  body,
];

/** A body that comes in chunks of the given sizes, the last one again and again. */
export function chunked(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let at = 0;
  let index = 0;
  return new ReadableStream({
    pull(controller) {
      const size = sizes[Math.min(index++, sizes.length - 1)] ?? bytes.length;
      if (at < bytes.length) controller.enqueue(bytes.slice(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
  });
}

/** Declared fields: schemas of files among them, all others texts; a list where every repetition is wanted. */
export type Fields = Readonly<Record<string, "text" | "texts" | TSchema>>;

/** Reads a body by its declared fields; multipart unless another type is given. */
export function formOf(
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | string,
  fields: Fields,
  limits: Partial<FormLimits> = {},
  contentType = `multipart/form-data; boundary=${BOUNDARY}`,
): Promise<FormResult> {
  const files = new Map<string, FormFile>();
  const texts: string[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field === "string") texts.push(name);
    else if (isFileSchema(field)) files.set(name, { ...fileRulesOf(field), source: "files" });
  }
  const request = new Request("http://a/", { method: "POST", headers: { "content-type": contentType }, body });
  const plan = { fields: texts, repeated: texts.map((name) => fields[name] === "texts"), files };
  return formReader(plan, { bytes: 10_000_000, ...limits })(request);
}
