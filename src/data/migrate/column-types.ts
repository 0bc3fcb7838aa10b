import { type ColumnDefinitionBuilder, type Expression, type RawBuilder, sql } from "kysely";
import type { DialectName } from "../engine/index.ts";
import { dialectOf } from "../dialect.ts";
import type { AnyDatabase } from "./any-database.ts";
import type { ColumnType } from "./shape/shape.ts";
import { declaredType } from "./shape/storage.ts";

/** The types of columns in one dialect, so that one migration serves all of them; each is what `model` keeps a kind as. */
export interface ColumnTypes {
  /** A whole number of 64 bits. */
  readonly integer: Expression<unknown>;
  /** A whole number of 32 bits. */
  readonly int32: Expression<unknown>;
  /** Double precision. */
  readonly number: Expression<unknown>;
  readonly bigint: Expression<unknown>;
  readonly boolean: Expression<unknown>;
  /** A moment to the millisecond. */
  readonly timestamp: Expression<unknown>;
  readonly date: Expression<unknown>;
  readonly json: Expression<unknown>;
  readonly bytes: Expression<unknown>;
  readonly uuid: Expression<unknown>;
  /** A text that a key or an index has: without a limit, but of 255 characters in MySQL, which indexes no longer ones. */
  readonly keyText: Expression<unknown>;
  /** A text, of at most so many characters. */
  text(maxLength?: number): Expression<unknown>;
  decimal(precision: number, scale: number): Expression<unknown>;
  /** A text wide enough for these; `isOneOf` makes the check that keeps others out. */
  oneOf(values: readonly string[]): Expression<unknown>;
  /** Makes an `integer` column the primary key that the database counts up: `.addColumn("id", type.integer, type.identity)`. */
  readonly identity: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** The moment of the insert, as a default. */
  readonly now: Expression<unknown>;
  /** A random UUID, as a default. */
  readonly randomUuid: Expression<unknown>;
  /** A default that is no number, boolean or short text: a moment, bytes, a bigint, a long text, or anything else as JSON. */
  literal(value: unknown): Expression<unknown>;
}

/**
 * The types of columns in the dialect of a database, for migrations that are to run on more than one.
 *
 * @example
 * export async function up(db: Kysely<any>): Promise<void> {
 *   const type = columnTypes(db);
 *   await db.schema.createTable("users").addColumn("id", type.integer, type.identity).addColumn("name", type.text(50)).execute();
 * }
 */
export function columnTypes(db: AnyDatabase): ColumnTypes {
  return TYPES[dialectOf(db)];
}

/**
 * The condition that a column has one of these texts, for a check constraint.
 *
 * @example
 * db.schema.createTable("users").addColumn("role", "text").addCheckConstraint("users_role_check", isOneOf("role", ["admin"]));
 */
export function isOneOf(column: string, values: readonly string[]): Expression<boolean> {
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`;
}

function typesOf(dialect: DialectName): ColumnTypes {
  const declared = (type: ColumnType, keyed = false) => sql.raw(declaredType(dialect, type, keyed));
  return {
    integer: declared({ kind: "integer" }),
    int32: declared({ kind: "int32" }),
    number: declared({ kind: "number" }),
    bigint: declared({ kind: "bigint" }),
    boolean: declared({ kind: "boolean" }),
    timestamp: declared({ kind: "timestamp" }),
    date: declared({ kind: "date" }),
    json: declared({ kind: "json" }),
    bytes: declared({ kind: "bytes" }),
    uuid: declared({ kind: "uuid" }),
    keyText: declared({ kind: "text" }, true),
    text: (maxLength) => declared({ kind: "text", ...(maxLength === undefined ? {} : { maxLength }) }),
    decimal: (precision, scale) => declared({ kind: "decimal", precision, scale }),
    oneOf: (values) => declared({ kind: "enum", values }),
    identity: IDENTITIES[dialect],
    now: sql.raw(NOW[dialect]),
    randomUuid: sql.raw(RANDOM_UUID[dialect]),
    literal: (value) => LITERALS[dialect](value),
  };
}

const IDENTITIES: Readonly<Record<DialectName, ColumnTypes["identity"]>> = {
  // An INTEGER PRIMARY KEY is the rowid, which counts by itself (sqlite.org/autoinc).
  sqlite: (column) => column.primaryKey(),
  postgres: (column) => column.generatedByDefaultAsIdentity().primaryKey(),
  mysql: (column) => column.autoIncrement().primaryKey(),
};

/** The SQL of the moment of an insert. */
const NOW: Readonly<Record<DialectName, string>> = {
  sqlite: "(strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
  postgres: "now()",
  mysql: "current_timestamp(3)",
};

/** The SQL of a random UUID; RFC 9562 section 5.4 fixes two of its digits. */
export const RANDOM_UUID: Readonly<Record<DialectName, string>> = {
  sqlite:
    "(lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' || " +
    "substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))))",
  postgres: "gen_random_uuid()",
  mysql: "(uuid())",
};

const LITERALS: Readonly<Record<DialectName, (value: unknown) => RawBuilder<unknown>>> = {
  sqlite: (value) => {
    if (value instanceof Uint8Array) return sql.raw(`x'${value.toHex()}'`);
    return plain(value, (moment) => moment.toISOString());
  },
  postgres: (value) => {
    if (value instanceof Uint8Array) return sql.raw(`'\\x${value.toHex()}'::bytea`);
    return plain(value, (moment) => moment.toISOString());
  },
  // MySQL takes no plain literal as the default of a text, JSON or blob column, but any expression in parentheses.
  mysql: (value) => {
    if (value instanceof Uint8Array) return sql.raw(`(x'${value.toHex()}')`);
    const literal = plain(value, (moment) => moment.toISOString().slice(0, -1).replace("T", " "));
    return value instanceof Date || typeof value === "bigint" ? literal : sql`(${literal})`;
  },
};

function plain(value: unknown, asText: (moment: Date) => string): RawBuilder<unknown> {
  if (typeof value === "bigint") return sql.raw(String(value));
  if (value instanceof Date) return sql.lit(asText(value));
  return sql.lit(typeof value === "string" ? value : JSON.stringify(value));
}

const TYPES: Readonly<Record<DialectName, ColumnTypes>> = {
  sqlite: typesOf("sqlite"),
  postgres: typesOf("postgres"),
  mysql: typesOf("mysql"),
};
