import { Memoirist } from "memoirist";

/** What the tree found: the entry, and its parameters as sent, percent-encoded, by position (a wildcard's under `*`). */
export interface Found<T> {
  readonly store: T;
  readonly params: Record<string, string>;
}

/**
 * Patterns by method, on a memoirist radix tree: what the native table cannot express or what it did not match.
 * Static beats dynamic beats wildcard, segment by segment, with backtracking, as in Bun's own table.
 */
export class PathTree<T> {
  readonly #entries = new Memoirist<T>();
  readonly #paths = new Memoirist<true>();
  readonly #taken = new Set<string>();

  /** Adds an entry under a path in the tree's spelling (see `canonicalPath`), unless there is one already: says whether it did. */
  add(method: string, path: string, entry: T): boolean {
    const key = `${method} ${path}`;
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    this.#entries.add(method, path, entry);
    this.#paths.add("", path, true);
    return true;
  }

  /** The entry for a method and a path; the path is as sent, with repeated slashes already folded. */
  find(method: string, path: string): Found<T> | null {
    return this.#entries.find(method, path);
  }

  /** Whether any pattern matches, whatever the method: one look where a miss would cost one for each method. */
  has(path: string): boolean {
    return this.#paths.find("", path) !== null;
  }
}

/**
 * The path of a request's URL, as sent: no query, no fragment, repeated slashes folded into one.
 * The URL is without an origin where `Host` is absent (HTTP/1.0) or no host: Bun gives the path alone.
 */
export function requestPath(url: string): string {
  const start = pathStart(url);
  if (start === -1) return "/";
  let end = url.indexOf("?", start);
  if (end === -1) end = url.indexOf("#", start);
  const path = end === -1 ? url.slice(start) : url.slice(start, end);
  return path.includes("//") ? path.replace(/\/{2,}/g, "/") : path;
}

/** Where the path begins in a request's URL; -1 where it has none. */
export function pathStart(url: string): number {
  return url.charCodeAt(0) === 47 ? 0 : url.indexOf("/", url.indexOf("://") + 3);
}
