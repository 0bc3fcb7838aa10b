/** Where a value was read from, or `response` for the value a handler answers. */
export type Source = "params" | "query" | "headers" | "cookies" | "body" | "form" | "files" | "response";

/** What is wrong with a value: the closed list of CONTRACT sections 2 and 5. */
export type EntryType =
  | "missing"
  | "type_error"
  | "value_error"
  | "json_invalid"
  | "extra_forbidden"
  | "too_long"
  | "too_short"
  | "pattern"
  | "format"
  | "range"
  | "enum"
  | "file_missing"
  | "file_too_large"
  | "file_too_small"
  | "file_too_many"
  | "file_invalid_content_type"
  | "too_many_parts";

/** One fault of one value. `loc` is the source, then the path; the rejected value itself is never in it. */
export interface Entry {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: EntryType;
  readonly ctx?: Record<string, unknown>;
}

/** The longest list of entries that one answer carries. */
export const MAX_ENTRIES = 100;

/**
 * What a reader returns in place of a value that does not match; it is never thrown.
 *
 * @example
 * const result = new Validators().json(t.Integer(), "body").read("7");
 * if (result instanceof Invalid) result.entries; // [{ loc: ["body"], msg: "Expected integer", type: "type_error" }]
 */
export class Invalid {
  readonly entries: readonly Entry[];
  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }
}

/** A schema that cannot be checked as declared; thrown while validators are made, never while a request is read. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  /** Where in the schema: property names, `[]` for the items of an array. Empty at the root. */
  readonly path: readonly string[];
  constructor(reason: string, path: readonly string[]) {
    super(path.length === 0 ? reason : `${reason} (at ${path.join(".")})`);
    this.path = path;
  }
}

/** Collects the faults of one value, up to `MAX_ENTRIES`, keeping the path while a fold descends. */
export class Report {
  readonly entries: Entry[] = [];
  readonly path: (string | number)[];
  constructor(source: Source) {
    this.path = [source];
  }
  get full(): boolean {
    return this.entries.length >= MAX_ENTRIES;
  }
  add(msg: string, type: EntryType): void {
    if (this.entries.length < MAX_ENTRIES) this.entries.push({ loc: this.path.slice(), msg, type });
  }

  /** Drops the repetitions among the entries from `from` on: members of an intersection find the same fault each. */
  unite(from: number): void {
    const seen = new Set<string>();
    const fresh = this.entries.splice(from).filter((entry) => {
      const key = JSON.stringify([entry.loc, entry.msg]);
      return !seen.has(key) && seen.add(key);
    });
    this.entries.push(...fresh);
  }
}
