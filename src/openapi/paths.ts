import { canonicalPath, type PathPattern } from "../route/index.ts";
import type { TrailingSlash } from "../compile/index.ts";

/** A path as the document spells it, and the names of its parameters by position. */
export interface Template {
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * The templates of one document, of all `patterns` in it. Paths that differ only in the names of their parameters are one
 * (OpenAPI 3.1, 4.8.8): the first route names them.
 */
export class Templates {
  readonly #known = new Map<string, Template>();
  readonly #keys: ReadonlySet<string>;
  readonly #trailingSlash: TrailingSlash;

  constructor(trailingSlash: TrailingSlash, patterns: readonly PathPattern[]) {
    this.#trailingSlash = trailingSlash;
    this.#keys = new Set(patterns.map((pattern) => canonicalPath(pattern) + this.#tailOf(pattern)));
  }

  of(pattern: PathPattern): Template {
    const tail = this.#tailOf(pattern);
    const key = canonicalPath(pattern) + tail;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const parts = pattern.segments.map((segment) =>
      segment.kind === "static" ? segment.text.replaceAll("{", "%7B").replaceAll("}", "%7D") : `{${segment.name}}`,
    );
    // `/a/:b` and `/a/*b` would be the same path; a fragment is never sent.
    const twin = pattern.wildcard !== undefined && this.#keys.has(key.replace(/\*$/, `:${pattern.names.length - 1}`));
    const template = { path: `/${parts.join("/")}${tail}${twin ? "#rest" : ""}`, names: pattern.names };
    this.#known.set(key, template);
    return template;
  }

  #tailOf({ trailing, segments, wildcard }: PathPattern): string {
    const slash = this.#trailingSlash === "append" || (this.#trailingSlash === "keep" && trailing);
    return slash && segments.length > 0 && wildcard === undefined ? "/" : "";
  }
}
