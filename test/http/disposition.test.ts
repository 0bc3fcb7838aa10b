import { expect, test } from "bun:test";
import { contentDisposition } from "../../src/http/disposition.ts";

test.each([
  ["a plain name", "report 2026.pdf", 'attachment; filename="report 2026.pdf"'],
  [
    "accents and other scripts",
    "naïve 文.txt",
    `attachment; filename="na_ve _.txt"; filename*=UTF-8''na%C3%AFve%20%E6%96%87.txt`,
  ],
  [
    "one stand-in for a character of two code units",
    "😀.png",
    `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`,
  ],
  ["quotes", 'a"b.txt', `attachment; filename="a_b.txt"; filename*=UTF-8''a%22b.txt`],
  [
    "a percent sign, which some browsers decode",
    "100%41.txt",
    `attachment; filename="100_41.txt"; filename*=UTF-8''100%2541.txt`,
  ],
  ["a semicolon", "a; filename=b.txt", 'attachment; filename="a; filename=b.txt"'],
  [
    "what RFC 8187 has escaped and URLs have not",
    "é'(*)!",
    `attachment; filename="_'(*)!"; filename*=UTF-8''%C3%A9%27%28%2A%29!`,
  ],
  ["a path", "../../etc/passwd", 'attachment; filename=".._.._etc_passwd"'],
  ["a path of Windows", "C:\\x\\y.txt", 'attachment; filename="C:_x_y.txt"'],
  ["a line break", "a\r\nx-evil: 1", 'attachment; filename="a__x-evil: 1"'],
  ["half of a character", "a\ud800", `attachment; filename="a_"; filename*=UTF-8''a%EF%BF%BD`],
])("a file's name with %s", (_, name, header) => {
  expect(contentDisposition("attachment", name)).toBe(header);
});

test("without a name there is only the type", () => {
  expect(contentDisposition("inline")).toBe("inline");
});
