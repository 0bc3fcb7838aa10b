import type { DialectName } from "../../engine/index.ts";
import type { ColumnKind } from "../../model/index.ts";
import type { ColumnType } from "./shape.ts";

/** The longest VARCHAR that MySQL keeps in a row of utf8mb4 texts; what may be longer is LONGTEXT. */
const MYSQL_VARCHAR = 16_383;

/** MySQL indexes 3,072 bytes, 768 characters of utf8mb4, over all columns of an index: three texts of this length fit. */
const MYSQL_KEY_LENGTH = 255;

/** Texts compare by their code points, as in SQLite and by PostgreSQL's equality; the name is the same in MySQL and MariaDB. */
const MYSQL_TEXT = "character set utf8mb4 collate utf8mb4_bin";

type Declare = (type: ColumnType, keyed: boolean) => string;

const decimal: Declare = ({ precision, scale }) => `(${precision ?? 38}, ${scale ?? 2})`;
const longest = (values: readonly string[]): number => Math.max(1, ...values.map((value) => Array.from(value).length));

const SQLITE: Readonly<Record<ColumnKind, Declare>> = {
  integer: () => "integer",
  int32: () => "integer",
  number: () => "real",
  decimal: () => "text",
  bigint: () => "bigint",
  text: () => "text",
  boolean: () => "boolean",
  timestamp: () => "timestamp text",
  date: () => "date text",
  json: () => "json text",
  bytes: () => "blob",
  uuid: () => "text",
  enum: () => "text",
};

const POSTGRES: Readonly<Record<ColumnKind, Declare>> = {
  integer: () => "bigint",
  int32: () => "integer",
  number: () => "double precision",
  decimal: (type, keyed) => `numeric${decimal(type, keyed)}`,
  bigint: () => "bigint",
  text: ({ maxLength }) => (maxLength === undefined ? "text" : `varchar(${maxLength})`),
  boolean: () => "boolean",
  timestamp: () => "timestamptz(3)",
  date: () => "date",
  json: () => "jsonb",
  bytes: () => "bytea",
  uuid: () => "uuid",
  enum: () => "text",
};

const MYSQL: Readonly<Record<ColumnKind, Declare>> = {
  integer: () => "bigint",
  int32: () => "int",
  number: () => "double",
  decimal: (type, keyed) => `decimal${decimal(type, keyed)}`,
  bigint: () => "bigint",
  text: ({ maxLength }, keyed) => {
    const length = maxLength ?? (keyed ? MYSQL_KEY_LENGTH : Infinity);
    return `${length > MYSQL_VARCHAR ? "longtext" : `varchar(${length})`} ${MYSQL_TEXT}`;
  },
  boolean: () => "tinyint(1)",
  timestamp: () => "datetime(3)",
  date: () => "date",
  json: () => "json",
  bytes: () => "longblob",
  uuid: () => "char(36) character set ascii collate ascii_bin",
  enum: ({ values = [] }) => `varchar(${longest(values)}) ${MYSQL_TEXT}`,
};

const DECLARED: Readonly<Record<DialectName, Readonly<Record<ColumnKind, Declare>>>> = {
  sqlite: SQLITE,
  postgres: POSTGRES,
  mysql: MYSQL,
};

/** The SQL type under which a column is declared. `keyed`: a key or an index has it, for which MySQL needs a bounded length. */
export function declaredType(dialect: DialectName, type: ColumnType, keyed = false): string {
  return DECLARED[dialect][type.kind](type, keyed);
}
