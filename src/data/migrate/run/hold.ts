import { type CompiledQuery, type DatabaseConnection, type Driver, Kysely, type QueryResult } from "kysely";
import { DIALECTS } from "../../dialect.ts";
import type { DialectName } from "../../engine/index.ts";
import type { AnyDatabase } from "../any-database.ts";

/**
 * A Kysely over one connection that somebody else holds, with its transaction and its lock: Kysely's migrator begins, locks and
 * commits nothing of its own there, so that SQLite gets the one transaction that Kysely gives PostgreSQL alone.
 */
export function heldDatabase(connection: DatabaseConnection, dialect: DialectName): AnyDatabase {
  const { Compiler, Introspector } = DIALECTS[dialect];
  return new Kysely({
    dialect: {
      createAdapter: () => new ADAPTERS[dialect](),
      createDriver: () => new HeldDriver(connection),
      createQueryCompiler: () => new Compiler(),
      createIntrospector: (db) => new Introspector(db),
    },
  });
}

const nothing = async (): Promise<void> => {};

class HeldSqlite extends DIALECTS.sqlite.Adapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class HeldPostgres extends DIALECTS.postgres.Adapter {
  override acquireMigrationLock = nothing;
  override releaseMigrationLock = nothing;
}

class HeldMysql extends DIALECTS.mysql.Adapter {
  override acquireMigrationLock = nothing;
  override releaseMigrationLock = nothing;
}

const ADAPTERS = { sqlite: HeldSqlite, postgres: HeldPostgres, mysql: HeldMysql };

class HeldDriver implements Driver {
  readonly #connection: DatabaseConnection;
  readonly init = nothing;
  readonly beginTransaction = nothing;
  readonly commitTransaction = nothing;
  readonly rollbackTransaction = nothing;
  readonly releaseConnection = nothing;
  readonly destroy = nothing;

  constructor(connection: DatabaseConnection) {
    this.#connection = connection;
  }

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }
}

/** A connection that tells of each statement before it is sent. */
export function toldConnection(
  connection: DatabaseConnection,
  tell: (query: CompiledQuery) => Promise<void>,
): DatabaseConnection {
  return {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => {
      await tell(query);
      return connection.executeQuery<R>(query);
    },
    streamQuery: (query, size) => connection.streamQuery(query, size),
  };
}
