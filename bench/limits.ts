import { Api, memoryLimits, rateLimit, type Middleware } from "bolide";
import { newBuckets, type TakeBucket } from "../src/native/index.ts";
import { nativeBuckets } from "../src/native/buckets.ts";
import { scriptBuckets } from "../src/native/buckets-script.ts";

/**
 * What a rate limit costs, in nanoseconds: the bucket alone in TypeScript and in Zig, with 1,024 addresses for keys, and a request
 * in this process with and without a limit, whose answer has three headers more. Medians of rounds that take turns.
 */

const ROUNDS = 15;
const COUNT = 1_000_000;
const REQUESTS = 100_000;

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

function measure(all: Readonly<Record<string, () => void>>, count: number): Record<string, number> {
  const seen = Object.fromEntries(Object.keys(all).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(all)) {
      const begun = Bun.nanoseconds();
      run();
      if (round > 2) seen[name]!.push((Bun.nanoseconds() - begun) / count);
    }
  }
  return Object.fromEntries(Object.entries(seen).map(([name, values]) => [name, Math.round(median(values))]));
}

const keys = Array.from({ length: 1024 }, (_, key) => `192.168.${key >> 8}.${key & 255}`);
const ways = (rate: { interval: number; burst: number }): Record<string, TakeBucket> => {
  const [one, other] = [newBuckets(), newBuckets()];
  const native = nativeBuckets(other, rate, scriptBuckets(other, rate));
  return { TypeScript: scriptBuckets(one, rate), ...(native === undefined ? {} : { Zig: native }) };
};

function buckets(rate: { interval: number; burst: number }): Record<string, number> {
  const all = Object.entries(ways(rate)).map(([name, take]): [string, () => void] => [
    name,
    () => {
      for (let at = 0; at < COUNT; at++) take(keys[at & 1023]!, 1_000_000);
    },
  ]);
  return measure(Object.fromEntries(all), COUNT);
}

const server = { requestIP: () => ({ address: "192.0.2.1", family: "IPv4", port: 1 }) } as never;
function requests(): Record<string, number> {
  const request = new Request("http://localhost/");
  const make = (...use: readonly Middleware[]) => {
    const api = new Api({ use });
    api.get("/", () => "hello");
    return () => {
      for (let at = 0; at < REQUESTS; at++) void api.handle(request, server);
    };
  };
  /** Enough for all rounds. */
  const passing = { limit: 900_000, window: 60, burst: 100_000_000 };
  let left = passing.burst;
  const headers: Middleware = {
    name: "headers",
    after: (_, response) => {
      response.headers.set("ratelimit-limit", "900000");
      response.headers.set("ratelimit-remaining", String(left--));
      response.headers.set("ratelimit-reset", "1");
    },
  };
  return measure(
    {
      "no limit": make(),
      "the three headers alone": make(headers),
      memory: make(rateLimit({ ...passing, store: "memory" })),
      shared: make(rateLimit({ ...passing, name: "bench", store: "shared" })),
      "two limits": make(rateLimit({ ...passing, store: "memory" }), rateLimit({ ...passing, store: "memory" })),
      "refused (429)": make(rateLimit({ limit: 1, window: 3600, store: memoryLimits() })),
    },
    REQUESTS,
  );
}

console.log("passes ", buckets({ interval: 1, burst: 2 ** 40 }));
console.log("refused", buckets({ interval: 1, burst: 1 }));
console.log("request", requests());
