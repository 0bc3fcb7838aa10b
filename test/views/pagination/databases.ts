import { type Kysely, sql } from "kysely";
import {
  database,
  type DatabaseSource,
  type DialectName,
  model,
  mysql,
  postgres,
  sqlite,
} from "../../../src/data/index.ts";
import { t } from "../../../src/schema/index.ts";
import { mariadbServer, noMariadb, noPostgres, postgresServer } from "../../data/servers/index.ts";

/** Rows with few and many ties, nulls, and every kind of value that an order is made by. */
export const Item = model("items", {
  id: t.PrimaryKey(),
  at: t.Timestamp(),
  rank: t.Nullable(t.Integer()),
  price: t.Decimal({ precision: 10, scale: 2 }),
  big: t.BigInt(),
  code: t.Uuid(),
  title: t.String({ maxLength: 40 }),
});

export type ItemsDb = ReturnType<typeof open>;

const open = (source: DatabaseSource) => database(source, { items: Item });

interface TestDatabase {
  readonly dialect: DialectName;
  readonly missing: boolean;
  /** A database with an empty table `items`. */
  readonly start: () => Promise<ItemsDb>;
}

const COLUMNS: Readonly<Record<DialectName, string>> = {
  sqlite:
    "id integer primary key, at timestamp text not null, rank integer, price text not null, big bigint not null, code text not null, title text not null",
  postgres:
    "id bigint primary key, at timestamptz(3) not null, rank bigint, price numeric(10,2) not null, big bigint not null, code uuid not null, title varchar(40) not null",
  mysql:
    "id bigint primary key, at datetime(3) not null, `rank` bigint, price decimal(10,2) not null, big bigint not null, code char(36) character set ascii not null, title varchar(40) not null",
};

async function created(dialect: DialectName, db: ItemsDb): Promise<ItemsDb> {
  await sql.raw(`create table items (${COLUMNS[dialect]})`).execute(db);
  return db;
}

/** The three databases; the servers are started by whoever asks first, and end with the process. */
export const DATABASES: readonly TestDatabase[] = [
  { dialect: "sqlite", missing: false, start: () => created("sqlite", open(sqlite(":memory:"))) },
  {
    dialect: "postgres",
    missing: noPostgres,
    start: async () => created("postgres", open(postgres(await (await postgresServer()).database()))),
  },
  {
    dialect: "mysql",
    missing: noMariadb,
    start: async () => created("mysql", open(mysql(await (await mariadbServer()).database()))),
  },
];

export interface ItemRow {
  readonly id: number;
  readonly at: Date;
  readonly rank: number | null;
  readonly price: string;
  readonly big: bigint;
  readonly code: string;
  readonly title: string;
}

/** Rows whose columns tie, and whose order by any of them is not the order of their keys. */
export function rowOf(id: number): ItemRow {
  const mixed = (id * 7919) % 101;
  return {
    id,
    at: new Date(Date.UTC(2026, 0, 1) + Math.floor(mixed / 3) * 1001),
    rank: mixed % 4 === 0 ? null : mixed % 5,
    // As SQLite orders decimals, which it keeps as texts.
    price: `${100 + (mixed % 10)}.50`,
    big: 9_007_199_254_740_993n + BigInt(mixed % 7),
    code: `00000000-0000-4000-8000-${String(mixed).padStart(12, "0")}`,
    title: `title ${String(mixed % 6)}`,
  };
}

export async function fill(db: Kysely<any>, rows: readonly ItemRow[]): Promise<void> {
  await db
    .insertInto("items")
    .values(rows as ItemRow[])
    .execute();
}
