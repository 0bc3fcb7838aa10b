/** The days of a month in a leap year; February is corrected by the year. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** The value of the digits `text[from..to)`, or -1 where one is not a digit or the text is too short. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isDateAt(text: string): boolean {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > (monthDays[month - 1] as number)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** The end of `HH:MM:SS[.fraction]` at `from`, or -1. */
function timeEnd(text: string, from: number): number {
  const hour = digits(text, from, from + 2);
  const minute = digits(text, from + 3, from + 5);
  const second = digits(text, from + 6, from + 8);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  if (text.charCodeAt(from + 2) !== 58 || text.charCodeAt(from + 5) !== 58) return -1;
  let end = from + 8;
  if (text.charCodeAt(end) !== 46) return end;
  const start = ++end;
  while (digits(text, end, end + 1) >= 0) end++;
  return end === start ? -1 : end;
}

/** Minutes east of UTC of `Z` or `±HH:MM` at `from` to the end of the text, or NaN. */
function offsetAt(text: string, from: number): number {
  const sign = text.charCodeAt(from);
  if (sign === 90 || sign === 122) return text.length === from + 1 ? 0 : Number.NaN;
  if ((sign !== 43 && sign !== 45) || text.length !== from + 6 || text.charCodeAt(from + 3) !== 58) return Number.NaN;
  const hours = digits(text, from + 1, from + 3);
  const minutes = digits(text, from + 4, from + 6);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes);
}

/** A leap second is the last of a UTC day (RFC 3339 section 5.7). */
function isLeapSecond(text: string, from: number, offset: number): boolean {
  const minute = digits(text, from, from + 2) * 60 + digits(text, from + 3, from + 5) - offset;
  return (minute + 2880) % 1440 === 1439;
}

function isTimeAt(text: string, from: number): boolean {
  const end = timeEnd(text, from);
  if (end < 0) return false;
  const offset = offsetAt(text, end);
  return !Number.isNaN(offset) && (digits(text, from + 6, from + 8) < 60 || isLeapSecond(text, from, offset));
}

function isSeparator(code: number): boolean {
  return code === 84 || code === 116 || code === 32;
}

/** Whether the text is an RFC 3339 `full-date`. */
export function isDate(text: string): boolean {
  return text.length === 10 && isDateAt(text);
}

/** Whether the text is an RFC 3339 `full-time`, offset included. */
export function isTime(text: string): boolean {
  return isTimeAt(text, 0);
}

/** Whether the text is an RFC 3339 `date-time`, offset included. */
export function isDateTime(text: string): boolean {
  return isDateAt(text) && isSeparator(text.charCodeAt(10)) && isTimeAt(text, 11);
}

/**
 * The milliseconds since 1970 of an RFC 3339 date-time, or NaN. Without an offset it is UTC; a date alone is its
 * midnight in UTC; digits beyond the millisecond are cut off; a leap second is the first second of the next day.
 */
export function instant(text: string): number {
  if (!isDateAt(text)) return Number.NaN;
  const date = new Date(0);
  date.setUTCFullYear(digits(text, 0, 4), digits(text, 5, 7) - 1, digits(text, 8, 10));
  if (text.length === 10) return date.getTime();
  const end = isSeparator(text.charCodeAt(10)) ? timeEnd(text, 11) : -1;
  if (end < 0) return Number.NaN;
  const offset = end === text.length ? 0 : offsetAt(text, end);
  const second = digits(text, 17, 19);
  if (Number.isNaN(offset) || (second === 60 && !isLeapSecond(text, 11, offset))) return Number.NaN;
  const fraction = end > 19 ? text.slice(20, Math.min(end, 23)) : "";
  const minutes = digits(text, 11, 13) * 60 + digits(text, 14, 16) - offset;
  return date.getTime() + minutes * 60_000 + second * 1000 + Number(fraction.padEnd(3, "0"));
}
