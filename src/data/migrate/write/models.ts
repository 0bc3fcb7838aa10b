import type { ColumnShape, FoundDatabase, FoundTable, IndexShape, TableShape } from "../shape/shape.ts";
import { stringsCode } from "./literal.ts";

/** The source of models for the tables of a database, with their relations. What has no counterpart stands there as a comment. */
export function writeModels(found: FoundDatabase): string {
  const tables = Object.values(found.tables);
  const keyed = tables.filter(({ primaryKey }) => primaryKey.length > 0);
  const names = modelNames(keyed.map(({ name }) => name));
  const models = keyed.map((table) => writeModel(table, found, names));
  const text = models.join("\n\n");
  const used = ["belongsTo", "hasMany", "hasOne"].filter((name) => text.includes(` ${name}(`));
  const entries = keyed.map(({ name }) => `${propertyCode(name)}: ${names.get(name)!}`);
  return [
    'import { t } from "bolide";',
    `import { ${[...used, "model"].join(", ")} } from "bolide/data";`,
    "",
    ...models.flatMap((model) => [model, ""]),
    ...tables
      .filter(({ primaryKey }) => primaryKey.length === 0)
      .map(({ name }) => `// The table ${JSON.stringify(name)} has no primary key, which a model needs.`),
    `export const models = { ${entries.join(", ")} };`,
    "",
  ].join("\n");
}

/** `users` → `User`, unless two tables would share it. */
function modelNames(tables: readonly string[]): ReadonlyMap<string, string> {
  const short = tables.map((table) => pascal(singular(table)));
  return new Map(
    tables.map((table, index) => {
      const name = short.indexOf(short[index]!) === short.lastIndexOf(short[index]!) ? short[index]! : pascal(table);
      return [table, /^[A-Za-z]/.test(name) ? name : `Table${name}`];
    }),
  );
}

const pascal = (text: string): string =>
  text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const singular = (text: string): string =>
  /ies$/i.test(text) ? text.replace(/ies$/i, "y") : text.replace(/(?<![su])s$/i, "");

const propertyCode = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function writeModel(table: TableShape, found: FoundDatabase, names: ReadonlyMap<string, string>): string {
  const { name, columns, primaryKey } = table;
  const single = new Map<string, IndexShape>();
  for (const index of table.indexes) {
    const [column] = index.columns;
    if (index.columns.length === 1 && isAutomatic(name, index) && !single.has(column!)) single.set(column!, index);
  }
  const lines = columns.flatMap((column) => [
    ...(column.expression === undefined
      ? []
      : [`  // Its default in the database: ${column.expression.replaceAll("\n", " ")}`]),
    `  ${propertyCode(column.name)}: ${columnCode(column, table, found, single.get(column.name))},`,
  ]);
  const made = columns.some(({ name: key, generated, kind }) => isMadeKey({ name: key, generated, kind }, primaryKey));
  const rest = table.indexes.filter((index) => ![...single.values()].includes(index));
  const relations = relationsCode(table, found, names);
  const options = [
    ...(made ? [] : [`primaryKey: ${stringsCode(primaryKey)}`]),
    ...(rest.length === 0 ? [] : [`indexes: [${rest.map((index) => indexCode(name, index)).join(", ")}]`]),
    ...(relations.length === 0 ? [] : [`relations: { ${relations.join(", ")} }`]),
  ];
  return [
    `export const ${names.get(name)!} = model(${[JSON.stringify(name), "{"].join(", ")}`,
    ...lines,
    options.length === 0 ? "});" : `}, { ${options.join(", ")} });`,
  ].join("\n");
}

type KeyColumn = Pick<ColumnShape, "name" | "kind"> & { readonly generated: ColumnShape["generated"] | undefined };

/** Whether `t.PrimaryKey()` says it. */
const isMadeKey = ({ name, generated, kind }: KeyColumn, primaryKey: readonly string[]): boolean =>
  primaryKey.length === 1 &&
  primaryKey[0] === name &&
  ((generated === "identity" && kind === "integer") || (generated === "uuid" && kind === "uuid"));

/** Whether an index has the name that a model gives it, or one that SQLite made and nobody else may give. */
const isAutomatic = (table: string, { name, columns, unique }: IndexShape): boolean =>
  name === `${table}_${columns.join("_")}_${unique ? "unique" : "index"}` || name.startsWith("sqlite_autoindex_");

function indexCode(table: string, index: IndexShape): string {
  const { name, columns, unique } = index;
  const automatic = isAutomatic(table, index);
  if (automatic && !unique) return stringsCode(columns);
  const parts = [
    `columns: ${stringsCode(columns)}`,
    ...(unique ? ["unique: true"] : []),
    ...(automatic ? [] : [`name: ${JSON.stringify(name)}`]),
  ];
  return `{ ${parts.join(", ")} }`;
}

function columnCode(
  column: ColumnShape,
  table: TableShape,
  found: FoundDatabase,
  index: IndexShape | undefined,
): string {
  const { name, generated, kind, nullable } = column;
  if (isMadeKey({ name, generated, kind }, table.primaryKey)) return `t.PrimaryKey(${kind === "uuid" ? '"uuid"' : ""})`;
  const key = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === name);
  const indexed = index === undefined ? [] : [index.unique ? "unique: true" : "index: true"];
  const initial = "default" in column ? [`default: ${defaultCode(column)}`] : [];
  if (key === undefined || !(key.table in found.tables)) {
    const text = typeCode(column, [...indexed, ...(generated === "now" ? ['default: "now"'] : initial)]);
    return nullable ? `t.Nullable(${text})` : text;
  }
  const options = [
    ...(kind === "integer" ? [] : [`type: ${typeCode(column, [])}`]),
    ...(key.onDelete === "no action" ? [] : [`onDelete: ${JSON.stringify(key.onDelete)}`]),
    ...(key.onUpdate === "no action" ? [] : [`onUpdate: ${JSON.stringify(key.onUpdate)}`]),
    ...(index === undefined ? ["index: false"] : index.unique ? indexed : []),
    ...initial,
  ];
  const target = JSON.stringify(`${key.table}.${key.references[0]!}`);
  const text = `t.ForeignKey(${target}${options.length === 0 ? "" : `, { ${options.join(", ")} }`})`;
  return nullable ? `t.Nullable(${text})` : text;
}

function typeCode({ kind, maxLength, precision, scale, values = [] }: ColumnShape, options: readonly string[]): string {
  const call = (name: string, own: readonly string[] = []) => {
    const all = [...own, ...options];
    return `t.${name}(${all.length === 0 ? "" : `{ ${all.join(", ")} }`})`;
  };
  switch (kind) {
    case "integer":
      return call("Integer");
    case "int32":
      return call("Integer", ['format: "int32"']);
    case "number":
      return call("Number");
    case "decimal":
      return call("Decimal", [`precision: ${precision ?? 38}`, `scale: ${scale ?? 2}`]);
    case "bigint":
      return call("BigInt");
    case "text":
      return call("String", maxLength === undefined ? [] : [`maxLength: ${maxLength}`]);
    case "boolean":
      return call("Boolean");
    case "timestamp":
      return call("Timestamp");
    case "date":
      return call("Day");
    case "json":
      return options.length === 0 ? "t.Json()" : `t.Json(t.Unsafe<unknown>({ ${options.join(", ")} }))`;
    case "bytes":
      return call("Bytes");
    case "uuid":
      return call("Uuid");
    case "enum":
      return `t.StringEnum(${stringsCode(values)}${options.length === 0 ? "" : `, { ${options.join(", ")} }`})`;
  }
}

function defaultCode({ kind, default: value }: ColumnShape): string {
  if (kind === "bigint") return `${String(value)}n`;
  if (kind === "bytes") return `Uint8Array.fromBase64(${JSON.stringify(value)})`;
  return kind === "timestamp" ? `new Date(${JSON.stringify(value)})` : JSON.stringify(value);
}

/** One on either side of each foreign key over one column, where the name is free. */
function relationsCode(table: TableShape, found: FoundDatabase, models: ReadonlyMap<string, string>): string[] {
  const taken = new Set(table.columns.map(({ name }) => name));
  const code: string[] = [];
  const add = (name: string, relation: string) => {
    if (taken.has(name)) return;
    taken.add(name);
    code.push(`${propertyCode(name)}: ${relation}`);
  };
  for (const { columns, table: to } of table.foreignKeys) {
    const [column] = columns;
    if (columns.length === 1 && models.has(to))
      add(column!.replace(/[-_ ]?[iI][dD]$/, ""), `belongsTo(${JSON.stringify(to)}, ${JSON.stringify(column)})`);
  }
  for (const other of Object.values<FoundTable>(found.tables)) {
    if (!models.has(other.name)) continue;
    for (const { columns, table: to } of other.foreignKeys) {
      const [column] = columns;
      if (columns.length !== 1 || to !== table.name) continue;
      const isOne = other.indexes.some((index) => index.unique && Bun.deepEquals(index.columns, columns));
      add(other.name, `${isOne ? "hasOne" : "hasMany"}(${JSON.stringify(other.name)}, ${JSON.stringify(column)})`);
    }
  }
  return code;
}
