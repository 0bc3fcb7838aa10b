import type { Plan, TrailingSlash } from "../compile/index.ts";
import type { ErrorFormat } from "../http/index.ts";
import { joinPath } from "../route/index.ts";
import { type OpenApiOptions, type PageName, PAGES } from "./options.ts";

/** The api that is documented. `plans` are asked for when the document is. */
export interface Documented {
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly plans: () => readonly Plan[];
  readonly errors: ErrorFormat;
  readonly trailingSlash: TrailingSlash;
}

/** Where everything is, prefix included. */
export interface Places {
  readonly json: string;
  readonly yaml: string;
  /** Ends where the name of a file begins. */
  readonly assets: string;
  readonly pages: ReadonlyMap<PageName, string>;
}

/** Where the options put everything. Errors: `TypeError` for two things in one place. */
export function placesOf({ path = "/openapi", prefix = "", pages = {} }: OpenApiOptions): Places {
  const at = (suffix: string) => joinPath(prefix, path + suffix);
  const named = PAGES.map((name) => [name, pages === false ? false : (pages[name] ?? `/${name}`)] as const);
  const places = {
    json: at(".json"),
    yaml: at(".yaml"),
    assets: at("/assets/"),
    pages: new Map(
      named.flatMap(([name, where]) => (where === false ? [] : [[name, joinPath(prefix, where)] as const])),
    ),
  };
  const owners = new Map([
    [places.json, "the document"],
    [places.yaml, "the document"],
  ]);
  for (const [name, where] of places.pages) {
    const owner = owners.get(where);
    if (owner !== undefined) throw new TypeError(`openapi: ${where} is given to ${owner} and to ${name}`);
    owners.set(where, name);
  }
  return places;
}
