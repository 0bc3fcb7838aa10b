import { expect } from "bun:test";
import { UpgradeRefused, testClient } from "bolide/testing";
import type { Api } from "bolide";
import { type Answer, Connection, written } from "./wire.ts";

/** What a client does and sees, in order. Text stands for itself, an object for JSON. */
export type Step =
  | { readonly send: string | Uint8Array | object }
  | { readonly get: string | Uint8Array | object }
  | { readonly protocol: string }
  | { readonly header: string; readonly is: string }
  | { readonly close: number; readonly reason?: string }
  | { readonly closed: number; readonly reason?: string };

/** How a socket is asked for. */
export interface Opening {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** The client's end of a socket, wherever the api runs. */
export interface Talk {
  readonly protocol: string;
  /** Of the answer that opened it. */
  readonly headers: Headers;
  send(message: string | Uint8Array): void;
  receive(): Promise<string | Uint8Array>;
  close(code: number, reason?: string): void;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens sockets of one api; resolves to the answer where it refuses. */
export type Open = (opening: Opening) => Promise<Talk | Answer>;

/** By the test client: no network. */
export function inMemory(api: Api): Open {
  const client = testClient(api, { raise: false });
  return async ({ path, ...opening }) => {
    try {
      const socket = await client.websocket(path, opening);
      return {
        protocol: socket.protocol,
        headers: socket.headers,
        send: (message) => socket.send(message),
        receive: () => socket.receive(),
        close: (code, reason) => void socket.close(code, reason),
        closed: socket.closed,
      };
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw error;
      const { status, headers, body } = error;
      return { status, headers, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) };
    }
  };
}

/** Over the network: a handshake by hand tells why one is refused, the platform's socket does the rest. */
export function overNetwork(base: URL): Open {
  return async ({ path, headers = {}, protocols = [] }) => {
    const connection = await Connection.open(base);
    const asked = Object.entries({
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...(protocols.length === 0 ? {} : { "Sec-WebSocket-Protocol": protocols.join(", ") }),
    }).filter(([name]) => !Object.keys(headers).some((own) => own.toLowerCase() === name.toLowerCase()));
    await connection.write(written("GET", path, [...asked, ...Object.entries(headers)]));
    const answer = await connection.receive();
    connection.close();
    if (answer.status !== 101) return answer;
    const url = new URL(path, base);
    url.protocol = "ws:";
    return platformTalk(new WebSocket(url, { headers, protocols: [...protocols] } as never), answer.headers);
  };
}

async function platformTalk(socket: WebSocket, headers: Headers): Promise<Talk> {
  const messages: (string | Uint8Array)[] = [];
  const readers: PromiseWithResolvers<string | Uint8Array>[] = [];
  const closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
    const message = typeof data === "string" ? data : new Uint8Array(data);
    const reader = readers.shift();
    if (reader === undefined) messages.push(message);
    else reader.resolve(message);
  });
  socket.addEventListener("close", ({ code, reason }) => {
    closed.resolve({ code, reason });
    for (const reader of readers) reader.reject(new Error(`closed with ${code} ${reason}`));
  });
  const open = Promise.withResolvers<void>();
  socket.addEventListener("open", () => open.resolve());
  socket.addEventListener("error", () => open.reject(new Error("not opened")));
  await open.promise;
  return {
    protocol: socket.protocol,
    headers,
    send: (message) => socket.send(message as string),
    receive() {
      const message = messages.shift();
      if (message !== undefined) return Promise.resolve(message);
      const reader = Promise.withResolvers<string | Uint8Array>();
      readers.push(reader);
      return reader.promise;
    },
    close: (code, reason) => socket.close(code, reason),
    closed: closed.promise,
  };
}

/** Does the steps, and holds what is seen against them. */
export async function perform(talk: Talk, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if ("send" in step) talk.send(isPlain(step.send) ? JSON.stringify(step.send) : step.send);
    else if ("protocol" in step) expect(talk.protocol).toBe(step.protocol);
    else if ("header" in step) expect(talk.headers.get(step.header)).toBe(step.is);
    else if ("close" in step) talk.close(step.close, step.reason);
    else if ("get" in step) {
      const message = await talk.receive();
      if (isPlain(step.get)) expect(JSON.parse(String(message))).toEqual(step.get);
      else expect(message).toEqual(step.get);
    } else expect(await talk.closed).toMatchObject({ code: step.closed, reason: step.reason ?? "" });
  }
}

function isPlain(message: string | Uint8Array | object): message is object {
  return typeof message === "object" && !(message instanceof Uint8Array);
}
