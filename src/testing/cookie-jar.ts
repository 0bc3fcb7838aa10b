interface Kept {
  readonly value: string;
  readonly path: string;
  readonly ends: number;
}

/** Cookies as a browser keeps them for one host (RFC 6265bis 5): by name and path, until they end. `Secure` and `Domain` are not asked. */
export class CookieJar {
  readonly #kept = new Map<string, Kept>();

  /** The value of the cookie of this name, as it was sent; `undefined` where there is none. */
  get(name: string): string | undefined {
    const now = Date.now();
    return [...this.#kept].find(([key, { ends }]) => key.startsWith(`${name};`) && ends > now)?.[1].value;
  }

  /** Sets a cookie for every path. */
  set(name: string, value: string): void {
    this.#kept.set(`${name};/`, { value, path: "/", ends: Number.POSITIVE_INFINITY });
  }

  /** Forgets the cookies of this name, or all. */
  clear(name?: string): void {
    for (const key of this.#kept.keys()) if (name === undefined || key.startsWith(`${name};`)) this.#kept.delete(key);
  }

  /** The `Cookie` header for a path, longest paths first (RFC 6265bis 5.8.3); empty where no cookie goes there. */
  header(path: string): string {
    return this.#sent(path)
      .map(([name, value]) => `${name}=${value}`)
      .join("; ");
  }

  /** Takes the `Set-Cookie` headers of an answer to a request for this path. */
  take(headers: Headers, path: string): void {
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";");
      const split = pair.indexOf("=");
      const name = pair.slice(0, split).trim();
      const given = new Map(attributes.map((attribute) => halves(attribute)));
      const where = given.get("path") ?? "";
      const kept = {
        value: pair.slice(split + 1).trim(),
        path: where.startsWith("/") ? where : defaultPath(path),
        ends: endOf(given),
      };
      if (kept.ends <= Date.now()) this.#kept.delete(`${name};${kept.path}`);
      else this.#kept.set(`${name};${kept.path}`, kept);
    }
  }

  #sent(path: string): [name: string, value: string][] {
    const now = Date.now();
    return [...this.#kept]
      .filter(([, kept]) => kept.ends > now && isUnder(path, kept.path))
      .sort(([, a], [, b]) => b.path.length - a.path.length)
      .map(([key, { value }]) => [key.slice(0, key.indexOf(";")), value]);
  }
}

function halves(attribute: string): [name: string, value: string] {
  const [name = "", ...value] = attribute.split("=");
  return [name.trim().toLowerCase(), value.join("=").trim()];
}

/** `Max-Age` before `Expires` (RFC 6265bis 5.7). */
function endOf(attributes: ReadonlyMap<string, string>): number {
  const age = attributes.get("max-age");
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0 ? 0 : Date.now() + Number(age) * 1000;
  const expires = Date.parse(attributes.get("expires") ?? "");
  return Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires;
}

/** RFC 6265bis 5.1.4. */
function defaultPath(path: string): string {
  const last = path.lastIndexOf("/");
  return last <= 0 ? "/" : path.slice(0, last);
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || (path.startsWith(prefix) && (prefix.endsWith("/") || path[prefix.length] === "/"));
}
