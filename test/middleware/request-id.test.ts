import { describe, expect, test } from "bun:test";
import type { RequestContext } from "../../src/http/index.ts";
import { requestId, type RequestIdOptions, traceOf } from "../../src/middleware/index.ts";
import { parseTraceparent } from "../../src/middleware/trace.ts";
import { contextOf } from "./context.ts";

function through(
  headers: Record<string, string>,
  options?: RequestIdOptions,
): { ctx: RequestContext; response: Response } {
  const ctx = contextOf(new Request("http://a/", { headers }));
  const response = new Response("x");
  const step = requestId(options);
  expect(step.before!(ctx)).toBeUndefined();
  expect(step.after!(ctx, response)).toBeUndefined();
  return { ctx, response };
}

const made = { generate: () => "made" };

describe("a caller's id", () => {
  test.each([
    ["a UUID", "0199b2c4-7e1a-7cc1-a3d0-6f0c9e0b1d2f"],
    ["every character that is safe", "AZaz09_.:+/=@~-"],
    ["128 characters", "x".repeat(128)],
  ])("is taken over: %s", (_, id) => {
    const { ctx, response } = through({ "x-request-id": id }, made);
    expect([ctx.id, response.headers.get("x-request-id")]).toEqual([id, id]);
  });

  test.each([
    ["none", {}],
    ["an empty one", { "x-request-id": "" }],
    ["129 characters", { "x-request-id": "x".repeat(129) }],
    ["a blank within", { "x-request-id": "a b" }],
    ["two of them", { "x-request-id": "a, b" }],
    ["quotes", { "x-request-id": 'a"b' }],
    ["markup", { "x-request-id": "<b>" }],
    ["a character that is not ASCII", { "x-request-id": "é" }],
    ["another header's", { "x-correlation-id": "theirs" }],
  ] satisfies [string, Record<string, string>][])("is replaced: %s", (_, headers) => {
    const { ctx, response } = through(headers, made);
    expect([ctx.id, response.headers.get("x-request-id")]).toEqual(["made", "made"]);
  });

  test("is taken over only where it is trusted", () => {
    const headers = { "x-request-id": "theirs" };
    expect(through(headers, { ...made, trust: true }).ctx.id).toBe("theirs");
    expect(through(headers, { ...made, trust: false }).ctx.id).toBe("made");
    expect(through(headers, { ...made, trust: (ctx) => ctx.path === "/" }).ctx.id).toBe("theirs");
    expect(through(headers, { ...made, trust: () => false }).ctx.id).toBe("made");
  });

  test("may have a header of another name", () => {
    const { ctx, response } = through({ "x-correlation-id": "theirs" }, { ...made, header: "X-Correlation-Id" });
    expect(ctx.id).toBe("theirs");
    expect([...response.headers]).toEqual([["x-correlation-id", "theirs"]]);
  });
});

test("an id of our own is a UUID of version 7, each time another", () => {
  const ids = [through({}).ctx.id, through({}).ctx.id];
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(ids[0]).not.toBe(ids[1]);
});

test("what runs later may replace the id", () => {
  const ctx = contextOf(new Request("http://a/"));
  const response = new Response("x");
  const step = requestId(made);
  void step.before!(ctx);
  ctx.id = "later";
  void step.after!(ctx, response);
  expect(response.headers.get("x-request-id")).toBe("later");
});

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

describe("traceparent is read from", () => {
  const sampled = { traceId: TRACE, parentId: PARENT, sampled: true };
  test.each([
    ["version 00", `00-${TRACE}-${PARENT}-01`, sampled],
    ["one that is not sampled", `00-${TRACE}-${PARENT}-00`, { ...sampled, sampled: false }],
    ["flags that are not known yet", `00-${TRACE}-${PARENT}-fe`, { ...sampled, sampled: false }],
    ["a later version", `cc-${TRACE}-${PARENT}-01`, sampled],
    ["a later version that says more", `cc-${TRACE}-${PARENT}-01-what-else`, sampled],
    ["not from version 00 that says more", `00-${TRACE}-${PARENT}-01-what`, undefined],
    ["not from a later version that runs on", `cc-${TRACE}-${PARENT}-01x`, undefined],
    ["not from version ff", `ff-${TRACE}-${PARENT}-01`, undefined],
    ["not from upper case", `00-${TRACE.toUpperCase()}-${PARENT}-01`, undefined],
    ["not from an empty trace", `00-${"0".repeat(32)}-${PARENT}-01`, undefined],
    ["not from an empty parent", `00-${TRACE}-${"0".repeat(16)}-01`, undefined],
    ["not from a short trace", `00-${TRACE.slice(1)}-${PARENT}-01`, undefined],
    ["not from nothing", "", undefined],
  ])("%s", (_, header, trace) => {
    const spanId: unknown = expect.stringMatching(/^[\da-f]{16}$/);
    expect(parseTraceparent(header)).toEqual(trace && ({ ...trace, spanId } as typeof trace & { spanId: string }));
  });
});

describe("a trace", () => {
  test("is kept, and answered with this request as the parent", () => {
    const { ctx, response } = through({ traceparent: `00-${TRACE}-${PARENT}-01` });
    const trace = traceOf(ctx)!;
    expect(trace).toEqual({ traceId: TRACE, parentId: PARENT, sampled: true, spanId: trace.spanId });
    expect(trace.spanId).toMatch(/^[\da-f]{16}$/);
    expect(trace.spanId).not.toBe(PARENT);
    expect(response.headers.get("traceparent")).toBe(`00-${TRACE}-${trace.spanId}-01`);
  });

  test("that is malformed is absent", () => {
    const { ctx, response } = through({ traceparent: "nonsense" });
    expect(traceOf(ctx)).toBeUndefined();
    expect(response.headers.get("traceparent")).toBeNull();
  });
});
