import type { Api, RunOptions } from "../../api.ts";
import { type ListenOptions, stopOnSignal } from "../../server/index.ts";
import { CloseCode } from "../../websocket/index.ts";
import { addressLine } from "../address-line.ts";
import { removeStaleSocket } from "../socket-file.ts";
import type { Report } from "./protocol.ts";

/** How often a running program is asked whether it has read more files: a dynamic import may come with any request. */
const FILES_INTERVAL = 500;

/** Serves under `bolide dev`: reports what it has read and where it listens, and stops when the watching process says so, or is gone. */
export async function serveWatched(api: Api, options: ListenOptions & RunOptions): Promise<number> {
  let known = 0;
  const reportFiles = () => {
    const files = Object.keys(require.cache).filter((file) => !file.includes("/node_modules/"));
    if (files.length !== known) report({ kind: "files", files });
    known = files.length;
  };
  reportFiles();
  if (options.unix !== undefined) await removeStaleSocket(options.unix);
  const server = await api.listen({ ...options, closeCode: CloseCode.restart });
  // A terminal's Ctrl+C reaches this process too; the watching one decides what it means.
  process.on("SIGINT", () => {});
  // Listened for before the report: the watching process may send the signal at once.
  const stopped = stopOnSignal(server, { signals: ["SIGTERM"] });
  report({ kind: "listening", line: addressLine(server, api), port: server.port });
  setInterval(reportFiles, FILES_INTERVAL).unref();
  if (process.connected) process.once("disconnect", orphaned);
  else orphaned();
  await stopped;
  return 0;
}

function orphaned(): void {
  process.kill(process.pid, "SIGTERM");
}

function report(message: Report): void {
  process.send?.(message);
}
