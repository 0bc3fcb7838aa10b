import { apis, type Variant } from "./app.ts";

// The program that is compiled into the binary: every api on a free port of its own, their addresses on standard output, and
// under /conformance/addresses of the main one, for whoever only knows that.
const all = apis();
const addresses: Partial<Record<Variant, string>> = {};
all.main.get("/conformance/addresses", () => addresses);
const servers = await Promise.all(
  Object.entries(all).map(async ([variant, api]) => {
    const server = await api.listen({ port: 0 });
    addresses[variant as Variant] = server.url.href;
    return server;
  }),
);
console.log(JSON.stringify(addresses));

process.once("SIGTERM", () => void Promise.all(servers.map((server) => server.stop())));
