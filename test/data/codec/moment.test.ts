import { describe, expect, test } from "bun:test";
import { momentOf } from "../../../src/data/codec/moment.ts";

describe("a moment is read from the text that a database has", () => {
  const read: readonly (readonly [text: string, iso: string])[] = [
    ["2026-11-22T13:05:07.123Z", "2026-11-22T13:05:07.123Z"],
    ["2024-02-28T23:59:59.999Z", "2024-02-28T23:59:59.999Z"],
    ["2024-02-29T00:00:00.000Z", "2024-02-29T00:00:00.000Z"],
    ["1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"],
    ["0099-03-01T00:00:00.000Z", "0099-03-01T00:00:00.000Z"],
    ["2026-11-22 13:05:07", "2026-11-22T13:05:07.000Z"],
    ["2026-11-22 13:05:07.123456", "2026-11-22T13:05:07.123Z"],
    ["2026-11-22T13:05:07+02:00", "2026-11-22T11:05:07.000Z"],
    ["2026-11-22 13:05:07.123+02", "2026-11-22T11:05:07.123Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
  ];
  test.each(read)("%s", (text, iso) => {
    expect(momentOf(text).toISOString()).toBe(iso);
  });

  test.each([
    "2026-13-01T00:00:00.000Z",
    "2026-00-01T00:00:00.000Z",
    "2026-11-00T00:00:00.000Z",
    "2026-11-22T25:00:00.000Z",
    "2026-11-22T13:60:00.000Z",
    "2026-11-22T13:05:60.000Z",
    "2026-11-22T13:05:07.12:Z",
    "2o26-11-22T13:05:07.123Z",
  ])("%s is none", (text) => {
    expect(momentOf(text).getTime()).toBeNaN();
  });

  test("every day of 400 years is the one that JavaScript reads", () => {
    const wrong: string[] = [];
    for (let day = Date.UTC(1800, 0, 1); day < Date.UTC(2200, 0, 1); day += 86_400_000) {
      const text = new Date(day + 45_296_789).toISOString();
      if (momentOf(text).getTime() !== day + 45_296_789) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });
});
