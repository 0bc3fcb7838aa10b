import { type Entry, MAX_ENTRIES, type UploadFile } from "../../schema/index.ts";
import type { PartHead } from "./multipart/part-head.ts";
import type { PartSink } from "./multipart/parser.ts";
import { baseName } from "./upload/base-name.ts";
import { Upload } from "./upload/file.ts";
import { countFault, fileFaults, isAllowed } from "./upload/rules.ts";
import { HEADER_BYTES } from "./upload/signatures.ts";
import { sniff } from "./upload/sniff.ts";
import { Spool } from "./upload/spool.ts";
import type { FormFile, FormPlan } from "./plan.ts";
import { Pieces } from "./pieces.ts";

/** The declared files of one form, on their way to memory or to the disk. */
export class Files {
  readonly entries: Entry[] = [];
  readonly #plan: FormPlan["files"];
  readonly #threshold: number;
  readonly #kept = new Map<string, Upload[]>();
  /** Files seen by name, those at fault among them. */
  readonly #counts = new Map<string, number>();
  readonly #refused = new Set<string>();
  readonly #open = new Set<Spool>();

  constructor(plan: FormPlan["files"], threshold: number) {
    this.#plan = plan;
    this.#threshold = threshold;
  }

  rules(name: string): FormFile | undefined {
    return this.#plan.get(name);
  }

  /** A text came where a file is declared: an empty one is no file at all. */
  refuseText(name: string, size: number): void {
    const rules = this.#plan.get(name);
    if (size === 0 || rules === undefined || this.#refused.has(name)) return;
    this.#refused.add(name);
    this.#add({ loc: [rules.source, name], msg: "Expected a file, not a text", type: "type_error" });
  }

  /** Takes one file's bytes. What will be refused anyway is counted, and not kept. */
  sink(rules: FormFile, head: PartHead): PartSink {
    const { name } = head;
    const filename = head.filename ?? "";
    const contentType = essence(head.contentType);
    const most = rules.many ? (rules.maxFiles ?? Infinity) : 1;
    let keeps = (this.#counts.get(name) ?? 0) < most && isAllowed(contentType, rules.types);
    let size = 0;
    let spool: Spool | undefined;
    const start = new Pieces();
    const pieces = new Pieces();

    const data = (bytes: Uint8Array): void => {
      size += bytes.length;
      if (rules.sniff && start.size < HEADER_BYTES) start.add(bytes.subarray(0, HEADER_BYTES - start.size));
      if (keeps && size > (rules.maxSize ?? Infinity)) {
        keeps = false;
        pieces.clear();
        this.#drop(spool);
      }
      if (!keeps) return;
      if (spool !== undefined) return spool.add(bytes);
      pieces.add(bytes);
      if (size <= this.#threshold) return;
      spool = new Spool();
      this.#open.add(spool);
      spool.add(pieces.bytes());
    };

    const end = (): void => {
      // What browsers send for an input that nobody chose a file for (WHATWG HTML, "constructing the entry list").
      if (size === 0 && filename === "") return;
      const index = this.#counts.get(name) ?? 0;
      this.#counts.set(name, index + 1);
      if (index >= most) return;
      const sniffed = rules.sniff ? sniff(start.bytes(), contentType) : undefined;
      const faults = fileFaults(rules, { size, contentType, sniffed });
      const loc = rules.many ? [rules.source, name, index] : [rules.source, name];
      for (const fault of faults) this.#add({ loc, ...fault });
      if (faults.length > 0) return this.#drop(spool);
      spool?.end();
      const init = { filename: baseName(filename), contentType, size, lines: head.lines };
      const upload = new Upload(init, spool ?? [pieces.bytes()]);
      const kept = this.#kept.get(name);
      if (kept === undefined) this.#kept.set(name, [upload]);
      else kept.push(upload);
    };
    return { data, end };
  }

  /** Writes what waits for the disk; a promise where the disk is slow. */
  flush(): Promise<void> | undefined {
    for (const spool of this.#open) {
      const slow = spool.flush();
      if (slow !== undefined) return slow.then(() => this.flush());
      if (spool.closed) this.#open.delete(spool);
    }
    return undefined;
  }

  /** The form has been read: what is missing, and what came too often. */
  finish(): ReadonlyMap<string, UploadFile | UploadFile[]> {
    const result = new Map<string, UploadFile | UploadFile[]>();
    for (const [name, rules] of this.#plan) {
      if (this.#refused.has(name)) continue;
      const count = this.#counts.get(name) ?? 0;
      const fault = countFault(rules, count);
      if (fault !== undefined) this.#add({ loc: [rules.source, name], ...fault });
      const kept = this.#kept.get(name) ?? [];
      const [first] = kept;
      if (rules.many) {
        if (count > 0 || !rules.optional) result.set(name, kept);
      } else if (first !== undefined) result.set(name, first);
    }
    return result;
  }

  dispose(): void {
    for (const spool of this.#open) spool.remove();
    this.#open.clear();
    for (const upload of [...this.#kept.values()].flat()) upload.dispose();
  }

  #drop(spool: Spool | undefined): void {
    if (spool === undefined) return;
    this.#open.delete(spool);
    spool.remove();
  }

  #add(entry: Entry): void {
    if (this.entries.length < MAX_ENTRIES) this.entries.push(entry);
  }
}

/** `type "/" subtype` of RFC 9110 8.3.1; `*` is a character of neither (RFC 6838 4.2), so a range is no type. */
const TYPE = /^[\w!#$%&'+.^`|~-]+\/[\w!#$%&'+.^`|~-]+$/;

/**
 * The media type without its parameters. What is not said is bytes (RFC 2046 4.5.1), as RFC 7578 4.4 has it for files, and so is what is
 * no type: `image/x, text/html` would be in the range `image/*` by its start.
 */
function essence(contentType: string | undefined): string {
  const [type = ""] = (contentType ?? "").split(";", 1);
  const trimmed = type.trim();
  return TYPE.test(trimmed) ? trimmed.toLowerCase() : "application/octet-stream";
}
