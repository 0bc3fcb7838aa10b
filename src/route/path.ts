/** One piece of a path pattern. */
export type Segment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "param"; readonly name: string }
  | { readonly kind: "wildcard"; readonly name: string };

/** A path pattern, taken apart. */
export interface PathPattern {
  /** As written, prefixes joined. */
  readonly path: string;
  readonly segments: readonly Segment[];
  /** Parameter names in order; a wildcard's last. */
  readonly names: readonly string[];
  /** The wildcard's name, where the pattern ends in one. */
  readonly wildcard: string | undefined;
  /** Whether it was written with a slash at its end, which matters under `trailingSlash: "keep"`. */
  readonly trailing: boolean;
}

/** A pattern that cannot be matched; names the pattern and what is wrong with it. */
export class PathError extends Error {
  constructor(path: string, reason: string) {
    super(`path "${path}" ${reason}`);
    this.name = "PathError";
  }
}

const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * Takes a pattern apart: `/users/:id`, `/files/*path`.
 *
 * Errors: {@link PathError} for anything that no request could match or that would match by surprise: no leading slash, an empty
 * segment or name, a name twice, a wildcard before the end, `:` or `*` inside a segment, `?`, `#`.
 */
export function parsePath(path: string): PathPattern {
  if (!path.startsWith("/")) throw new PathError(path, "must start with /");
  if (path.includes("?")) throw new PathError(path, "has a ?: there are no optional parameters; declare two routes");
  if (/[#\\]/.test(path)) throw new PathError(path, "has a # or \\, which no path can match");
  const trailing = path !== "/" && path.endsWith("/");
  const parts = path === "/" ? [] : path.slice(1, trailing ? -1 : undefined).split("/");
  const names: string[] = [];
  const segments = parts.map((part, at): Segment => {
    if (part === "") throw new PathError(path, "has an empty segment");
    if (part === "." || part === "..") throw new PathError(path, `has the dot segment ${part}, which clients remove`);
    const mark = part[0];
    if (mark !== ":" && mark !== "*") {
      if (/[:*]/.test(part))
        throw new PathError(path, `has ${JSON.stringify(part)}: a parameter fills a whole segment`);
      return { kind: "static", text: encodeSegment(path, part) };
    }
    const name = part.slice(1);
    if (name === "" && mark === ":") throw new PathError(path, "has a parameter without a name");
    if (mark === "*" && at !== parts.length - 1) throw new PathError(path, "has a wildcard before its end");
    if (name === "") throw new PathError(path, "has a wildcard without a name: write *path");
    if (!NAME.test(name)) throw new PathError(path, `has the unusable parameter name "${name}"`);
    if (name === "__proto__") throw new PathError(path, "has a parameter named __proto__");
    if (names.includes(name)) throw new PathError(path, `has the parameter "${name}" twice`);
    names.push(name);
    return mark === ":" ? { kind: "param", name } : { kind: "wildcard", name };
  });
  const last = segments.at(-1);
  return Object.freeze({
    path,
    segments,
    names,
    wildcard: last?.kind === "wildcard" ? last.name : undefined,
    trailing,
  });
}

/** Static text as a request carries it. */
function encodeSegment(path: string, text: string): string {
  const encoded = normalPath(text);
  if (encoded === undefined) throw new PathError(path, `has malformed percent-encoding in "${text}"`);
  return encoded;
}

/**
 * The one spelling of all that are the same path (RFC 3986 6.2.2): what a path cannot hold is percent-encoded, unreserved
 * characters are not, and escapes are in upper case. `%2F` and other reserved escapes stay. `undefined` for a malformed escape.
 */
export function normalPath(path: string): string | undefined {
  try {
    decodeURIComponent(path);
    return encodeURI(path)
      .replaceAll("%25", "%")
      .replace(/%[\da-f]{2}|[[\]]/gi, (escape) => {
        const char = escape.length === 1 ? escape : String.fromCharCode(Number.parseInt(escape.slice(1), 16));
        return /[\w\-.~]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
      });
  } catch {
    return undefined;
  }
}

/** Joins a prefix and a path: `/admin` and `/users` give `/admin/users`; either may be empty or `/`. */
export function joinPath(prefix: string, path: string): string {
  const head = prefix.endsWith("/") ? prefix.slice(0, -1) : prefix;
  const tail = path.startsWith("/") || path === "" ? path : `/${path}`;
  const joined = tail === "/" && head !== "" ? head : head + tail;
  return joined === "" ? "/" : joined;
}

/** The pattern in the native table's spelling: `*` without its name. */
export function nativePath(pattern: PathPattern): string {
  return spell(pattern, (name) => `:${name}`);
}

/** The pattern with parameters named by position, as the tree and the check for twins compare it. */
export function canonicalPath(pattern: PathPattern): string {
  let at = 0;
  return spell(pattern, () => `:${at++}`);
}

function spell(pattern: PathPattern, param: (name: string) => string): string {
  const parts = pattern.segments.map((segment) => {
    if (segment.kind === "static") return segment.text;
    return segment.kind === "param" ? param(segment.name) : "*";
  });
  return `/${parts.join("/")}`;
}
