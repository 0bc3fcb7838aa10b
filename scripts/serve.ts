import { api } from "../examples/places/api.ts";
import { addressLine } from "../src/cli/address-line.ts";
import { command, runCommand } from "../src/cli/command.ts";
import { describeError, Failure } from "../src/cli/failure.ts";
import { LISTEN_FLAGS, listenOptions } from "../src/cli/listen-flags.ts";
import { serveApi } from "../src/cli/serve.ts";
import type { Api, RunningServer } from "../src/index.ts";

/** Serves examples/places as `bolide serve examples/places/api.ts` does, and says what to open. */
const serve = command({
  name: "serve",
  summary: "Serves examples/places until it is told to stop",
  operands: [],
  flags: LISTEN_FLAGS,
  run: (_, flags) => serveApi(api as unknown as Api, listenOptions(flags, process.env), announce),
});

/** What is worth opening first. */
const SIGHTS = [
  "/places?country=CH&limit=3",
  "/places?near=47.37,8.54&radius=10",
  "/places/search?q=lodz",
  "/places/3093133",
  "/stats",
];

function announce(server: RunningServer): void {
  console.log(addressLine(server, api));
  if (server.port === undefined) return;
  const host = server.host?.includes(":") ? `[${server.host}]` : server.host;
  for (const sight of SIGHTS) console.log(`  curl 'http://${host}:${server.port}${sight}'`);
}

try {
  process.exit(await runCommand(serve, process.argv.slice(2), "bun run serve"));
} catch (error) {
  console.error(describeError(error));
  process.exit(error instanceof Failure ? error.code : 1);
}
