import { describe, expect, test } from "bun:test";
import { judgePreconditions, rangeApplies, type Validators, type Verdict } from "../../src/http/preconditions.ts";

const LAST = Date.UTC(2026, 10, 22, 8, 0, 0, 500);
const THEN = "Sun, 22 Nov 2026 08:00:00 GMT";
const BEFORE = "Sun, 22 Nov 2026 07:59:59 GMT";
const LATER = "Sun, 22 Nov 2026 08:00:01 GMT";
const FILE: Validators = { etag: '"a"', lastModified: LAST };
const WEAK: Validators = { etag: 'W/"a"', lastModified: undefined };
const BARE: Validators = { etag: undefined, lastModified: undefined };

const asks = (headers: Record<string, string>, method = "GET"): Request =>
  new Request("http://a/", { method, headers });

describe("preconditions of RFC 9110 13", () => {
  const table: readonly (readonly [
    says: string,
    headers: Record<string, string>,
    verdict: Verdict,
    Validators?,
    method?: string,
  ])[] = [
    ["none", {}, "send"],
    ["If-Match with the tag", { "if-match": '"a"' }, "send"],
    ["If-Match with the tag among others", { "if-match": '"x", "a"' }, "send"],
    ["If-Match with another", { "if-match": '"b"' }, "failed"],
    ["If-Match with *", { "if-match": "*" }, "send"],
    ["If-Match compares strongly", { "if-match": 'W/"a"' }, "failed"],
    ["If-Match never matches a weak tag", { "if-match": 'W/"a", "a"' }, "failed", WEAK],
    ["If-Match that cannot be read", { "if-match": "a" }, "failed"],
    ["If-Match without a tag to compare", { "if-match": '"a"' }, "failed", BARE],
    ["If-None-Match with the tag", { "if-none-match": '"a"' }, "unchanged"],
    ["If-None-Match of a HEAD", { "if-none-match": '"a"' }, "unchanged", FILE, "HEAD"],
    ["If-None-Match of a PUT", { "if-none-match": '"a"' }, "failed", FILE, "PUT"],
    ["If-None-Match * of a PUT", { "if-none-match": "*" }, "failed", FILE, "PUT"],
    ["If-None-Match with *", { "if-none-match": "*" }, "unchanged"],
    ["If-None-Match compares weakly", { "if-none-match": 'W/"a"' }, "unchanged"],
    ["If-None-Match against a weak tag", { "if-none-match": '"a"' }, "unchanged", WEAK],
    ["If-None-Match with a comma in a tag", { "if-none-match": '"a,b"' }, "send"],
    ["If-None-Match with another", { "if-none-match": '"b", W/"c"' }, "send"],
    ["If-None-Match that cannot be read", { "if-none-match": "a" }, "send"],
    ["If-Modified-Since, unchanged", { "if-modified-since": THEN }, "unchanged"],
    ["If-Modified-Since, long unchanged", { "if-modified-since": LATER }, "unchanged"],
    ["If-Modified-Since, modified", { "if-modified-since": BEFORE }, "send"],
    ["If-Modified-Since that cannot be read", { "if-modified-since": "yesterday" }, "send"],
    ["If-Modified-Since of a POST", { "if-modified-since": THEN }, "send", FILE, "POST"],
    ["If-Modified-Since without a date to compare", { "if-modified-since": THEN }, "send", BARE],
    ["If-None-Match goes before If-Modified-Since", { "if-none-match": '"b"', "if-modified-since": THEN }, "send"],
    ["If-Unmodified-Since, unmodified", { "if-unmodified-since": THEN }, "send"],
    ["If-Unmodified-Since, modified", { "if-unmodified-since": BEFORE }, "failed"],
    ["If-Unmodified-Since that cannot be read", { "if-unmodified-since": "x" }, "send"],
    ["If-Match goes before If-Unmodified-Since", { "if-match": '"a"', "if-unmodified-since": BEFORE }, "send"],
    ["If-Match and If-None-Match, both", { "if-match": '"a"', "if-none-match": '"a"' }, "unchanged"],
    ["If-Match fails before If-None-Match is asked", { "if-match": '"b"', "if-none-match": '"a"' }, "failed"],
  ];
  test.each(table)("%s", (_, headers, verdict, validators = FILE, method = "GET") => {
    expect(judgePreconditions(asks(headers, method), validators)).toBe(verdict);
  });
});

describe("If-Range of RFC 9110 13.1.5", () => {
  const table: readonly (readonly [
    says: string,
    headers: Record<string, string>,
    applies: boolean,
    Validators?,
    now?: number,
  ])[] = [
    ["none", {}, true],
    ["the tag", { "if-range": '"a"' }, true],
    ["another tag", { "if-range": '"b"' }, false],
    ["a weak tag, even the same", { "if-range": 'W/"a"' }, false, WEAK],
    ["the exact date", { "if-range": THEN }, true],
    ["an earlier date", { "if-range": BEFORE }, false],
    ["a later date", { "if-range": LATER }, false],
    ["the exact date within the second in which it may change again", { "if-range": THEN }, false, FILE, LAST + 900],
    ["no date", { "if-range": "soon" }, false],
    ["a date where there is none to compare", { "if-range": THEN }, false, BARE],
  ];
  test.each(table)("%s", (_, headers, applies, validators = FILE, now = LAST + 60_000) => {
    expect(rangeApplies(asks(headers), validators, now)).toBe(applies);
  });
});
