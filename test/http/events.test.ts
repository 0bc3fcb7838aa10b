import { describe, expect, test } from "bun:test";
import { cookie } from "../../src/http/cookies.ts";
import { events, lastEventId, writeEvent } from "../../src/http/events.ts";
import { keepsOpen } from "../../src/http/stream.ts";
import { serving } from "./serving.ts";

describe("an event is written as", () => {
  const table: readonly (readonly [says: string, value: unknown, text: string])[] = [
    ["JSON for an object", { n: 1, s: "é" }, 'data: {"n":1,"s":"é"}\n\n'],
    ["JSON for a string", "hi", 'data: "hi"\n\n'],
    ["JSON for a string of several lines", "a\nb", 'data: "a\\nb"\n\n'],
    ["JSON for a number", 1.5, "data: 1.5\n\n"],
    ["JSON for false", false, "data: false\n\n"],
    ["null for null", null, "data: null\n\n"],
    ["null for undefined", undefined, "data: null\n\n"],
    ["JSON for an array", [1, "a"], 'data: [1,"a"]\n\n'],
    ["JSON for an empty object", {}, "data: {}\n\n"],
    ["a bigint as a string", { n: 10n }, 'data: {"n":"10"}\n\n'],
    ["a date in ISO 8601", new Date(0), 'data: "1970-01-01T00:00:00.000Z"\n\n'],
    [
      "JSON for an object with one key that is no field",
      { event: "x", data: 1, extra: 2 },
      'data: {"event":"x","data":1,"extra":2}\n\n',
    ],
    ["JSON for a row that has only an id", { id: 7 }, 'data: {"id":7}\n\n'],
    [
      "its fields",
      { event: "tick", id: 7, retry: 3000, data: { n: 1 } },
      'event: tick\nid: 7\nretry: 3000\ndata: {"n":1}\n\n',
    ],
    ["its data alone", { data: [1] }, "data: [1]\n\n"],
    ["a string of data as it is", { data: "plain" }, "data: plain\n\n"],
    ["one data line per line", { data: "a\nb\r\nc\rd" }, "data: a\ndata: b\ndata: c\ndata: d\n\n"],
    ["data that begins and ends with empty lines", { data: "\na\n" }, "data: \ndata: a\ndata: \n\n"],
    ["empty data", { data: "" }, "data: \n\n"],
    ["data that looks like fields", { data: "id: 9\n\nevent: x" }, "data: id: 9\ndata: \ndata: event: x\n\n"],
    ["data that is null", { data: null }, "data: null\n\n"],
    ["an event without data", { event: "end" }, "event: end\n\n"],
    ["an empty id, which forgets the last", { id: "", data: 1 }, "id: \ndata: 1\n\n"],
    ["a comment", { comment: "still here" }, ": still here\n\n"],
    ["a comment of two lines", { comment: "a\nb" }, ": a\n: b\n\n"],
    ["how long to wait", { retry: 0 }, "retry: 0\n\n"],
  ];
  test.each(table)("%s", (_, value, text) => {
    expect(writeEvent(value)).toBe(text);
  });
});

describe("an event is refused", () => {
  test.each([
    ["with a line break in its name", { event: "a\nb", data: 1 }, `An event's event is one line, not "a\\nb"`],
    ["with a line break in its id", { id: "1\rdata: x", data: 1 }, `An event's id is one line, not "1\\rdata: x"`],
    ["with a NUL in its id", { id: "\0", data: 1 }, `An event's id is one line, not "\\u0000"`],
    ["with a retry that is no whole number", { retry: 1.5 }, "An event's retry is whole milliseconds, not 1.5"],
    ["with a negative retry", { retry: -1 }, "An event's retry is whole milliseconds, not -1"],
  ])("%s", (_, value, message) => {
    expect(() => writeEvent(value)).toThrow(new TypeError(message));
  });
});

async function* ticks(): AsyncGenerator {
  yield { n: 1 };
  await Bun.sleep(1);
  yield { event: "done", data: "a\nb" };
}

describe("events answers with", () => {
  const body = 'data: {"n":1}\n\nevent: done\ndata: a\ndata: b\n\n';

  test("the events, in order", async () => {
    expect(await events(ticks()).text()).toBe(body);
  });

  test("the events of anything that can be iterated", async () => {
    expect(await events([1, 2]).text()).toBe("data: 1\n\ndata: 2\n\n");
  });

  test("headers that keep proxies from holding them back", () => {
    expect([...events([]).headers]).toEqual([
      ["cache-control", "no-cache"],
      ["content-type", "text/event-stream"],
      ["x-accel-buffering", "no"],
    ]);
  });

  test("the same over a socket", async () => {
    await serving(
      () => events(ticks()),
      async (base) => {
        const response = await fetch(base);
        expect(response.headers.get("content-type")).toBe("text/event-stream");
        expect(response.headers.get("cache-control")).toBe("no-cache");
        expect(response.headers.get("x-accel-buffering")).toBe("no");
        expect(await response.text()).toBe(body);
      },
    );
  });

  test("a status, headers and cookies", () => {
    const response = events([], { status: 201, headers: { "cache-control": "no-store" }, cookies: [cookie("a", "1")] });
    expect(response.status).toBe(201);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/; HttpOnly; SameSite=Lax"]);
  });

  test("a connection without idle timeout", () => {
    expect(keepsOpen(events([]))).toBe(true);
  });
});

/** Waits until it is told to go on. */
function gate(): { open: () => void; opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

describe("a silent source", () => {
  test("is kept alive by comments, and still sends what comes", async () => {
    const { open, opened } = gate();
    const source = (async function* () {
      await opened;
      yield 1;
    })();
    const reader = events(source, { ping: 2 }).body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe(": ping\n\n");
    expect((await reader.read()).value).toBe(": ping\n\n");
    open();
    let last: string | undefined;
    for (let read = await reader.read(); !read.done; read = await reader.read()) last = read.value;
    expect(last).toBe("data: 1\n\n");
  });

  test("opens with a comment, so that its client has the headers", async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    const reader = events(source).body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe(": ping\n\n");
    await reader.cancel();
  });

  test("gets no comments with ping: 0", async () => {
    const { open, opened } = gate();
    const source = (async function* () {
      await opened;
      yield 1;
    })();
    const whole = events(source, { ping: 0 }).text();
    setTimeout(open, 10);
    expect(await whole).toBe("data: 1\n\n");
  });
});

describe("a generator's finally runs", () => {
  test("when the client goes away", async () => {
    const { open, opened } = gate();
    const source = (async function* () {
      try {
        for (let n = 0; ; n++) {
          yield n;
          await Bun.sleep(1);
        }
      } finally {
        open();
      }
    })();
    await serving(
      () => events(source),
      async (base) => {
        const gone = new AbortController();
        await (await fetch(base, { signal: gone.signal })).body!.getReader().read();
        gone.abort();
        await opened;
      },
    );
  });

  test("when it yields what cannot be sent", async () => {
    const { open, opened } = gate();
    const source = (async function* () {
      try {
        yield { event: "a\nb" };
      } finally {
        open();
      }
    })();
    await expect(events(source).text()).rejects.toThrow(TypeError);
    await opened;
  });
});

test("the last event that a returning client has seen is readable", () => {
  expect(lastEventId(new Request("http://a/", { headers: { "last-event-id": "41" } }))).toBe("41");
  expect(lastEventId(new Request("http://a/"))).toBeUndefined();
});
