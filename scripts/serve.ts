import { join } from "node:path";
import { addressLine } from "../src/cli/address-line.ts";
import { command, runCommand } from "../src/cli/command.ts";
import { describeError, Failure } from "../src/cli/failure.ts";
import { LISTEN_FLAGS, listenOptions } from "../src/cli/listen-flags.ts";
import { loadApi } from "../src/cli/load.ts";
import { serveApi } from "../src/cli/serve.ts";

/** Of each example, the requests worth making first; `$` is where it listens. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  realworld: [
    "curl '$/api/articles?limit=2'",
    "curl '$/api/articles?tag=zig&limit=2'",
    "curl '$/api/profiles/ada.abe'",
    "curl '$/api/tags'",
    `curl '$/api/users/login' -H 'content-type: application/json' -d '{"user":{"email":"ada.abe@example.com","password":"conduit-seed"}}'`,
  ],
  places: [
    "curl '$/places?country=CH&limit=3'",
    "curl '$/places?near=47.37,8.54&radius=10'",
    "curl '$/places/search?q=lodz'",
    "curl '$/places/3093133'",
    "curl '$/stats'",
  ],
};

/** Serves an example as `bolide serve examples/<name>/api.ts` does, and says what to open. */
const serve = command({
  name: "serve",
  summary: "Serves an example until it is told to stop",
  operands: ["[example]"],
  flags: LISTEN_FLAGS,
  notes: [`The examples: ${Object.keys(EXAMPLES).join(", ")}; default realworld.`],
  run: async ([name = "realworld"], flags) => {
    const sights = EXAMPLES[name];
    if (sights === undefined)
      throw new Failure(`there is no example "${name}", but ${Object.keys(EXAMPLES).join(" and ")}`, 2);
    const api = await loadApi(join(import.meta.dir, "../examples", name, "api.ts"));
    return serveApi(api, listenOptions(flags, process.env), (server) => {
      console.log(addressLine(server, api));
      if (server.port === undefined) return;
      const address = server.url.href.replace(/\/$/, "");
      console.log(`  ${address}/docs`);
      for (const sight of sights) console.log(`  ${sight.replace("$", address)}`);
    });
  },
});

try {
  process.exit(await runCommand(serve, process.argv.slice(2), "bun run serve"));
} catch (error) {
  console.error(describeError(error));
  process.exit(error instanceof Failure ? error.code : 1);
}
