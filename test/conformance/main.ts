import type { Api } from "bolide";
import { apis, type Variant } from "./app.ts";

const addresses: Partial<Record<Variant, string>> = {};

/** Serves the other apis for as long as the main one runs, each on a free port of its own. */
async function serveOthers(): Promise<() => Promise<unknown>> {
  const servers = await Promise.all(
    Object.entries(others).map(async ([variant, api]) => {
      const server = await api.listen({ port: 0 });
      addresses[variant as Variant] = server.url.href;
      return server;
    }),
  );
  return () => Promise.all(servers.map((server) => server.stop()));
}

const { main, ...others } = apis(() => {}, serveOthers);

/** What `bolide build` makes a binary of: the main api, which tells where the others are. */
export const api: Api = main;
api.get("/conformance/addresses", () => addresses);
