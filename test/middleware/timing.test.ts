import { describe, expect, test } from "bun:test";
import { mark, timing } from "../../src/middleware/index.ts";
import { contextOf } from "./context.ts";

function timed(
  work: (ctx: ReturnType<typeof contextOf>) => void,
  header?: string,
  response = new Response("x"),
): Response {
  const ctx = contextOf(new Request("http://a/"));
  const step = timing(header === undefined ? {} : { header });
  expect(step.before!(ctx)).toBeUndefined();
  work(ctx);
  expect(step.after!(ctx, response)).toBeUndefined();
  return response;
}

/** Durations differ from run to run: only their shape is told. */
const shape = (response: Response, header = "server-timing"): string =>
  response.headers.get(header)!.replace(/^(.*?)total;dur=\d+(?:\.\d{1,3})?/, "$1total;dur=N");

describe("the answer tells", () => {
  test("the total, in milliseconds to the microsecond", () => {
    expect(shape(timed(() => {}))).toBe("total;dur=N");
  });

  test("the total as no less than what was waited", () => {
    const total = timed(() => Bun.sleepSync(3)).headers.get("server-timing")!;
    expect(Number(total.slice("total;dur=".length))).toBeGreaterThanOrEqual(3);
  });

  test("what was marked, in order", () => {
    const response = timed((ctx) => {
      mark(ctx, "db", 1.23456);
      mark(ctx, "cache", 0, 'hit "a"');
      mark(ctx, "miss");
    });
    expect(shape(response)).toBe(String.raw`total;dur=N, db;dur=1.235, cache;dur=0;desc="hit \"a\"", miss`);
  });

  test("it under another name", () => {
    expect(
      shape(
        timed(() => {}, "x-time"),
        "x-time",
      ),
    ).toBe("total;dur=N");
  });

  test("it beside what is there already", () => {
    const response = new Response("x", { headers: { "server-timing": "app;dur=1" } });
    expect(shape(timed(() => {}, undefined, response))).toBe("app;dur=1, total;dur=N");
  });
});

test.each([
  ["a name with a blank", "a b", undefined, 'mark takes a token for a name, not "a b"'],
  ["an empty name", "", undefined, 'mark takes a token for a name, not ""'],
  ["a description with a line break", "a", "b\r\nc", String.raw`mark takes a description in ASCII, not "b\r\nc"`],
])("%s is refused", (_, name, description, message) => {
  const ctx = contextOf(new Request("http://a/"));
  expect(() => mark(ctx, name, 1, description)).toThrow(new TypeError(message));
});

test("a mark without timing() does no harm", () => {
  const ctx = contextOf(new Request("http://a/"));
  expect(mark(ctx, "db", 1)).toBeUndefined();
});
