import { readdirSync } from "node:fs";
import { join } from "node:path";
import { flags } from "./flags.ts";
import { isMissing } from "./missing.ts";
import { type DatabaseServer, startServer } from "./keeper.ts";

const postgres = find("postgres");
const initdb = find("initdb");

/** For `describe.skipIf`: PostgreSQL is not installed. An error where CI=true. */
export const noPostgres: boolean = isMissing("PostgreSQL", "postgresql", [postgres, initdb]);

/** A server for one test file alone, which may kill it. */
export function startPostgres(): Promise<DatabaseServer> {
  return startServer({
    name: "postgres",
    user: "postgres",
    install: (directory) => [
      initdb!,
      ...flags({ pgdata: join(directory, "data"), username: "postgres", auth: "trust", encoding: "UTF8" }),
      ...flags({ locale: "C.UTF-8", "no-sync": true, "no-instructions": true }),
    ],
    start: (directory, port) => [
      postgres!,
      "-D",
      join(directory, "data"),
      ...flags({
        unix_socket_directories: directory,
        listen_addresses: "127.0.0.1",
        port,
        max_connections: 100,
        // What is lost only when the machine stops, not when the server does.
        fsync: "off",
        full_page_writes: "off",
        shared_buffers: "32MB",
        max_wal_size: "256MB",
        // Any zone that is not UTC: what depends on the server's own must show.
        timezone: "Asia/Kolkata",
      }),
    ],
    ready: "ready to accept connections",
    signals: { clean: "INT", quick: "QUIT" },
    url: (port, database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    first: "postgres",
  });
}

let shared: Promise<DatabaseServer> | undefined;

/** The server that all tests of this process share: leave it running. */
export function postgresServer(): Promise<DatabaseServer> {
  return (shared ??= startPostgres());
}

/** Debian keeps each version's programs in a folder of its own, off the path. */
function find(program: string): string | undefined {
  const home = "/usr/lib/postgresql";
  const versions = (): string[] => {
    try {
      return readdirSync(home).sort((a, b) => Number(b) - Number(a));
    } catch {
      return [];
    }
  };
  const folders = versions().map((version) => join(home, version, "bin"));
  return Bun.which(program) ?? Bun.which(program, { PATH: folders.join(":") }) ?? undefined;
}
