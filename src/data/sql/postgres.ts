import type { DatabaseSource, TransactionSettings } from "../engine/index.ts";
import { SqlEngine } from "./engine.ts";
import type { Family, Reading, Send } from "./family.ts";
import { resolve, type ServerOptions } from "./options.ts";

/** How a PostgreSQL server is reached and used. */
export interface PostgresOptions extends ServerOptions {
  /** How `pg_stat_activity` names this program. Default `bolide`. */
  readonly applicationName?: string;
  /** Settings that each session starts with, as `{ search_path: "shop" }`. Sessions run in UTC unless `TimeZone` says otherwise. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** `false` where a proxy between cannot keep prepared statements: nothing is kept or sent ahead then. Default true. */
  readonly prepare?: boolean;
}

const FAMILY: Family = {
  dialect: "postgres",

  async greet(send) {
    const [row] = await send("select pg_backend_pid() as id");
    return Number(row?.["id"]);
  },

  cancel: (id) => `select pg_cancel_backend(${id})`,

  begin({ isolation, readOnly }: TransactionSettings) {
    if (isolation === "snapshot")
      throw new TypeError('PostgreSQL has no isolation level "snapshot"; use "repeatable read"');
    const level = isolation === undefined ? "" : ` isolation level ${isolation}`;
    const access = readOnly === undefined ? "" : readOnly ? " read only" : " read write";
    return [`begin${level}${access}`];
  },

  read: readByCursor,
};

/** Cursors are part of a transaction: outside of one, the reading is one of its own, and sees the data as they were at its start. */
async function* readByCursor(send: Send, { text, parameters, size, transaction, name }: Reading) {
  const own = transaction === undefined;
  if (own) await send("begin");
  let done = false;
  try {
    await send(`declare ${name} no scroll cursor for ${text}`, parameters);
    for (;;) {
      const rows = await send(`fetch forward ${size} from ${name}`);
      if (rows.length > 0) yield rows;
      if (rows.length < size) break;
    }
    await send(own ? "commit" : `close ${name}`);
    done = true;
  } finally {
    // Whoever stopped reading, or failed, hears of that and not of this.
    if (!done) await send(own ? "rollback" : `close ${name}`).catch(() => {});
  }
}

/**
 * A PostgreSQL server, for `database(…)`: at most `max` connections, opened as they are needed, which many requests share.
 *
 * Takes a URL, or options. Statements are prepared once per connection. A server that is away, full or too slow is a 503
 * (`ServiceUnavailable` with the driver's error as its cause), and connections come back by themselves when it does.
 *
 * @example
 * ```ts
 * const db = database(postgres("postgres://shop@localhost/shop", { max: 20 }), { users: User });
 * ```
 */
export function postgres(address: string | URL | PostgresOptions, more: PostgresOptions = {}): DatabaseSource {
  const given = typeof address === "string" || address instanceof URL ? { url: address } : address;
  const { applicationName = "bolide", parameters, prepare = true, ...options } = { ...given, ...more };
  const { pool, sql } = resolve("postgres", ["postgres", "postgresql"], options);
  const connection = {
    application_name: applicationName,
    TimeZone: "UTC",
    ...(pool.statementTimeout === 0 ? {} : { statement_timeout: pool.statementTimeout }),
    ...parameters,
  };
  return { dialect: "postgres", open: () => new SqlEngine(FAMILY, { ...sql, connection, prepare }, pool) };
}
