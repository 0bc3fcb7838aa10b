import { join } from "node:path";
import { flags } from "./flags.ts";
import { isMissing } from "./missing.ts";
import { type DatabaseServer, startServer } from "./keeper.ts";

const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin`;
const mariadbd = Bun.which("mariadbd", { PATH }) ?? undefined;
const installDb = Bun.which("mariadb-install-db", { PATH }) ?? undefined;

/** For `describe.skipIf`: MariaDB is not installed. An error where CI=true. */
export const noMariadb: boolean = isMissing("MariaDB", "mariadb-server", [mariadbd, installDb]);

/** A server for one test file alone, which may kill it. */
export function startMariadb(): Promise<DatabaseServer> {
  return startServer({
    name: "mariadb",
    user: "mysql",
    install: (directory) => [
      installDb!,
      "--no-defaults",
      ...flags({
        datadir: join(directory, "data"),
        // A server that starts removes what another has left in a directory that they share.
        tmpdir: directory,
        "skip-test-db": true,
        "auth-root-authentication-method": "normal",
      }),
    ],
    start: (directory, port) => [
      mariadbd!,
      "--no-defaults",
      ...flags({
        datadir: join(directory, "data"),
        tmpdir: directory,
        socket: join(directory, "socket"),
        "pid-file": join(directory, "pid"),
        "bind-address": "127.0.0.1",
        port,
        "skip-name-resolve": true,
        "max-connections": 100,
        "max-allowed-packet": "64M",
        "innodb-buffer-pool-size": "32M",
        "innodb-log-file-size": "32M",
        // What is lost only when the machine stops, not when the server does.
        "innodb-flush-log-at-trx-commit": 2,
        "innodb-flush-method": "nosync",
        // Any zone that is not UTC, and modes that are not strict: what depends on the server's own must show.
        "default-time-zone": "+05:30",
        "sql-mode": "",
      }),
    ],
    ready: "ready for connections",
    signals: { clean: "TERM", quick: "KILL" },
    url: (port, database) => `mysql://root@127.0.0.1:${port}/${database}`,
    first: "mysql",
  });
}

let shared: Promise<DatabaseServer> | undefined;

/** The server that all tests of this process share: leave it running. */
export function mariadbServer(): Promise<DatabaseServer> {
  return (shared ??= startMariadb());
}
