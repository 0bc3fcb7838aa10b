import { describe, expect, setSystemTime, test } from "bun:test";
import { logging, type LoggingOptions } from "../../src/middleware/index.ts";
import { contextOf } from "./context.ts";

interface Given {
  readonly url?: string;
  readonly init?: RequestInit;
  readonly more?: Parameters<typeof contextOf>[1];
  readonly response?: Response;
  readonly work?: () => void;
}

function logged(options: LoggingOptions, given: Given = {}): string[] {
  const lines: string[] = [];
  const step = logging({ ...options, write: (line) => void lines.push(line) });
  const ctx = contextOf(new Request(given.url ?? "http://a/users/7", given.init), given.more);
  expect(step.before!(ctx)).toBeUndefined();
  given.work?.();
  expect(step.after!(ctx, given.response ?? new Response("x"))).toBeUndefined();
  return lines;
}

/** The one line that was written, its duration, which differs from run to run, told apart. */
function line(options: LoggingOptions, given: Given = {}): Record<string, unknown> {
  const [only, ...more] = logged(options, given);
  expect(more).toEqual([]);
  const { duration, ...rest } = JSON.parse(only!) as Record<string, unknown>;
  expect(duration).toBeNumber();
  return rest;
}

describe("a line", () => {
  test("says what is known, in this order", () => {
    setSystemTime(new Date("2026-11-22T08:09:10.007Z"));
    try {
      const [text] = logged(
        { headers: ["User-Agent", "accept", "authorization"] },
        {
          url: "http://a/users/7?page=2",
          init: { method: "DELETE", headers: { "user-agent": 'a "b"', authorization: "Bearer x" } },
          more: { route: "DELETE /users/:id", id: "r-1", ip: "::1" },
          response: new Response("x", { status: 201, headers: { "content-length": "17" } }),
        },
      );
      expect(text!.replace(/"duration":[\d.]+/, '"duration":0')).toBe(
        '{"time":"2026-11-22T08:09:10.007Z","level":"info","method":"DELETE","path":"/users/7","query":"page=2",' +
          '"route":"DELETE /users/:id","status":201,"duration":0,"bytes":17,"id":"r-1","ip":"::1",' +
          String.raw`"headers":{"user-agent":"a \"b\"","authorization":"[redacted]"}}`,
      );
    } finally {
      setSystemTime();
    }
  });

  test("leaves out what is not known", () => {
    expect(Object.keys(line({}))).toEqual(["time", "level", "method", "path", "status"]);
  });

  test("is one line whatever the path", () => {
    const [text] = logged({}, { url: 'http://a/%0A"\u2028?a=%0A' });
    expect(text).not.toContain("\n");
    expect((JSON.parse(text!) as { path: string }).path).toBe("/%0A%22%E2%80%A8");
  });

  test("has the second of its own, not of the line before", () => {
    try {
      const times = ["2026-11-22T08:09:10.999Z", "2026-11-22T08:09:11.000Z", "2026-11-22T08:09:10.001Z"];
      for (const time of times) {
        setSystemTime(new Date(time));
        expect(line({})["time"]).toBe(time);
      }
    } finally {
      setSystemTime();
    }
  });

  test("tells how long it took", () => {
    const [text] = logged({}, { work: () => Bun.sleepSync(3) });
    expect((JSON.parse(text!) as { duration: number }).duration).toBeGreaterThanOrEqual(3);
  });

  test("may be for eyes", () => {
    setSystemTime(new Date("2026-11-22T08:09:10.007Z"));
    try {
      const [text] = logged(
        { format: "pretty" },
        { url: "http://a/u?token=x&a=1", more: { id: "r-1" }, response: new Response("", { status: 404 }) },
      );
      expect(text!.replace(/[\d.]+ ms/, "0 ms")).toBe("08:09:10.007  404  GET    /u?token=[redacted]&a=1  0 ms  r-1");
    } finally {
      setSystemTime();
    }
  });
});

describe("the level is", () => {
  test.each([
    [200, "info"],
    [302, "info"],
    [399, "info"],
    [400, "warn"],
    [499, "warn"],
    [500, "error"],
    [599, "error"],
  ])("of %p %p", (status, level) => {
    expect(line({}, { response: new Response(null, { status }) })["level"]).toBe(level);
  });

  test.each([
    ["info", [200, 404, 500]],
    ["warn", [404, 500]],
    ["error", [500]],
  ] as const)("at least %p: %p", (level, statuses) => {
    const kept = [200, 404, 500].filter(
      (status) => logged({ level }, { response: new Response("", { status }) }).length > 0,
    );
    expect(kept).toEqual([...statuses]);
  });
});

describe("a query is logged", () => {
  test.each([
    ["as it was sent", "a=1&b=%20x+y&c&=d&e==", "a=1&b=%20x+y&c&=d&e=="],
    ["without the values that are secrets", "token=x&a=1&Password=y", "token=[redacted]&a=1&Password=[redacted]"],
    [
      "without secrets whose names are escaped",
      "p%61ssword=x&api%5Fkey=y",
      "p%61ssword=[redacted]&api%5Fkey=[redacted]",
    ],
    ["without a secret that has = in it", "token=a=b&c=1", "token=[redacted]&c=1"],
    ["without a key's value whose escape is broken, if it is one of ours", "%zz=1&token=2", "%zz=1&token=[redacted]"],
    ["without what one has named", "email=a@b&Full%20Name=c", "email=[redacted]&Full%20Name=[redacted]"],
  ])("%s", (_, query, told) => {
    expect(line({ redact: ["Email", "full name"] }, { url: `http://a/?${query}` })["query"]).toBe(told);
  });
});

test("a header that one has named is redacted as well", () => {
  const given = { init: { headers: { "x-tenant": "t", "x-b": "b" } } };
  expect(line({ headers: ["x-tenant", "x-b"], redact: ["X-Tenant"] }, given)["headers"]).toEqual({
    "x-tenant": "[redacted]",
    "x-b": "b",
  });
});

const count = (sample: number, status: number): number => {
  let lines = 0;
  for (let n = 0; n < 1000; n++) lines += logged({ sample }, { response: new Response("", { status }) }).length;
  return lines;
};

describe("sampling", () => {
  test("keeps all at 1 and none at 0", () => {
    expect([count(1, 200), count(0, 200), count(0, 404)]).toEqual([1000, 0, 0]);
  });
  test("never drops an answer from 500", () => {
    expect(count(0, 500)).toBe(1000);
  });
  test("keeps about its part", () => {
    // Ten standard deviations around the mean: a chance of one in 10^23.
    expect(Math.abs(count(0.5, 200) - 500)).toBeLessThan(158);
  });
  test.each([-0.1, 1.1, Number.NaN])("of %p is refused", (sample) => {
    expect(() => logging({ sample })).toThrow(new RangeError(`logging takes a sample from 0 to 1, not ${sample}`));
  });
});

const work = (): void => Bun.sleepSync(4);

describe("slow-only", () => {
  test.each([
    ["keeps what took as long", 2, 200, work, 1],
    ["drops what was faster", 60_000, 404, work, 0],
    ["never drops an answer from 500", 60_000, 503, work, 1],
  ])("%s", (_, slowOnly, status, slow, lines) => {
    expect(logged({ slowOnly }, { work: slow, response: new Response("", { status }) })).toHaveLength(lines);
  });
});
