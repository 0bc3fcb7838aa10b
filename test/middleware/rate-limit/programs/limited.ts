import { Api, rateLimit, sharedLimits } from "bolide";

/** Serves under two limits that are counted in the given directory; tells its port, and ends with its input. */
const [directory = ""] = Bun.argv.slice(2);
const store = sharedLimits({ directory });
const api = new Api({ use: [rateLimit({ limit: 1000, window: 3600, store })] });
api.get("/few", { use: [rateLimit({ limit: 40, window: 3600, store })] }, () => "few");
api.get("/many", () => "many");
const server = await api.listen({ port: 0 });
console.log(server.port);
for await (const _ of console);
await server.stop();
