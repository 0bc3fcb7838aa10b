import { relative } from "node:path";
import type { Api, RunOptions } from "../api.ts";
import { type ListenOptions, type RunningServer, stopOnSignal } from "../server/index.ts";
import { addressLine } from "./address-line.ts";
import { command } from "./command.ts";
import { LISTEN_FLAGS, listenOptions } from "./listen-flags.ts";
import { isWatched } from "./dev/protocol.ts";
import { loadApi } from "./load.ts";
import { removeStaleSocket } from "./socket-file.ts";

/** `bolide serve`: listens until a signal stops it. */
export const serveCommand = command({
  name: "serve",
  summary: "Serves the api that a file exports until it is told to stop",
  operands: ["<file>"],
  flags: {
    ...LISTEN_FLAGS,
    debug: { type: "boolean", help: "show exceptions to clients; never in production" },
  },
  notes: [
    "bolide serve src/api.ts --host 0.0.0.0 --port 8000",
    "",
    "SIGTERM and SIGINT: /ready turns 503, the listener closes, requests in flight finish, exit code 0.",
    "A second signal ends the process at once.",
  ],
  run: async ([file], flags) => {
    const program = relative(process.cwd(), file!);
    const options = { program, ...listenOptions(flags, process.env), ...(flags.debug === true ? { debug: true } : {}) };
    const api = await loadApi(file!);
    if (!isWatched()) return serveApi(api, options);
    return (await import("./dev/watched.ts")).serveWatched(api, options);
  },
});

/** Serves an api until a signal has stopped it; resolves to the exit code. `announce` tells where it listens. */
export async function serveApi(
  api: Api,
  options: ListenOptions & RunOptions,
  announce: (server: RunningServer) => void = (server) => console.log(addressLine(server, api)),
): Promise<number> {
  if (options.unix !== undefined) await removeStaleSocket(options.unix);
  const server = await api.listen(options);
  // Listened for before anybody can know the address: who reads it may send the signal at once.
  const stopped = stopOnSignal(server, {
    onSignal: (signal) => console.log(`${signal}: stopping once the requests in flight have finished`),
  });
  announce(server);
  await stopped;
  return 0;
}
