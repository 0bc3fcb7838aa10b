import type { Contract, Defaults, Method } from "../route/index.ts";
import type { TSchema } from "../schema/index.ts";
import { checkServer } from "./servers.ts";
import type { ExternalDocs, ServerObject, TagObject } from "./model.ts";

/** Versions of OpenAPI that can be written. */
const VERSIONS = ["3.1.1", "3.2.0"] as const;

/** The pages that show the document. `docs` and `scalar` are the same one. */
export const PAGES = ["docs", "scalar", "swagger", "redoc", "rapidoc", "elements"] as const;

/** One of {@link PAGES}. */
export type PageName = (typeof PAGES)[number];

/** A request that this api sends to others, for the document: declared as a route is. */
export interface Webhook extends Pick<
  Contract,
  "summary" | "description" | "tags" | "operationId" | "deprecated" | "externalDocs" | "headers" | "body" | "response"
> {
  /** Default `POST`. */
  readonly method?: Method;
}

/** The document of an api and the pages that show it: ordinary routes, which `auth`, `guards` and `use` protect as they do any other. */
export interface OpenApiOptions extends Pick<Defaults, "auth" | "guards" | "use"> {
  /** Where the document is, without its ending; default `/openapi`, which serves `/openapi.json` and `/openapi.yaml`. */
  readonly path?: string;
  /** Goes before the document's path and those of the pages. */
  readonly prefix?: string;
  /** Where a page is, or `false` for nowhere; default `/` and its name. `pages: false` serves none. */
  readonly pages?: false | Readonly<Partial<Record<PageName, string | false>>>;
  /** Default `3.1.1`. Under 3.2.0 operations of QUERY stand beside the others, under 3.1.1 as `x-query`. */
  readonly version?: (typeof VERSIONS)[number];
  /** Default false. A route that does not say what it answers stops start-up, as does a document that cannot be made. */
  readonly strict?: boolean;
  /** What every error that no route declares a schema for looks like, where `onError` gives them a form of their own; default Bolide's. */
  readonly errors?: TSchema;
  readonly summary?: string;
  readonly termsOfService?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string };
  /** Default: where the document itself is served. */
  readonly servers?: readonly ServerObject[];
  /** Descriptions of tags, in the order in which pages show them; tags that only routes name follow. */
  readonly tags?: readonly TagObject[];
  /** Tags by the group under which pages show them; those of no group are shown under `Other`. */
  readonly tagGroups?: Readonly<Record<string, readonly string[]>>;
  readonly externalDocs?: ExternalDocs;
  readonly webhooks?: Readonly<Record<string, Webhook>>;
}

const KEYS: ReadonlySet<string> = new Set<keyof OpenApiOptions>([
  "auth",
  "guards",
  "use",
  "path",
  "prefix",
  "pages",
  "version",
  "strict",
  "errors",
  "summary",
  "termsOfService",
  "contact",
  "license",
  "servers",
  "tags",
  "tagGroups",
  "externalDocs",
  "webhooks",
]);

/** Errors: `TypeError` for an option, a page, a version, a path or a server that there cannot be, so that a misspelling is not silence. */
export function checkOptions(options: OpenApiOptions): void {
  for (const key in options) if (!KEYS.has(key)) throw new TypeError(`openapi: unknown option "${key}"`);
  for (const name in options.pages || {}) {
    if (!(PAGES as readonly string[]).includes(name)) {
      throw new TypeError(`openapi: there is no page "${name}": the pages are ${PAGES.join(", ")}`);
    }
  }
  const { version, path, prefix, pages, servers = [] } = options;
  if (version !== undefined && !VERSIONS.includes(version))
    throw new TypeError(`openapi: version ${version} cannot be written, but ${VERSIONS.join(" and ")} can`);
  for (const [name, where] of Object.entries({ path, prefix, ...(pages === false ? {} : pages) })) {
    if (where === undefined || where === false) continue;
    if (typeof where !== "string" || /[:*?#]/.test(where))
      throw new TypeError(`openapi: ${name} is a path without parameters, not ${JSON.stringify(where)}`);
  }
  if (path?.endsWith("/") === true) throw new TypeError(`openapi: path is without its ending, not ${path}`);
  for (const server of servers) checkServer(server);
}
