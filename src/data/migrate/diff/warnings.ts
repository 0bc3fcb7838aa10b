import type { ColumnKind } from "../../model/index.ts";
import type { ColumnShape, DatabaseShape } from "../shape/shape.ts";
import type { Change, Step } from "./change.ts";

/** What a migration may cost. `loss`: data is gone; `refusal`: the database may refuse it for the rows that are there. */
export interface Warning {
  readonly kind: "loss" | "refusal";
  readonly told: string;
}

/** What to know before these changes are made to a database with rows in it. */
export function warningsOf(changes: readonly Change[], before: DatabaseShape): Warning[] {
  return changes.flatMap((change) => {
    switch (change.kind) {
      case "dropTable":
        return [loss(`${change.table.name} is dropped with all its rows`)];
      case "createIndex": {
        const isOld = before.tables[change.table]?.columns.some(({ name }) => change.index.columns.includes(name));
        const columns = change.index.columns.join(", ");
        return isOld === true && change.index.unique
          ? [refusal(`${change.table}: rows that share ${columns} are in the way of its unique index`)]
          : [];
      }
      case "alterTable": {
        const filled = new Set(
          changes.flatMap((other) =>
            other.kind === "fill" && other.table === change.table ? [other.column.name] : [],
          ),
        );
        const values = (name: string) =>
          before.tables[change.table]?.columns.find((column) => column.name === name)?.values;
        return change.steps.flatMap((step) => stepWarnings(change.table, step, filled, values));
      }
      case "renameTable":
      case "createTable":
      case "dropIndex":
      case "fill":
        return [];
    }
  });
}

const loss = (told: string): Warning => ({ kind: "loss", told });
const refusal = (told: string): Warning => ({ kind: "refusal", told });

function stepWarnings(
  table: string,
  step: Step,
  filled: ReadonlySet<string>,
  valuesOf: (column: string) => readonly string[] | undefined,
): Warning[] {
  switch (step.kind) {
    case "dropColumn":
      return [loss(`${table}.${step.column.name} is dropped with its values`)];
    case "addColumn": {
      const { name, nullable, generated } = step.column;
      return nullable || generated !== undefined || "default" in step.column
        ? []
        : [refusal(`${table}.${name} is new, never null and has no default: rows that are there have no value for it`)];
    }
    case "changeColumn": {
      const place = `${table}.${step.to.name}`;
      return [
        ...(narrows(step.from, step.to)
          ? [loss(`${place} changes from ${typeName(step.from)} to ${typeName(step.to)}`)]
          : []),
        ...(step.from.nullable && !step.to.nullable && !filled.has(step.to.name)
          ? [refusal(`${place} is never null from now on and has no default: rows without a value are in the way`)]
          : []),
      ];
    }
    case "addForeignKey": {
      const { columns, table: target } = step.key;
      return [
        refusal(`${table}: rows whose ${columns.join(", ")} is not in ${target} are in the way of the foreign key`),
      ];
    }
    case "addCheck": {
      const { name, values = [] } = step.column;
      const gone = (valuesOf(name) ?? []).filter((value) => !values.includes(value));
      return gone.length === 0
        ? []
        : [refusal(`${table}.${name} allows ${gone.join(", ")} no more: rows with it are in the way`)];
    }
    default:
      return [];
  }
}

/** Kinds that hold every value of another. */
const WIDER: Readonly<Partial<Record<ColumnKind, readonly ColumnKind[]>>> = {
  int32: ["integer", "bigint", "number", "decimal", "text"],
  integer: ["bigint", "text"],
  bigint: ["text"],
  boolean: ["text"],
  decimal: ["text"],
  number: ["text"],
  uuid: ["text"],
  date: ["text", "timestamp"],
  enum: ["text"],
  json: ["text"],
};

/** Whether values may not fit, or not be understood. */
function narrows(from: ColumnShape, to: ColumnShape): boolean {
  if (from.kind !== to.kind) {
    if (WIDER[from.kind]?.includes(to.kind) !== true) return true;
    return to.kind === "text" && (to.maxLength ?? Infinity) < Infinity;
  }
  if (to.kind === "text") return (to.maxLength ?? Infinity) < (from.maxLength ?? Infinity);
  if (to.kind !== "decimal") return false;
  return whole(to) < whole(from) || (to.scale ?? 2) < (from.scale ?? 2);
}

/** Digits before the point. */
const whole = ({ precision = 38, scale = 2 }: ColumnShape): number => precision - scale;

function typeName({ kind, maxLength, precision, scale }: ColumnShape): string {
  if (kind === "text" && maxLength !== undefined) return `a text of ${maxLength}`;
  return kind === "decimal" ? `decimal(${precision ?? 38}, ${scale ?? 2})` : kind;
}
