import { nanosBetween, residentMiB, shareWaited, usage } from "./accounting.ts";
import type { Running } from "./process.ts";
import { ownRequest } from "./own-request.ts";
import { median } from "./statistics.ts";
import { drive } from "./wrk.ts";
import type { Workload } from "./workloads.ts";

/** The figures of one server for one workload: medians over the rounds. */
export interface Figures {
  readonly name: string;
  readonly rps: number;
  /** Server processor time (user + system) per request, in microseconds. */
  readonly cpuMicros: number;
  readonly p99Millis: number;
  readonly rssMiB: number;
  /** Median over the rounds of this server's `cpuMicros` over raw's of the same round. */
  readonly ratioToRaw: number;
}

/** How long and how often. */
export interface Pace {
  readonly rounds: number;
  /** Seconds of load per server and round. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Requests that a server must have answered before it is measured: compilers wait for counts, and a crowded machine is slow to reach them. */
  readonly warmUpRequests: number;
}

interface Round {
  readonly rps: number;
  readonly cpuMicros: number;
  readonly p99Millis: number;
  readonly waited: number;
}

/** The figures of a workload, and how quiet the machine was meanwhile. */
export interface Measured {
  readonly figures: readonly Figures[];
  /** The yardstick's share of time without the core that it was ready for: above a few per cent, others were at work. */
  readonly waited: number;
}

/** A server under one workload. */
export interface Entry {
  readonly running: Running;
  readonly workload: Workload;
}

/** Seconds after which a slow server is measured as it is. */
const LONGEST_WARM_UP = 8;

async function round({ running, workload }: Entry, seconds: number): Promise<Round> {
  let before = usage(running.pid);
  let load = await drive(running.origin, workload, seconds);
  // On a crowded core a short round may end before the server's turn has come: seen once in a hundred rounds of 0.3 s.
  if (load.requests === 0) {
    before = usage(running.pid);
    load = await drive(running.origin, workload, Math.max(1, seconds));
  }
  const after = usage(running.pid);
  if (load.fault !== undefined) throw new Error(`${running.server.name}, ${workload.name}: ${load.fault}`);
  const cpuMicros = nanosBetween(before, after) / 1000 / load.requests;
  return { rps: load.rps, cpuMicros, p99Millis: load.p99Millis, waited: shareWaited(before, after) };
}

async function warmUp({ running, workload }: Entry, { warmUpSeconds, warmUpRequests }: Pace): Promise<void> {
  let answered = 0;
  const until = Date.now() + LONGEST_WARM_UP * 1000;
  do answered += (await drive(running.origin, workload, warmUpSeconds)).requests;
  while (answered < warmUpRequests && Date.now() < until);
}

/**
 * Measures servers under their workloads, round by round; the first of them is the yardstick.
 *
 * Each round starts with another one, so that a drift of the machine meets all of them alike.
 */
export async function measure(list: readonly Entry[], pace: Pace): Promise<Measured> {
  const entries: Entry[] = [];
  for (const { running, workload } of list) entries.push({ running, workload: await ownRequest(running, workload) });
  for (const entry of entries) await warmUp(entry, pace);
  const rounds = entries.map((): Round[] => []);
  for (let turn = 0; turn < pace.rounds; turn++) {
    for (let step = 0; step < entries.length; step++) {
      const index = (turn + step) % entries.length;
      const entry = entries[index];
      if (entry !== undefined) rounds[index]?.push(await round(entry, pace.seconds));
    }
  }
  const yardstick = rounds[0] ?? [];
  const figures = entries.map(({ running: { server, pid } }, index) => {
    const mine = rounds[index] ?? [];
    return {
      name: server.name,
      rps: median(mine.map(({ rps }) => rps)),
      cpuMicros: median(mine.map(({ cpuMicros }) => cpuMicros)),
      p99Millis: median(mine.map(({ p99Millis }) => p99Millis)),
      rssMiB: residentMiB(pid),
      ratioToRaw: median(mine.map(({ cpuMicros }, turn) => cpuMicros / (yardstick[turn]?.cpuMicros ?? Number.NaN))),
    };
  });
  return { figures, waited: median(yardstick.map(({ waited }) => waited)) };
}
