import { RedisClient } from "bun";

/**
 * Left to itself the client keeps commands for half a minute while Redis is away, and has given up for good by then: requests would
 * hang, and go on failing after Redis is back.
 */
const FAIL_EARLY = { autoReconnect: false, connectionTimeout: 2000 };

/** A way to a Redis server. */
export interface RedisLink {
  readonly redis: RedisClient;
  /** Runs a command, after connecting where that is ours to do. */
  ask<T>(command: () => Promise<T>): Promise<T>;
  /** Runs a script on one key, which is one step to every other client. */
  run(script: string, key: string, ...values: readonly string[]): Promise<unknown>;
  /** Closes a connection of ours; a client of the caller's own stays open. */
  close(): void;
}

/** Links to a server by URL, where each command tries to reach it, or by a client, which keeps its own ways. */
export function linkRedis(server: string | RedisClient): RedisLink {
  const own = typeof server === "string";
  const redis = own ? new RedisClient(server, FAIL_EARLY) : server;
  let connecting: Promise<void> | undefined;
  const reach = (): Promise<void> => (connecting ??= redis.connect().finally(() => (connecting = undefined)));
  const ask = <T>(command: () => Promise<T>): Promise<T> =>
    own && !redis.connected ? reach().then(command) : command();
  return {
    redis,
    ask,
    run: (script, key, ...values) => ask(() => redis.send("EVAL", [script, "1", key, ...values]) as Promise<unknown>),
    close() {
      if (own) redis.close();
    },
  };
}
