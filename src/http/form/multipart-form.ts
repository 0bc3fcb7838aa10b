import { type Entry } from "../../schema/index.ts";
import { boundaryOf, MultipartFault } from "./multipart/boundary.ts";
import type { PartHead } from "./multipart/part-head.ts";
import { MultipartParser, type PartSink } from "./multipart/parser.ts";
import { Pieces } from "./pieces.ts";
import type { Files } from "./files.ts";
import type { Texts } from "./texts.ts";

/** Takes a body as it comes; an entry ends the reading. */
export interface BodyParser {
  write(chunk: Uint8Array): Entry | undefined;
  end(): Entry | undefined;
}

/** More parts than a form may have. */
class TooManyParts extends MultipartFault {}

/** Reads a multipart form of at most `parts` into its texts and files; an entry where the content type names no boundary. */
export function multipartForm(
  contentType: string,
  into: { readonly texts: Texts; readonly files: Files },
  limits: { readonly parts: number; readonly memoryThreshold: number },
): BodyParser | Entry {
  const { texts, files } = into;
  const boundary = boundaryOf(contentType);
  if (boundary instanceof MultipartFault) return entryOf(boundary, limits.parts);
  let parts = 0;

  const open = (head: PartHead): PartSink | MultipartFault | undefined => {
    parts += 1;
    if (parts > limits.parts) return new TooManyParts("it has too many parts");
    const rules = files.rules(head.name);
    if (rules !== undefined)
      return head.filename === undefined ? misplacedText(files, head.name) : files.sink(rules, head);
    if (!texts.declares(head.name)) texts.ignore(head.name);
    else if (head.filename === undefined) return textSink(texts, head, limits.memoryThreshold);
    else return misplacedFile(texts, head.name, head.filename);
    return undefined;
  };

  const parser = new MultipartParser(boundary, open);
  const told = (fault: MultipartFault | undefined): Entry | undefined => fault && entryOf(fault, limits.parts);
  return { write: (chunk) => told(parser.write(chunk)), end: () => told(parser.end()) };
}

function entryOf(fault: MultipartFault, parts: number): Entry {
  return fault instanceof TooManyParts
    ? { loc: ["body"], msg: `Expected at most ${parts} parts`, type: "too_many_parts", ctx: { max_parts: parts } }
    : { loc: ["body"], msg: `Invalid multipart: ${fault.message}`, type: "value_error" };
}

function textSink(texts: Texts, { name, contentType = "" }: PartHead, longest: number): PartSink {
  const pieces = new Pieces();
  let size = 0;
  return {
    data(bytes) {
      size += bytes.length;
      if (size <= longest) pieces.add(bytes);
      else pieces.clear();
    },
    end() {
      if (size > longest) return texts.refuse(name, "too long");
      const text = isUtf8(contentType) ? decodeUtf8(pieces.bytes()) : undefined;
      if (text === undefined) texts.refuse(name, "not UTF-8");
      else texts.take(name, text);
    },
  };
}

/** A part may name its own charset (RFC 7578 4.5); what is not UTF-8, or the ASCII in it, is not guessed at. */
function isUtf8(contentType: string): boolean {
  const charset = /;[ \t]*charset[ \t]*=[ \t]*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase();
  return charset === undefined || charset === "utf-8" || charset === "utf8" || charset === "us-ascii";
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 as it is written, or undefined. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function misplacedText(files: Files, name: string): PartSink {
  let size = 0;
  return { data: (bytes) => void (size += bytes.length), end: () => files.refuseText(name, size) };
}

function misplacedFile(texts: Texts, name: string, filename: string): PartSink {
  let size = 0;
  return {
    data: (bytes) => void (size += bytes.length),
    end: () => {
      if (size > 0 || filename !== "") texts.refuse(name, "a file");
    },
  };
}
