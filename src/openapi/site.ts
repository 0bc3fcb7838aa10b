import { type FileReply, NotFound } from "../http/index.ts";
import { Assets } from "./assets.ts";
import { Content } from "./content.ts";
import { buildDocument } from "./document.ts";
import type { Documented, Places } from "./documented.ts";
import type { OpenApiOptions, PageName } from "./options.ts";
import { missingPage, viewerPage } from "./page.ts";

import { VIEWERS } from "./viewers.ts";

/** The document may be another after the next deployment: a client asks, and is told 304. */
const REVALIDATE = "no-cache";
/** The name holds a hash of the content (RFC 8246). */
const FOR_EVER = "public, max-age=31536000, immutable";

/** The document and its pages, each made when it is first asked for, and kept. */
export class Site {
  readonly #documented: Documented;
  readonly #options: OpenApiOptions;
  readonly #places: Places;
  readonly #assets = new Assets();
  #text: string | undefined;
  #json: Content | undefined;
  #yaml: Content | undefined;

  constructor(documented: Documented, options: OpenApiOptions, places: Places) {
    this.#documented = documented;
    this.#options = options;
    this.#places = places;
  }

  json(request: Request): Promise<FileReply> {
    this.#json ??= contentOf("application/json", this.#document());
    return this.#json.respond(request, REVALIDATE);
  }

  yaml(request: Request): Promise<FileReply> {
    // Read anew: what is there twice would be written as an alias.
    this.#yaml ??= contentOf("application/yaml", Bun.YAML.stringify(JSON.parse(this.#document()), null, 2));
    return this.#yaml.respond(request, REVALIDATE);
  }

  /** The page at a path; one that says how to add the viewer where its package is not installed. */
  async page(name: PageName, path: string): Promise<Response> {
    const viewer = VIEWERS[name];
    const { title } = this.#documented;
    const assets = await this.#assets.of(viewer);
    if (assets === undefined) return missingPage(title, viewer);
    const { json, assets: folder } = this.#places;
    return viewerPage({
      title,
      viewer,
      documentUrl: relative(path, json),
      urls: assets.map((asset) => relative(path, folder + asset.name)),
      servers: this.#options.servers,
    });
  }

  /** A file of a viewer. Errors: `NotFound`. */
  async asset(name: string, request: Request): Promise<FileReply> {
    const found = await this.#assets.named(name);
    if (found === undefined) throw new NotFound();
    return found.content.respond(request, FOR_EVER);
  }

  #document(): string {
    const { plans, ...source } = this.#documented;
    return (this.#text ??= JSON.stringify(buildDocument({ ...source, plans: plans() }, this.#options)));
  }
}

function contentOf(type: string, text: string): Content {
  const bytes = new TextEncoder().encode(text);
  return new Content(type, async () => bytes);
}

/** A path as a page at another one refers to it: `../openapi.json`. */
function relative(from: string, to: string): string {
  const [here, there] = [from.split("/").slice(0, -1), to.split("/")];
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  return [...here.slice(shared).map(() => ".."), ...there.slice(shared)].join("/");
}
