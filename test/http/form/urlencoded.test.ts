import { expect, test } from "bun:test";
import fc from "fast-check";
import { t } from "bolide";
import type { Entry } from "../../../src/schema/index.ts";
import { formReader, type FormResult } from "../../../src/http/index.ts";
import { chunked, type Fields, formOf } from "./form-of.ts";

const FIELDS: Fields = { a: "text", b: "texts", photo: t.Optional(t.File()) };
const TYPE = "application/x-www-form-urlencoded;charset=UTF-8";

async function told(body: Parameters<typeof formOf>[0], limits = {}) {
  const { texts, unknown, entries, broken, files } = await formOf(body, FIELDS, limits, TYPE);
  expect(files.size).toBe(0);
  return { texts, unknown, entries, broken };
}

/** Bodies, and the texts of `a` and `b` in them. */
const BODIES: readonly (readonly [body: string, a: string | undefined, b: string[] | undefined, unknown?: string[]])[] =
  [
    ["", undefined, undefined],
    ["&&", undefined, undefined],
    ["a=1&b=2", "1", ["2"]],
    ["a=1&a=2&b=1&b=2", "2", ["1", "2"]],
    ["a", "", undefined],
    ["a=&b", "", [""]],
    ["a=x=y", "x=y", undefined],
    ["a=one+two%2Bthree", "one two+three", undefined],
    ["%61=Gr%C3%BC%C3%9Fe", "Grüße", undefined],
    ["a=Grüße+%F0%9F%90%88", "Grüße 🐈", undefined],
    ["a=100%&b=%zz%41", "100%", ["%zzA"]],
    ["a=ü%zz%C3%BC", "ü%zzü", undefined],
    ["c=1&d=2&c=3&__proto__=4", undefined, undefined, ["c", "d", "__proto__"]],
    ["%FF=1&=2", undefined, undefined, ["\uFFFD", ""]],
    ["a=%00", "\0", undefined],
  ];

test.each(BODIES)("%p says %p and %p", async (body, a, b, unknown = []) => {
  expect(await told(body)).toEqual({ texts: [a, b], unknown, entries: [], broken: false });
});

test("a text that is no UTF-8 is refused", async () => {
  const entry: Entry = { loc: ["form", "a"], msg: "Expected text in UTF-8", type: "value_error" };
  for (const body of ["a=%FF", "a=%C3x", new Uint8Array(Buffer.from("a=\xff", "latin1"))]) {
    expect((await told(body)).entries).toEqual([entry]);
  }
});

test("a text longer than the threshold is refused, however it is escaped, and what follows is read", async () => {
  const entry: Entry = {
    loc: ["form", "a"],
    msg: "Expected a text of at most 4 bytes",
    type: "too_long",
    ctx: { max_size: 4 },
  };
  const limits = { memoryThreshold: 4 };
  expect((await told("a=%C3%BC%C3%BC&b=1", limits)).texts).toEqual(["üü", ["1"]]);
  for (const body of ["a=12345&b=1", "a=%C3%BC%C3%BC.&b=1", `a=${"x".repeat(5000)}&b=1`]) {
    expect(await told(body, limits)).toEqual({
      texts: [undefined, ["1"]],
      unknown: [],
      entries: [entry],
      broken: false,
    });
  }
});

test("more than 1,000 fields are no form", async () => {
  expect((await told("b=1&".repeat(1000))).texts[1]).toHaveLength(1000);
  expect(await told("b=1&".repeat(1001))).toEqual({
    texts: [undefined, undefined],
    unknown: [],
    entries: [{ loc: ["body"], msg: "Expected at most 1000 fields", type: "too_many_parts", ctx: { max_parts: 1000 } }],
    broken: true,
  });
});

test("a text where a file is declared is no file", async () => {
  expect((await told("photo=cat.png")).entries).toEqual([
    { loc: ["files", "photo"], msg: "Expected a file, not a text", type: "type_error" },
  ]);
  expect((await told("photo=")).entries).toEqual([]);
});

test("URLSearchParams is read back, however its bytes are cut", async () => {
  const pair = fc.tuple(fc.constantFrom("a", "b", "c"), fc.string({ unit: "grapheme", maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { maxLength: 8 }), fc.integer({ min: 1, max: 12 }), async (pairs, size) => {
      const sent = new URLSearchParams(pairs);
      const bytes = new Uint8Array(Buffer.from(String(sent)));
      const { texts } = await told(chunked(bytes, [size]));
      const all = sent.getAll("b");
      expect(texts).toEqual([sent.getAll("a").at(-1), all.length === 0 ? undefined : all]);
    }),
    { numRuns: 300 },
  );
});

test("a small form, which is read in one go, says what it says when it arrives byte by byte", async () => {
  const plan = { fields: ["a", "b", "ü"], repeated: [false, true, false], files: new Map() };
  const read = formReader(plan, { bytes: 1_000, memoryThreshold: 12 });
  const asked = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
    read(new Request("http://a/", { method: "POST", headers: { "content-type": TYPE, ...headers }, body }));
  const said = ({ texts, unknown, entries, broken, files, refused }: FormResult) => ({
    texts,
    unknown,
    entries,
    broken,
    files: files.size,
    refused: [...refused],
  });
  const pieces = fc.constantFrom(
    "a",
    "b",
    "c",
    "ü",
    "=",
    "&",
    "+",
    "%",
    "#",
    "?",
    "%41",
    "%C3%BC",
    "%FF",
    "%",
    "x",
    "\xff",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 16 }), async (parts) => {
      const text = parts.map((part) => (part === "\xff" ? Buffer.from([0xff]) : Buffer.from(part)));
      const body = new Uint8Array(Buffer.concat(text));
      const whole = await asked(body, { "content-length": String(body.length) });
      expect(said(whole)).toEqual(said(await asked(body, {})));
    }),
    { numRuns: 2_000 },
  );
});
