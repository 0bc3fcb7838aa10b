import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { join } from "node:path";
import {
  BadRequest,
  ContentTooLarge,
  type FormLimits,
  HttpError,
  pulled,
  formReader,
} from "../../../src/http/index.ts";
import { fileRulesOf, t } from "../../../src/schema/index.ts";
import { BOUNDARY, file, multipart } from "./form-of.ts";
import { ownTemporaryDirectory, temporaryFiles } from "./temporary.ts";
import { serving } from "../serving.ts";

const MIB = 1_048_576;
const plan = {
  fields: [],
  repeated: [],
  files: new Map([["photo", { ...fileRulesOf(t.File()), source: "files" as const }]]),
};

ownTemporaryDirectory();

const photo = (size: number): Uint8Array<ArrayBuffer> =>
  multipart([file("photo", "a.bin", "application/octet-stream", new Uint8Array(size))]);
const HEADERS = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

/** Runs a test against a server that reads a form, and tells what reading it came to. */
async function receiving(
  limits: FormLimits,
  run: (base: string, outcome: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const answer = async (request: Request): Promise<Response> => {
    try {
      const form = await formReader(plan, limits)(request);
      const kept = temporaryFiles();
      form.dispose();
      resolve(kept.length);
      return Response.json(form.entries, { status: form.entries.length === 0 ? 200 : 422 });
    } catch (error) {
      resolve(error);
      return new Response(String(error), { status: error instanceof HttpError ? error.status : 500 });
    }
  };
  await serving(answer, (base) => run(base, promise));
}

/** Opens a connection, sends the head of a request and what is given of its body, and returns a way to go on. */
async function begin(base: string, framing: string, body: Uint8Array): Promise<ReturnType<typeof connect>> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${HEADERS["content-type"]}\r\n${framing}\r\n\r\n`);
  await new Promise<void>((resolve) => socket.write(body, () => resolve()));
  return socket;
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await Bun.sleep(5);
}

describe("over a socket", () => {
  test("a small file is in memory, a large one in a temporary file until it is disposed of", async () => {
    await receiving({ bytes: 4 * MIB }, async (base, kept) => {
      expect((await fetch(base, { method: "POST", headers: HEADERS, body: photo(1_000) })).status).toBe(200);
      expect(await kept).toBe(0);
    });
    await receiving({ bytes: 4 * MIB }, async (base, kept) => {
      expect((await fetch(base, { method: "POST", headers: HEADERS, body: photo(2 * MIB) })).status).toBe(200);
      expect(await kept).toBe(1);
    });
    expect(temporaryFiles()).toEqual([]);
  });

  test.each(["Content-Length: 10000000", "Transfer-Encoding: chunked"])(
    "a client that goes away leaves no file behind (%s)",
    async (framing) => {
      await receiving({ bytes: 20 * MIB }, async (base, outcome) => {
        const body = photo(3 * MIB).subarray(0, 2 * MIB);
        const sent = framing.startsWith("T")
          ? Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n")])
          : body;
        const socket = await begin(base, framing, sent);
        await until(() => temporaryFiles().length === 1);
        socket.destroy();
        const error = await outcome;
        expect(error).toBeInstanceOf(BadRequest);
        expect((error as Error).message).toBe("The body ended early");
        expect(temporaryFiles()).toEqual([]);
      });
    },
  );

  test("a small form that breaks off is a body that ended early", async () => {
    await receiving({ bytes: 20 * MIB }, async (base, outcome) => {
      const socket = await begin(base, "Content-Length: 10000", photo(1_000));
      await Bun.sleep(20);
      socket.destroy();
      const error = await outcome;
      expect(error).toBeInstanceOf(BadRequest);
      expect((error as Error).message).toBe("The body ended early");
    });
  });

  test("a body larger than it may be is refused by what it says, or when it gets there", async () => {
    await receiving({ bytes: 2 * MIB }, async (base, outcome) => {
      const answer = await fetch(base, { method: "POST", headers: HEADERS, body: photo(2 * MIB) });
      expect([answer.status, await answer.text()]).toEqual([413, "ContentTooLarge: Body is larger than 2097152 bytes"]);
      expect(await outcome).toBeInstanceOf(ContentTooLarge);
    });
    await receiving({ bytes: 2 * MIB }, async (base, outcome) => {
      const body = photo(3 * MIB);
      const socket = await begin(base, "Transfer-Encoding: chunked", Buffer.from(`${body.length.toString(16)}\r\n`));
      const answered = new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
      socket.write(body);
      expect(await answered).toStartWith("HTTP/1.1 413 ");
      expect(await outcome).toBeInstanceOf(ContentTooLarge);
      socket.destroy();
    });
    expect(temporaryFiles()).toEqual([]);
  });

  test("a form that is broken at its start is answered before its end", async () => {
    await receiving({ bytes: 20 * MIB }, async (base) => {
      const socket = await begin(base, "Content-Length: 10000000", Buffer.from(`--${BOUNDARY}!!`));
      const answered = new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
      expect(await answered).toStartWith("HTTP/1.1 422 ");
      socket.destroy();
    });
  });
});

test("a file of 200 MB takes less than 60 MB of memory", async () => {
  const receiver = Bun.spawn([process.execPath, join(import.meta.dir, "programs", "receiver.ts")], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    env: process.env,
  });
  const { value } = await receiver.stdout.getReader().read();
  const url = new TextDecoder().decode(value).trim();
  const size = 200_000_000;
  const pieces = function* (): Generator<Uint8Array> {
    const whole = multipart([file("photo", "a.bin", "application/octet-stream", "|")]);
    const at = whole.indexOf(124, whole.indexOf(10) + 60);
    yield whole.subarray(0, at);
    const chunk = new Uint8Array(100_000);
    for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
    yield whole.subarray(at + 1);
  };
  const answer = await fetch(url, { method: "POST", headers: HEADERS, body: pulled(pieces()) });
  const told = (await answer.json()) as { size: number; entries: unknown; grown: number };
  expect(told).toEqual({ size, entries: [], grown: expect.any(Number) });
  expect(told.grown).toBeLessThan(60_000_000);
  await receiver.stdin.end();
  expect(await receiver.exited).toBe(0);
  expect(temporaryFiles()).toEqual([]);
}, 30_000);
