import { expect, test } from "bun:test";
import { parseHttpDate } from "../../src/http/date.ts";

const at = Date.UTC(1994, 10, 6, 8, 49, 37);

test.each([
  ["an IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", at],
  ["the old shape of RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", at],
  ["the shape of asctime", "Sun Nov  6 08:49:37 1994", at],
  ["a leap second", "Sat, 31 Dec 2016 23:59:60 GMT", Date.UTC(2017, 0, 1)],
  ["29 February of a leap year", "Thu, 29 Feb 2024 00:00:00 GMT", Date.UTC(2024, 1, 29)],
  ["29 February of another year", "Wed, 29 Feb 2023 00:00:00 GMT", undefined],
  ["a day too many", "Sun, 31 Nov 1994 08:49:37 GMT", undefined],
  ["day 0", "Sun, 00 Nov 1994 08:49:37 GMT", undefined],
  ["hour 24", "Sun, 06 Nov 1994 24:00:00 GMT", undefined],
  ["minute 60", "Sun, 06 Nov 1994 08:60:00 GMT", undefined],
  ["an unknown month", "Sun, 06 Nox 1994 08:49:37 GMT", undefined],
  ["another zone", "Sun, 06 Nov 1994 08:49:37 CET", undefined],
  ["ISO 8601", "1994-11-06T08:49:37Z", undefined],
  ["a number", "784111777", undefined],
  ["nothing", "", undefined],
])("%s", (_, text, millis) => {
  expect(parseHttpDate(text)).toBe(millis);
});

const two = (full: number): string => String(full % 100).padStart(2, "0");

const read = (full: number): number =>
  new Date(parseHttpDate(`Monday, 01-Jan-${two(full)} 00:00:00 GMT`)!).getUTCFullYear();

test("two digits of a year are the nearest century, at most 50 years ahead", () => {
  const year = new Date().getUTCFullYear();
  expect(read(year + 50)).toBe(year + 50);
  expect(read(year + 51)).toBe(year - 49);
});
