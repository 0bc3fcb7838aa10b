const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The three shapes that RFC 9110 5.6.7 asks a recipient to read. */
const IMF_FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RFC850 = /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-(\w{3})-(\d\d) (\d\d):(\d\d):(\d\d) GMT$/;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;

/** Reads an HTTP-date (RFC 9110 5.6.7) as milliseconds since 1970; `undefined` for anything else, which must be ignored. */
export function parseHttpDate(value: string): number | undefined {
  const fixed = IMF_FIXDATE.exec(value) ?? RFC850.exec(value);
  if (fixed) return instant(fixed[3]!, fixed[2]!, fixed[1]!, fixed[4]!, fixed[5]!, fixed[6]!);
  const loose = ASCTIME.exec(value);
  return loose ? instant(loose[6]!, loose[1]!, loose[2]!, loose[3]!, loose[4]!, loose[5]!) : undefined;
}

function instant(
  year: string,
  month: string,
  day: string,
  hour: string,
  minute: string,
  second: string,
): number | undefined {
  const at = MONTHS.indexOf(month.toLowerCase());
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  // A second of 60 is a leap second; it reads as the next minute's first.
  if (at < 0 || h > 23 || m > 59 || s > 60) return undefined;
  const full = year.length === 2 ? fullYear(Number(year)) : Number(year);
  const date = new Date(0);
  date.setUTCFullYear(full, at, Number(day));
  if (date.getUTCMonth() !== at) return undefined;
  return date.setUTCHours(h, m, s);
}

/** Two digits that seem over 50 years ahead are of the last century (RFC 9110 5.6.7). */
function fullYear(digits: number): number {
  const now = new Date().getUTCFullYear();
  const guess = now - (now % 100) + digits;
  return guess > now + 50 ? guess - 100 : guess;
}
