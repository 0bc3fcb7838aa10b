import {
  type CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  Kysely,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { DialectName } from "../../engine/index.ts";
import type { AnyDatabase } from "../dialect.ts";

/**
 * A Kysely over one connection that somebody else holds, with its transaction and its lock: Kysely's migrator begins, locks and
 * commits nothing of its own there, so that SQLite gets the one transaction that Kysely gives PostgreSQL alone.
 */
export function heldDatabase(connection: DatabaseConnection, dialect: DialectName): AnyDatabase {
  const { adapter, compiler, introspector } = PARTS[dialect];
  return new Kysely({
    dialect: {
      createAdapter: adapter,
      createDriver: () => new HeldDriver(connection),
      createQueryCompiler: compiler,
      createIntrospector: introspector,
    },
  });
}

const nothing = async (): Promise<void> => {};

class HeldSqlite extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class HeldPostgres extends PostgresAdapter {
  override acquireMigrationLock = nothing;
  override releaseMigrationLock = nothing;
}

class HeldMysql extends MysqlAdapter {
  override acquireMigrationLock = nothing;
  override releaseMigrationLock = nothing;
}

const PARTS = {
  sqlite: {
    adapter: (): DialectAdapter => new HeldSqlite(),
    compiler: () => new SqliteQueryCompiler(),
    introspector: (db: AnyDatabase) => new SqliteIntrospector(db),
  },
  postgres: {
    adapter: (): DialectAdapter => new HeldPostgres(),
    compiler: () => new PostgresQueryCompiler(),
    introspector: (db: AnyDatabase) => new PostgresIntrospector(db),
  },
  mysql: {
    adapter: (): DialectAdapter => new HeldMysql(),
    compiler: () => new MysqlQueryCompiler(),
    introspector: (db: AnyDatabase) => new MysqlIntrospector(db),
  },
} as const satisfies Record<DialectName, unknown>;

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
