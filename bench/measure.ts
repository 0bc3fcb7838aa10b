import { nanosBetween, residentMiB, shareWaited, usage } from "./accounting.ts";
import type { Running } from "./process.ts";
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

async function round(running: Running, workload: Workload, seconds: number): Promise<Round> {
  const before = usage(running.pid);
  const load = await drive(running.origin, workload, seconds);
  const after = usage(running.pid);
  if (load.fault !== undefined) throw new Error(`${running.server.name}, ${workload.name}: ${load.fault}`);
  const cpuMicros = nanosBetween(before, after) / 1000 / load.requests;
  return { rps: load.rps, cpuMicros, p99Millis: load.p99Millis, waited: shareWaited(before, after) };
}

/**
 * Measures one workload on all servers, round by round; the first of them is the yardstick.
 *
 * Each round starts with another server, so that a drift of the machine meets all of them alike.
 */
export async function measure(running: readonly Running[], workload: Workload, pace: Pace): Promise<Measured> {
  for (const one of running) await drive(one.origin, workload, pace.warmUpSeconds);
  const rounds = running.map((): Round[] => []);
  for (let turn = 0; turn < pace.rounds; turn++) {
    for (let step = 0; step < running.length; step++) {
      const index = (turn + step) % running.length;
      const one = running[index];
      if (one !== undefined) rounds[index]?.push(await round(one, workload, pace.seconds));
    }
  }
  const yardstick = rounds[0] ?? [];
  const figures = running.map(({ server, pid }, index) => {
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
