import { describe, expect, test } from "bun:test";
import { Api } from "bolide";
import { chunkedBody, Connection } from "../conformance/wire.ts";
import { answerTo, HOST, JSON_BODY, posted, statusOf, stillServes, target } from "./target.ts";

const server = target();

const withBody = (fields: string, body: string) => `POST /json HTTP/1.1\r\n${JSON_BODY}${fields}\r\n${body}`;

/** Requests that no two parsers must read differently (RFC 9112 6.3, 11.2): request smuggling begins with these. */
describe("a body whose end is in doubt is refused", () => {
  test.each([
    ["two lengths", withBody("Content-Length: 1\r\nContent-Length: 2\r\n", "12")],
    ["a list of lengths that differ", withBody("Content-Length: 1, 2\r\n", "12")],
    ["a negative length", withBody("Content-Length: -1\r\n", "1")],
    ["a length with a sign", withBody("Content-Length: +1\r\n", "1")],
    ["a length in hexadecimal", withBody("Content-Length: 0x1\r\n", "1")],
    ["a length with a fraction", withBody("Content-Length: 1.0\r\n", "1")],
    ["a length beyond all numbers", withBody("Content-Length: 99999999999999999999999\r\n", "1")],
    ["an empty length", withBody("Content-Length: \r\n", "1")],
    ["a length and chunks", withBody("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["chunks and a length", withBody("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["a coding that is unknown", withBody("Transfer-Encoding: xchunked\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["chunked not last", withBody("Transfer-Encoding: chunked, gzip\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["a coding before chunked", withBody("Transfer-Encoding: gzip, chunked\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["a space before the colon", withBody("Transfer-Encoding : chunked\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["a folded header", withBody("Transfer-Encoding:\r\n chunked\r\n", "1\r\n1\r\n0\r\n\r\n")],
    ["a chunk whose size is no number", withBody("Transfer-Encoding: chunked\r\n", "Z\r\n1\r\n0\r\n\r\n")],
    ["a chunk of negative size", withBody("Transfer-Encoding: chunked\r\n", "-1\r\n1\r\n0\r\n\r\n")],
    [
      "a chunk of a size beyond all numbers",
      withBody("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n1\r\n0\r\n\r\n"),
    ],
    ["a chunk that is longer than it says", withBody("Transfer-Encoding: chunked\r\n", "1\r\n123\r\n0\r\n\r\n")],
  ])("%s", async (_, bytes) => {
    expect(await statusOf(server.url, bytes)).toBe(400);
    expect(await stillServes(server.url)).toBe(true);
  });

  test("the same length twice is one length (RFC 9110 8.6)", async () => {
    expect(await statusOf(server.url, withBody("Content-Length: 1\r\nContent-Length: 1\r\n", "1"))).toBe(200);
  });
});

describe("a request that is none is refused, and the connection closed", () => {
  test.each([
    ["no HTTP", "hello\r\n\r\n"],
    [
      "TLS on a plain port",
      new Uint8Array([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 13, 10, 13, 10]),
    ],
    ["HTTP/0.9", "GET /alive\r\n\r\n"],
    ["HTTP/2 in words", `GET /alive HTTP/2.0\r\n${HOST}\r\n`],
    ["a path without a slash", `GET alive HTTP/1.1\r\n${HOST}\r\n`],
    ["a space in the path", `GET /u/a b HTTP/1.1\r\n${HOST}\r\n`],
    ["a NUL in the path", `GET /u/a\0b HTTP/1.1\r\n${HOST}\r\n`],
    ["a tab in the path", `GET /u/a\tb HTTP/1.1\r\n${HOST}\r\n`],
    ["bare line feeds", `GET /alive HTTP/1.1\nHost: localhost\n\n`],
    ["a header name with a parenthesis", `GET /alive HTTP/1.1\r\n${HOST}X(A: 1\r\n\r\n`],
    ["a header without a colon", `GET /alive HTTP/1.1\r\n${HOST}X-A\r\n\r\n`],
    ["a NUL in a header", `GET /h HTTP/1.1\r\n${HOST}X-A: a\0b\r\n\r\n`],
    ["a carriage return in a header", `GET /h HTTP/1.1\r\n${HOST}X-A: a\rSet-Cookie: b\r\n\r\n`],
    ["a header over several lines", `GET /h HTTP/1.1\r\n${HOST}X-A: a\r\n b\r\n\r\n`],
    ["no Host in HTTP/1.1", "GET /alive HTTP/1.1\r\n\r\n"],
    ["a method that nobody knows", `FETCH /alive HTTP/1.1\r\n${HOST}\r\n`],
    ["a method in small letters", `get /alive HTTP/1.1\r\n${HOST}\r\n`],
  ])("%s", async (_, bytes) => {
    const connection = await Connection.open(server.url);
    await connection.write(bytes);
    // Bun refuses these before any handler: 400 or 505, or not a word.
    expect(await connection.closed()).toMatch(/^$|^HTTP\/1\.1 (400|505) /);
    expect(await stillServes(server.url)).toBe(true);
  });
});

describe("a Host that is no host", () => {
  const asked = (path: string, host: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

  test.each(["x/secret", "x#y", "x?a=9", "u@x", "a b", "x\\secret", "x:port", "[::1"])(
    "%j does not lead to another route, or another query",
    async (host) => {
      const answer = await answerTo(server.url, asked("/q?a=1", host));
      expect(answer).not.toBe("closed");
      const { status, body } = answer as Exclude<typeof answer, string>;
      expect([
        [200, '{"a":"1"}'],
        [400, '{"detail":"Malformed Host header"}'],
      ]).toContainEqual([status, Buffer.from(body).toString()]);
      expect([400, 404]).toContain((await statusOf(server.url, asked("/nowhere/secret", host))) as number);
    },
  );

  test.each(["x/secret", "x#y", "a b"])("%j is 400 where the URL is asked for", async (host) => {
    expect(await statusOf(server.url, asked("/files/secret", host))).toBe(400);
    expect(await statusOf(server.url, asked("/url", host))).toBe(400);
  });

  test("does not keep the debug report from being written", async () => {
    const api = new Api({ debug: true, log: () => {} });
    api.get("/thrown", () => {
      throw new Error("shown in debug mode");
    });
    const debugging = await api.listen({ port: 0 });
    const answer = await answerTo(debugging.url, asked("/thrown", "a b"));
    expect(answer === "closed" ? answer : Buffer.from(answer.body).toString()).toContain("shown in debug mode");
    await debugging.stop();
  });

  test("that is absent, in HTTP/1.0, is nothing to complain of", async () => {
    const answer = await answerTo(server.url, "GET /url HTTP/1.0\r\n\r\n");
    expect(answer).toMatchObject({ status: 200, body: new Uint8Array(Buffer.from("/url")) });
    expect(await statusOf(server.url, "GET /files/a HTTP/1.0\r\n\r\n")).toBe(200);
    expect(await statusOf(server.url, "GET /nowhere HTTP/1.0\r\n\r\n")).toBe(404);
  });
});

test("an absolute request target is read for its path (RFC 9112 3.2.2)", async () => {
  expect(await answerTo(server.url, `GET http://elsewhere/u/7 HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({
    status: 200,
    body: new Uint8Array([55]),
  });
});

describe("a body that never comes whole", () => {
  test.each([
    ["half of a declared length", `POST /json HTTP/1.1\r\n${JSON_BODY}Content-Length: 100\r\n\r\n{"half":`],
    ["none of a declared length", `POST /json HTTP/1.1\r\n${JSON_BODY}Content-Length: 100\r\n\r\n`],
    ["chunks without the last one", `POST /json HTTP/1.1\r\n${JSON_BODY}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":`],
    ["half of a chunk", `POST /json HTTP/1.1\r\n${JSON_BODY}Transfer-Encoding: chunked\r\n\r\nff\r\n{"a":`],
    ["half of the headers", "POST /json HTTP/1.1\r\nHost: local"],
    ["a body that nobody reads", `POST /unread HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nhalf`],
  ])("%s: the client goes away, and the next one is served", async (_, bytes) => {
    for (let client = 0; client < 20; client++) {
      const connection = await Connection.open(server.url);
      await connection.write(bytes);
      connection.close();
    }
    expect(await stillServes(server.url)).toBe(true);
  });

  test("many of them at once, still open, leave room for others", async () => {
    const half = `POST /json HTTP/1.1\r\n${JSON_BODY}Content-Length: 100\r\n\r\n{"half":`;
    const open = await Promise.all(Array.from({ length: 200 }, () => Connection.open(server.url)));
    for (const connection of open) await connection.write(half);
    expect(await stillServes(server.url)).toBe(true);
    for (const connection of open) connection.close();
    expect(await stillServes(server.url)).toBe(true);
  });
});

test("a client that sends byte by byte is answered in the end", async () => {
  const connection = await Connection.open(server.url);
  for (const byte of posted("/object", '{"name":"slow"}')) {
    await connection.write(new Uint8Array([byte]));
    if (byte === 10) await Bun.sleep(1);
  }
  expect(await connection.receive()).toMatchObject({
    status: 200,
    body: new Uint8Array(Buffer.from('{"name":"slow"}')),
  });
  connection.close();
});

test("pipelined requests are answered in their order, whatever each of them is", async () => {
  const connection = await Connection.open(server.url);
  const parts = [
    `GET /u/1 HTTP/1.1\r\n${HOST}\r\n`,
    `GET /nowhere HTTP/1.1\r\n${HOST}\r\n`,
    posted("/object", '{"name":"two"}'),
    posted("/object", '{"name":3}'),
    `POST /json HTTP/1.1\r\n${JSON_BODY}Transfer-Encoding: chunked\r\n\r\n${Buffer.from(chunkedBody(["[1,", "2]"])).toString()}`,
    posted("/small", `"${"x".repeat(200)}"`),
    `GET /u/last HTTP/1.1\r\n${HOST}\r\n`,
  ];
  await connection.write(Buffer.concat(parts.map((part) => Buffer.from(part as string))));
  const statuses: number[] = [];
  for (const _ of parts) statuses.push((await connection.receive()).status);
  expect(statuses).toEqual([200, 404, 200, 422, 200, 413, 200]);
  connection.close();
});

test("a body that was refused unread is not taken for the next request", async () => {
  const connection = await Connection.open(server.url);
  const smuggled = `GET /secret HTTP/1.1\r\n${HOST}\r\n`;
  await connection.write(posted("/small", smuggled.repeat(5)));
  await connection.write(posted("/nowhere", smuggled));
  await connection.write(posted("/u/1", smuggled));
  await connection.write(posted("/unread", smuggled));
  await connection.write(`GET /alive HTTP/1.1\r\n${HOST}\r\n`);
  const statuses: number[] = [];
  for (let at = 0; at < 5; at++) statuses.push((await connection.receive()).status);
  expect(statuses).toEqual([413, 404, 405, 200, 200]);
  expect(connection.hasReceived).toBe(false);
  connection.close();
});

test("Expect: 100-continue is met, and the body read", async () => {
  const connection = await Connection.open(server.url);
  await connection.write(`POST /json HTTP/1.1\r\n${JSON_BODY}Content-Length: 1\r\nExpect: 100-continue\r\n\r\n`);
  expect((await connection.receive()).status).toBe(100);
  await connection.write("1");
  expect((await connection.receive()).status).toBe(200);
  connection.close();
});

test("HTTP/1.0 is answered, and the connection closed", async () => {
  const connection = await Connection.open(server.url);
  await connection.write(`GET /alive HTTP/1.0\r\n${HOST}\r\n`);
  expect(await connection.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nalive$/);
});
