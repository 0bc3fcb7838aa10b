import { describe, expect, test } from "bun:test";
import { cookie } from "../../src/http/cookies.ts";
import { keepOpen, keepsOpen, stream, type StreamSource } from "../../src/http/stream.ts";
import { serving } from "./serving.ts";

async function* letters(): AsyncGenerator<string | Uint8Array> {
  yield "é";
  await Bun.sleep(1);
  yield new Uint8Array([98, 99]);
  yield "";
  yield "d";
}

describe("a stream sends", () => {
  const table: readonly (readonly [says: string, source: () => StreamSource, body: string])[] = [
    ["strings and bytes of a generator", letters, "ébcd"],
    ["an array", () => ["a", new Uint8Array([98])], "ab"],
    ["a set", () => new Set(["a", "b"]), "ab"],
    ["nothing", () => [], ""],
    ["a stream of bytes", () => new Blob(["bytes"]).stream(), "bytes"],
    [
      "a stream of strings",
      () =>
        new ReadableStream<string>({
          start(controller) {
            controller.enqueue("é");
            controller.close();
          },
        }),
      "é",
    ],
  ];
  test.each(table)("%s", async (_, source, body) => {
    expect(await stream(source()).text()).toBe(body);
  });
  test.each(table)("%s, over a socket", async (_, source, body) => {
    await serving(
      () => stream(source()),
      async (base) => expect(await (await fetch(base)).text()).toBe(body),
    );
  });

  test("bytes unless it says what they are", () => {
    expect(stream([]).headers.get("content-type")).toBe("application/octet-stream");
  });

  test("a status, headers and cookies", () => {
    const response = stream([], { status: 202, headers: { "content-type": "text/csv" }, cookies: [cookie("a", "1")] });
    expect(response.status).toBe(202);
    expect([...response.headers]).toEqual([
      ["content-type", "text/csv"],
      ["set-cookie", "a=1; Path=/; HttpOnly; SameSite=Lax"],
    ]);
  });
});

test.each([
  ["a string", "text"],
  ["bytes", new Uint8Array(3) as unknown as StreamSource],
])("%s is one piece and not a source", (_, source) => {
  expect(() => stream(source)).toThrow(
    new TypeError("stream takes an iterable of pieces, not one piece: answer with text() or bytes()"),
  );
});

/** A source without an end that tells what has been asked of it. */
class Endless {
  made = 0;
  ended = false;
  readonly source: AsyncGenerator<string> = this.pieces();

  private async *pieces(): AsyncGenerator<string> {
    try {
      for (;;) {
        this.made++;
        yield "x".repeat(65_536);
      }
    } finally {
      this.ended = true;
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(1);
}

describe("a source is asked for no more than is read", () => {
  test("nothing before the first read, one piece per read", async () => {
    const told = new Endless();
    const reader = stream(told.source).body!.getReader();
    expect(told.made).toBe(0);
    await reader.read();
    expect(told.made).toBe(1);
    await reader.read();
    expect(told.made).toBe(2);
    await reader.cancel();
  });

  test("by a client that does not read, only what the sockets hold", async () => {
    const told = new Endless();
    await serving(
      () => stream(told.source),
      async (base) => {
        const gone = new AbortController();
        const response = await fetch(base, { signal: gone.signal });
        await response.body!.getReader().read();
        let before = -1;
        while (before !== told.made) {
          before = told.made;
          await Bun.sleep(50);
        }
        // 64 MiB would be 1,024 pieces: what is made stays within the buffers of two sockets and a client.
        expect(told.made).toBeLessThan(1024);
        gone.abort();
        await until(() => told.ended);
      },
    );
  });
});

describe("a generator's finally runs", () => {
  test("when the reader cancels", async () => {
    const told = new Endless();
    const reader = stream(told.source).body!.getReader();
    await reader.read();
    await reader.cancel();
    expect(told.ended).toBe(true);
  });

  test("when the client goes away", async () => {
    const told = new Endless();
    await serving(
      () => stream(told.source),
      async (base) => {
        const gone = new AbortController();
        await (await fetch(base, { signal: gone.signal })).body!.getReader().read();
        gone.abort();
        await until(() => told.ended);
      },
    );
    expect(told.ended).toBe(true);
  });

  test("when it yields what cannot be sent", async () => {
    let ended = false;
    const source = (async function* () {
      try {
        yield 17 as unknown as string;
      } finally {
        ended = true;
      }
    })();
    const reader = stream(source).body!.getReader();
    await expect(reader.read()).rejects.toThrow(new TypeError("stream sends strings and bytes, not number"));
    await until(() => ended);
    expect(ended).toBe(true);
  });
});

test("an error of the source breaks the answer off", async () => {
  const source = (async function* () {
    yield "one";
    throw new Error("boom");
  })();
  const reader = stream(source).body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe("one");
  await expect(reader.read()).rejects.toThrow("boom");
});

test("an answer keeps its connection open only when it is told to", () => {
  expect(keepsOpen(stream([]))).toBe(false);
  expect(keepsOpen(stream([], { keepOpen: true }))).toBe(true);
  expect(keepsOpen(new Response("x"))).toBe(false);
  expect(keepsOpen(keepOpen(new Response("x")))).toBe(true);
});
