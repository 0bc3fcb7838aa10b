import type { LogRecord, RunningServer } from "bolide";
import { apis, type Variant } from "./app.ts";
import { startBinary } from "./binary.ts";
import { type Row, requestOf } from "./row.ts";
import { inMemory, type Open, overNetwork } from "./talk.ts";
import { type Answer, chunkedBody, Connection, written } from "./wire.ts";

/** One of the ways on which a row's request reaches its api. */
export interface Way {
  readonly name: string;
  answer(row: Row): Promise<Answer>;
  /** Opens a socket of the api that has them. */
  readonly open: Open;
  /** What was logged; `undefined` where the api runs elsewhere. */
  readonly logged: readonly LogRecord[] | undefined;
  stop(): Promise<void>;
}

/** By `api.handle`: no socket. */
export async function inProcess(): Promise<Way> {
  const logged: LogRecord[] = [];
  const all = apis((record) => void logged.push(record));
  return {
    name: "api.handle",
    logged,
    open: inMemory(all.sockets),
    async answer(row) {
      const { method, path, headers, body, chunks } = requestOf(row);
      const sent = chunks === undefined ? body : new Blob([...chunks]).stream();
      const request = new Request(`http://localhost${path}`, {
        method,
        headers: [
          ...headers.map(([name, value]): [string, string] => [name, value]),
          // As a server would have it.
          ...(body === undefined ? [] : [["content-length", String(body.length)] as [string, string]]),
        ],
        ...(sent === undefined ? {} : { body: sent }),
      });
      const response = await all[row.api ?? "main"].handle(request);
      return { status: response.status, headers: response.headers, body: await response.bytes() };
    },
    async stop() {},
  };
}

/** Over a socket, to servers in this process. */
export async function overSocket(): Promise<Way> {
  const logged: LogRecord[] = [];
  const servers = {} as Record<Variant, RunningServer>;
  for (const [variant, api] of Object.entries(apis((record) => void logged.push(record)))) {
    servers[variant as Variant] = await api.listen({ port: 0 });
  }
  return {
    name: "over a socket",
    logged,
    open: overNetwork(servers.sockets.url),
    answer: (row) => overWire(row, servers[row.api ?? "main"].url),
    async stop() {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    },
  };
}

/** Against a compiled binary: the one at `BOLIDE_CONFORMANCE_URL`, or one that is built for this run. */
export async function againstBinary(): Promise<Way> {
  const given = Bun.env["BOLIDE_CONFORMANCE_URL"];
  const binary = given === undefined ? await startBinary() : { url: new URL(given), stop: async () => {} };
  const others = (await (await fetch(new URL("/conformance/addresses", binary.url))).json()) as Record<Variant, string>;
  const addresses: Readonly<Record<Variant, string>> = { ...others, main: binary.url.href };
  return {
    name: "against the binary",
    logged: undefined,
    open: overNetwork(new URL(addresses.sockets)),
    answer: (row) => overWire(row, new URL(addresses[row.api ?? "main"])),
    stop: binary.stop,
  };
}

async function overWire(row: Row, url: URL): Promise<Answer> {
  const { method, path, headers, body, chunks } = requestOf(row);
  const connection = await Connection.open(url);
  try {
    if (chunks === undefined) await connection.write(written(method, path, headers, body));
    else
      await connection.write(
        written(method, path, [...headers, ["transfer-encoding", "chunked"]], chunkedBody(chunks)),
      );
    return await connection.receive(method === "HEAD");
  } finally {
    connection.close();
  }
}
