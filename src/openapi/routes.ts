import type { Plan } from "../compile/index.ts";
import type { RequestContext } from "../http/index.ts";
import { type AnyRoute, get, RouteError } from "../route/index.ts";
import { type Documented, type Places, placesOf } from "./documented.ts";
import { checkOptions, type OpenApiOptions } from "./options.ts";

/**
 * The document's own routes: `/openapi.json`, `/openapi.yaml`, the pages and what they load. Nothing behind them is read before the
 * first request. They do not appear in the document.
 */
export function openapiRoutes(documented: Documented, options: OpenApiOptions): readonly AnyRoute[] {
  checkOptions(options);
  const places = placesOf(options);
  let opened: ReturnType<typeof open> | undefined;
  const site = () => (opened ??= open(documented, options, places));
  const { auth, guards, use } = options;
  const contract = {
    hidden: true,
    ...(auth === undefined ? {} : { auth }),
    ...(guards === undefined ? {} : { guards }),
    ...(use === undefined ? {} : { use }),
  };
  const routes: AnyRoute[] = [
    get(places.json, contract, async ({ request }) => (await site()).json(request)),
    get(places.yaml, contract, async ({ request }) => (await site()).yaml(request)),
    ...[...places.pages].map(([name, path]) => get(path, contract, async (ctx) => (await site()).page(name, ctx.path))),
  ];
  if (places.pages.size > 0) {
    const asset = async ({ request, path }: RequestContext) => (await site()).asset(path.split("/").at(-1)!, request);
    routes.push(get(`${places.assets}:file`, contract, asset));
  }
  return routes;
}

async function open(documented: Documented, options: OpenApiOptions, places: Places) {
  const { Site } = await import("./room.ts");
  return new Site(documented, options, places);
}

/** Errors, under `strict`: `RouteError` for a route of which nothing says what it answers. */
export function requireTyped(plans: readonly Plan[], { strict = false }: OpenApiOptions): void {
  if (!strict) return;
  for (const { name, route } of plans) {
    const { hidden = false, response, answers = {} } = route.contract;
    if (route.socket !== undefined) {
      // Texts and bytes are what they are; JSON is whatever a schema says.
      const { message, send } = route.socket.settings;
      if (hidden || send !== undefined || message === undefined) continue;
      throw new RouteError(name, "declares message and no send, and openapi.strict asks for both");
    }
    if (hidden || response !== undefined || Object.keys(answers).some((status) => Number(status) < 400)) continue;
    throw new RouteError(
      name,
      "declares no response, and openapi.strict asks for one: give response, or answers for what is no JSON",
    );
  }
}
