import { instant } from "./instant.ts";

/** Longer decimals are refused: reading n digits costs more than n steps. */
const MAX_DIGITS = 1000;

/** Whether the text is decimal digits with an optional sign. */
export function isDecimal(text: string): boolean {
  const first = text.charCodeAt(0);
  const start = first === 45 || first === 43 ? 1 : 0;
  if (text.length === start || text.length > MAX_DIGITS) return false;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** The bigint of a decimal string or a safe integer, else undefined. */
export function decimal(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string" || !isDecimal(value)) return undefined;
  return BigInt(value.charCodeAt(0) === 43 ? value.slice(1) : value);
}

/** The milliseconds since 1970 of a date-time string, else NaN. */
export function instantOf(value: unknown): number {
  return typeof value === "string" ? instant(value) : Number.NaN;
}

/** How many bytes the base64 text (RFC 4648 section 4, padded) stands for, or -1 where it is not base64. */
export function base64Bytes(text: string): number {
  if (text.length % 4 !== 0) return -1;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const end = text.length - padding;
  for (let index = 0; index < end; index++) if (!isBase64(text.charCodeAt(index))) return -1;
  return (text.length / 4) * 3 - padding;
}

function isBase64(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 47 && code <= 57) || code === 43;
}
