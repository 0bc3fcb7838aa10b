import { expect, test } from "bun:test";
import fc from "fast-check";
import { basename } from "node:path";
import { baseName } from "../../../src/http/form/upload/base-name.ts";

/** Names as they are sent, and what is left of them. */
const NAMES: readonly (readonly [sent: string, name: string])[] = [
  ["cat.png", "cat.png"],
  ["/etc/passwd", "passwd"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\Ada\\cat.png", "cat.png"],
  ["..\\..\\boot.ini", "boot.ini"],
  ["a/b\\c.txt", "c.txt"],
  ["folder/", "unnamed"],
  ["", "unnamed"],
  [".", "unnamed"],
  ["..", "unnamed"],
  ["...", "unnamed"],
  ["\0", "unnamed"],
  ["  ", "unnamed"],
  [".\0.", "unnamed"],
  ["cat.png\0.exe", "cat.png.exe"],
  ["a\r\nb\x7f\x85.txt", "ab.txt"],
  [".htaccess", ".htaccess"],
  ["写真 1.png", "写真 1.png"],
  ["\uD800.png", "\uFFFD.png"],
  [`${"a".repeat(300)}.png`, `${"a".repeat(251)}.png`],
  [`${"ü".repeat(200)}.png`, `${"ü".repeat(125)}.png`],
  [`a.${"b".repeat(300)}`, `a.${"b".repeat(253)}`],
  [`.${"b".repeat(300)}`, `.${"b".repeat(254)}`],
];

test.each(NAMES)("%j is kept as %j", (sent, name) => {
  expect(baseName(sent)).toBe(name);
});

test("whatever is sent becomes one segment of a path, of at most 255 bytes", () => {
  const sent = fc.string({ unit: "binary", maxLength: 400 });
  fc.assert(
    fc.property(sent, (path) => {
      const name = baseName(path);
      expect(basename(name)).toBe(name);
      expect(Buffer.byteLength(name)).toBeWithin(1, 256);
      expect(baseName(name)).toBe(name);
      expect(name).not.toMatch(/^\.*$|[/\\\0]/);
    }),
  );
});
