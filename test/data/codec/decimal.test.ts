import { expect, test } from "bun:test";
import { toScale } from "../../../src/data/codec/decimal.ts";

/** A decimal, the digits behind the point that its column has, and what is kept. PostgreSQL's `numeric` says the same of each. */
const DECIMALS: readonly (readonly [text: string, scale: number, kept: string])[] = [
  ["1", 2, "1.00"],
  ["1.5", 2, "1.50"],
  ["1.50", 2, "1.50"],
  ["001.5", 2, "1.50"],
  ["+1.5", 2, "1.50"],
  ["0", 0, "0"],
  ["-0", 2, "0.00"],
  ["-0.001", 2, "0.00"],
  ["1.005", 2, "1.01"],
  ["-1.005", 2, "-1.01"],
  ["1.0049", 2, "1.00"],
  ["9.999", 2, "10.00"],
  ["0.5", 0, "1"],
  ["0.05", 3, "0.050"],
  ["12345678901234567890.12345678905", 10, "12345678901234567890.1234567891"],
  ["1e3", 2, "1e3"],
  ["", 2, ""],
  ["text", 2, "text"],
];

test.each(DECIMALS)("%s with %d digits behind the point is %s", (text, scale, kept) => {
  expect(toScale(text, scale)).toBe(kept);
});
