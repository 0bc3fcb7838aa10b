import type { Entry } from "../../schema/index.ts";
import { brokenOff } from "../body.ts";
import { ContentTooLarge, HttpError, UnsupportedMediaType } from "../errors.ts";
import { Files } from "./files.ts";
import { type BodyParser, multipartForm } from "./multipart-form.ts";
import { DEFAULT_MEMORY_THRESHOLD, DEFAULT_PARTS, type FormLimits, type FormPlan, type FormResult } from "./plan.ts";
import { simpleForm } from "./simple.ts";
import { Texts } from "./texts.ts";
import { urlencodedForm } from "./urlencoded.ts";

/** A body up to this size is taken in one go: 311 us for a file of 900 KB, chunk by chunk 465 (`bench/multipart.ts`). */
const ONE_GO = 1_048_576;

/** Reads the form of a request. */
export type FormReader = (request: Request) => Promise<FormResult>;

/**
 * Makes the reader of a form, `application/x-www-form-urlencoded` or `multipart/form-data` by the request's content type, which reads
 * while the body arrives. What the plan does not declare is read past, files beyond `memoryThreshold` go to temporary files. The
 * caller calls `dispose` when the answer has been sent.
 *
 * Reading rejects with `ContentTooLarge` (413) beyond `limits.bytes`, `UnsupportedMediaType` (415) for another content type, `BadRequest`
 * (400) for a body that breaks off, and as the file system does. No temporary file is left behind then.
 *
 * @example
 * ```ts
 * const read = formReader({ fields: ["title"], repeated: [false], files: new Map() }, { bytes: 1_048_576 });
 * const form = await read(request);
 * form.texts; // ["Ada"]
 * form.dispose();
 * ```
 */
export function formReader(plan: FormPlan, limits: FormLimits): FormReader {
  const { bytes: limit, parts = DEFAULT_PARTS, memoryThreshold = DEFAULT_MEMORY_THRESHOLD } = limits;
  const simple = simpleForm(plan, memoryThreshold);

  const readParts = async (request: Request, type: string, whole: Uint8Array | undefined): Promise<FormResult> => {
    const texts = new Texts(plan, memoryThreshold);
    const files = new Files(plan.files, memoryThreshold);
    const parser = parserOf(type, { texts, files }, { parts, memoryThreshold });
    try {
      const fault =
        "loc" in parser
          ? parser
          : whole === undefined
            ? await feed(request, limit, parser, files)
            : await feedAll(whole, parser, files);
      if (fault !== undefined) {
        files.dispose();
        return { ...NOTHING, texts: texts.values.map(() => undefined), entries: [fault] };
      }
      const found = files.finish();
      return {
        texts: texts.values,
        unknown: texts.unknown,
        files: found,
        entries: [...texts.entries, ...files.entries],
        refused: texts.refused,
        broken: false,
        dispose: () => files.dispose(),
      };
    } catch (error) {
      files.dispose();
      throw error;
    }
  };

  return (request) => {
    const { headers } = request;
    const type = headers.get("content-type") ?? "";
    const declared = headers.get("content-length");
    if (declared === null || Number(declared) > Math.min(ONE_GO, limit)) return readParts(request, type, undefined);
    return request.bytes().then((bytes) => {
      if (bytes.length > limit) throw tooLarge(limit);
      return (SIMPLE.has(type) ? simple(bytes) : undefined) ?? readParts(request, type, bytes);
    }, broken);
  };
}

const URLENCODED = "application/x-www-form-urlencoded";
/** As forms and as `fetch` with `URLSearchParams` spell it. */
const SIMPLE: ReadonlySet<string> = new Set([URLENCODED, `${URLENCODED};charset=UTF-8`]);

const NOTHING = { unknown: [], files: new Map(), refused: new Set<string>(), broken: true, dispose: () => {} };

function parserOf(
  contentType: string,
  into: { readonly texts: Texts; readonly files: Files },
  limits: { readonly parts: number; readonly memoryThreshold: number },
): BodyParser | Entry {
  const [essence = ""] = contentType.split(";", 1);
  switch (essence.trim().toLowerCase()) {
    case "multipart/form-data":
      return multipartForm(contentType, into, limits);
    case URLENCODED:
      return urlencodedForm(into, limits.memoryThreshold);
    default:
      throw new UnsupportedMediaType("Expected multipart/form-data or application/x-www-form-urlencoded");
  }
}

/** Gives all of a body to a parser. An empty one has nothing that could be wrong with it. */
async function feedAll(bytes: Uint8Array, parser: BodyParser, files: Files): Promise<Entry | undefined> {
  if (bytes.length === 0) return undefined;
  const fault = parser.write(bytes) ?? parser.end();
  await files.flush();
  return fault;
}

/** Gives a body to a parser as it arrives, at the pace of the disk. */
async function feed(request: Request, limit: number, parser: BodyParser, files: Files): Promise<Entry | undefined> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > limit) throw tooLarge(limit);
  if (request.body === null) return undefined;
  const reader = request.body.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(broken);
      if (done) return size === 0 ? undefined : parser.end();
      size += value.length;
      if (size > limit) throw tooLarge(limit);
      const fault = parser.write(value);
      const flushed = files.flush();
      if (flushed !== undefined) await flushed;
      if (fault !== undefined) return fault;
    }
  } finally {
    // The rest is nobody's; of a body that has ended this is nothing.
    reader.cancel().catch(() => {});
  }
}

function tooLarge(bytes: number): Error {
  return new ContentTooLarge(`Body is larger than ${bytes} bytes`);
}

/** A limit in front may have errored the body: that is its answer. */
function broken(cause: unknown): never {
  throw cause instanceof HttpError ? cause : brokenOff(cause);
}
