import { BigIntBounds, type TSchema } from "../../schema/index.ts";
import type { Random } from "./random.ts";

/** How far from a bound a number may be that has no other. */
const REACH = 1_000_000;
const INT32 = 2 ** 31 - 1;

interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

export function integerOf(schema: TSchema, random: Random): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf: step = 1 } = schema as Bounds;
  const given = [minimum ?? -Infinity, exclusiveMinimum === undefined ? -Infinity : Math.floor(exclusiveMinimum) + 1];
  const limits = [maximum ?? Infinity, exclusiveMaximum === undefined ? Infinity : Math.ceil(exclusiveMaximum) - 1];
  const most = Math.min(...limits, schema["format"] === "int32" ? INT32 : Number.MAX_SAFE_INTEGER);
  const least = Math.max(...given);
  const from = least === -Infinity ? Math.min(1, most) : Math.ceil(least);
  const [low, high] = [Math.ceil(from / step), Math.floor(Math.min(most, from + REACH * step) / step)];
  return random.integer(low, high) * step + 0;
}

/** With two digits behind the point, where the bounds allow that. */
export function numberOf(schema: TSchema, random: Random): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Bounds;
  if (multipleOf !== undefined && Number.isInteger(multipleOf)) return integerOf(schema, random);
  const least = exclusiveMinimum ?? minimum ?? Math.min(0, (exclusiveMaximum ?? maximum ?? 0) - REACH);
  const most = exclusiveMaximum ?? maximum ?? least + REACH;
  if (multipleOf !== undefined) {
    const from = Math.ceil(least / multipleOf) + (exclusiveMinimum === undefined ? 0 : 1);
    return (
      random.integer(from, Math.max(from, Math.floor(most / multipleOf) - (exclusiveMaximum === undefined ? 0 : 1))) *
      multipleOf
    );
  }
  if (least === most) return least;
  const exact = least + (most - least) * (0.001 + random.fraction() * 0.998);
  const short = Math.round(exact * 100) / 100;
  return short > least && short < most ? short : exact;
}

export function bigintOf(schema: TSchema, random: Random): bigint {
  const bounds = (schema as { readonly [BigIntBounds]?: Partial<Record<keyof Bounds, bigint>> })[BigIntBounds] ?? {};
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf: step = 1n } = bounds;
  const most = exclusiveMaximum === undefined ? maximum : exclusiveMaximum - 1n;
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1n;
  const from = least ?? (most !== undefined && most < 1n ? most - BigInt(REACH) * step : 1n);
  const first = ceilTo(from, step);
  const count = most === undefined ? BigInt(REACH) : (most - first) / step;
  return first + step * BigInt(random.integer(0, Number(count > BigInt(REACH) ? BigInt(REACH) : count)));
}

function ceilTo(value: bigint, step: bigint): bigint {
  const rest = ((value % step) + step) % step;
  return rest === 0n ? value : value + step - rest;
}

/** An exact decimal that fits a column of this precision and scale, never negative. */
export function decimalOf(
  { precision, scale }: { readonly precision: number; readonly scale: number },
  random: Random,
): string {
  const whole = precision === scale ? 0 : random.integer(0, 10 ** Math.min(precision - scale, 6) - 1);
  const digits = Array.from({ length: scale }, () => random.integer(0, 9)).join("");
  return scale === 0 ? `${whole}` : `${whole}.${digits}`;
}
