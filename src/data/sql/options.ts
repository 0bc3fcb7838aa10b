import type { SQL } from "bun";
import type { PoolSettings } from "./pool.ts";

/** Where a server is and how its connections are used; time is in milliseconds. */
export interface ServerOptions {
  /** `postgres://user:password@host:5432/name`, `mysql://…`; the options below take precedence over its parts. */
  readonly url?: string | URL;
  /** Default `localhost`. */
  readonly hostname?: string;
  /** Default 5432 or 3306. */
  readonly port?: number;
  readonly username?: string;
  /** A function is asked again for each new connection: for passwords that expire. */
  readonly password?: string | (() => string | Promise<string>);
  readonly database?: string;
  /** A Unix socket instead of host and port. */
  readonly path?: string;
  /** Most connections at once. Default 10. */
  readonly max?: number;
  /** How long a statement or session waits for a connection to become free; then a 503. Default 5,000. */
  readonly patience?: number;
  /** How long the server may run one statement; then a 503. Default 30,000; 0 for as long as it likes. */
  readonly statementTimeout?: number;
  /** How long opening a connection may take; then a 503. Whole seconds. Default 5,000. */
  readonly connectTimeout?: number;
  /** Closes a connection that had nothing to do for this long. Whole seconds. Default 0: never. */
  readonly idleTimeout?: number;
  /** Replaces a connection that is this old, between its statements. Whole seconds. Default 0: never. */
  readonly maxLifetime?: number;
  /** `true` or `"require"`: encrypted; `"verify-full"` or certificates: and with a server that proves its name. Default: what the URL says. */
  readonly ssl?: SQL.PostgresOrMySQLOptions["tls"];
}

/** A server's options as the pool takes them, and as Bun does. */
export interface Resolved {
  readonly pool: PoolSettings;
  readonly sql: SQL.PostgresOrMySQLOptions;
}

/** Checks options, and names everything that Bun would else look for in the environment. */
export function resolve(
  name: "postgres" | "mysql",
  protocols: readonly string[],
  { url, max = 10, patience = 5000, statementTimeout = 30_000, connectTimeout = 5000, ...rest }: ServerOptions,
): Resolved {
  const { idleTimeout = 0, maxLifetime = 0, ssl, database, hostname = "localhost", port, ...login } = rest;
  if (!Number.isInteger(max) || max < 1)
    throw new RangeError(`${name}: max is a number of connections from 1, not ${max}`);
  const times = { patience, statementTimeout, connectTimeout, idleTimeout, maxLifetime };
  for (const [option, time] of Object.entries(times)) {
    if (!Number.isFinite(time) || time < 0)
      throw new RangeError(`${name}: ${option} is a number of milliseconds from 0, not ${time}`);
  }
  const address = parse(name, protocols, url ?? `${name}://${hostname}${port === undefined ? "" : `:${port}`}`);
  const path = decodeURIComponent(address.pathname.slice(1));
  return {
    pool: { max, patience, statementTimeout },
    sql: {
      url: address,
      adapter: address.protocol.slice(0, -1) === "mariadb" ? "mariadb" : name,
      ...login,
      ...(rest.hostname === undefined ? {} : { hostname }),
      ...(port === undefined ? {} : { port }),
      // PGDATABASE and MYSQL_DATABASE would else be stronger than the URL.
      ...((database ?? path) === "" ? {} : { database: database ?? path }),
      connectionTimeout: seconds(connectTimeout),
      idleTimeout: seconds(idleTimeout),
      maxLifetime: seconds(maxLifetime),
      ...(ssl === undefined ? {} : { tls: ssl }),
    },
  };
}

function parse(name: string, protocols: readonly string[], url: string | URL): URL {
  const address = URL.parse(url);
  // The address may hold a password: it is not repeated.
  if (address === null) throw new TypeError(`${name}: the URL cannot be parsed`);
  if (protocols.includes(address.protocol.slice(0, -1))) return address;
  throw new TypeError(`${name}: the URL begins with ${protocols.join(":// or ")}://, not ${address.protocol}//`);
}

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);
