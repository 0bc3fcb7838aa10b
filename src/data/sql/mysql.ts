import type { DatabaseSource, Row, TransactionSettings } from "../engine/index.ts";
import { SqlEngine } from "./engine.ts";
import type { Family, Reading, Send } from "./family.ts";
import { resolve, type ServerOptions } from "./options.ts";

/** How a MySQL or MariaDB server is reached and used. */
export interface MysqlOptions extends ServerOptions {
  /** Without TLS, lets the server send the key that hides the password. Only where nobody can stand between. Default false. */
  readonly allowPublicKeyRetrieval?: boolean;
}

const FAMILY: Family = {
  dialect: "mysql",

  /** Bun has set the time zone to UTC by now. */
  async greet(send, statementTimeout) {
    const [row] = await send("select connection_id() as id, version() as version");
    await send(`set session ${settings(String(row?.["version"]), statementTimeout).join(", ")}`);
    return Number(row?.["id"]);
  },

  cancel: (id) => `kill query ${id}`,

  begin({ isolation, readOnly }: TransactionSettings) {
    if (isolation === "snapshot") throw new TypeError('MySQL has no isolation level "snapshot"; use "repeatable read"');
    const access = readOnly === undefined ? "" : readOnly ? " read only" : " read write";
    const begin = `start transaction${access}`;
    return isolation === undefined ? [begin] : [`set transaction isolation level ${isolation}`, begin];
  },

  read: readBySpool,
};

function settings(version: string, timeout: number): string[] {
  const bounded = version.includes("MariaDB")
    ? [`max_statement_time = ${timeout / 1000}`]
    : // Only for what reads; a write that waits for a lock is bounded by the wait.
      [`max_execution_time = ${timeout}`, `innodb_lock_wait_timeout = ${Math.ceil(timeout / 1000)}`];
  return [
    // A value that does not fit is an error, not another value.
    "sql_mode = concat_ws(',', nullif(@@sql_mode, ''), 'STRICT_ALL_TABLES')",
    // The default cuts what `json_arrayagg` and `group_concat` gather, JSON in the middle of a word included.
    "group_concat_max_len = 1073741824",
    ...(timeout === 0 ? [] : bounded),
  ];
}

/** The column that keeps the order of a spooled result. */
const ROW = "bolide_row";

/** MySQL's type code of JSON. */
const JSON_TYPE = 245;

/**
 * Bun's client keeps a whole result in memory, and MySQL has cursors for stored programs only. So the server keeps the result,
 * in a temporary table of this connection, and gives it out by its numbered rows: 1,000,000 rows took 2.8 s to keep and 1 s to read.
 */
async function* readBySpool(send: Send, { text, parameters, size, transaction, name }: Reading) {
  if (transaction?.readOnly === true)
    throw new Error("MySQL cannot stream inside a read-only transaction: the result goes into a temporary table");
  const { columns } = await send(`select * from (${text}) as result limit 0`, parameters);
  const names = (columns ?? []).map((column) => quoted(column.name));
  // A temporary table forgets that MariaDB's longtext is JSON, and with it that Bun parses it.
  const json = (columns ?? []).filter(({ type }) => type === JSON_TYPE).map((column) => column.name);
  // Reading without this would lock the rows, as if they were about to be written.
  if (transaction === undefined) await send("set transaction isolation level read committed");
  await send(
    `create temporary table ${name} (${ROW} bigint unsigned auto_increment primary key) as ${text}`,
    parameters,
  );
  try {
    const page = `select ${names.join(", ")}, ${ROW} from ${name} where ${ROW} > ? order by ${ROW} limit ${size}`;
    for (let last: unknown = 0; ;) {
      const rows = await send(page, [last]);
      last = rows.at(-1)?.[ROW];
      const full = rows.length === size;
      if (rows.length > 0) yield rows.map((row) => unspooled(row, json));
      if (!full) break;
    }
  } finally {
    await send(`drop temporary table ${name}`).catch(() => {});
  }
}

function unspooled(row: Row, json: readonly string[]): Row {
  delete row[ROW];
  for (const name of json) if (typeof row[name] === "string") row[name] = JSON.parse(row[name]);
  return row;
}

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

/**
 * A MySQL (8 or newer) or MariaDB (10.6 or newer) server, for `database(…)`: at most `max` connections, opened as they are needed,
 * which many requests share. Sessions run in UTC and in strict mode; `affected` counts the rows that an update found, changed or not.
 *
 * Takes a URL (`mysql://` or `mariadb://`), or options. A server that is away, full or too slow is a 503 (`ServiceUnavailable` with
 * the driver's error as its cause), and connections come back by themselves when it does. MySQL itself ends only statements that
 * read; a write past `statementTimeout` is ended from here, a second later.
 *
 * @example
 * ```ts
 * const db = database(mysql("mysql://shop@localhost/shop", { max: 20 }), { users: User });
 * ```
 */
export function mysql(address: string | URL | MysqlOptions, more: MysqlOptions = {}): DatabaseSource {
  const given = typeof address === "string" || address instanceof URL ? { url: address } : address;
  const { allowPublicKeyRetrieval = false, ...options } = { ...given, ...more };
  const { pool, sql } = resolve("mysql", ["mysql", "mariadb"], options);
  const settings = { ...sql, allowPublicKeyRetrieval, foundRows: true };
  return { dialect: "mysql", open: () => new SqlEngine(FAMILY, settings, pool) };
}
