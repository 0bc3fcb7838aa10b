import { readdirSync, readFileSync } from "node:fs";

/** The processor time that a process and its descendants have used so far. */
export interface Usage {
  /** Nanoseconds by thread, from `/proc/<pid>/task/<tid>/schedstat`. */
  readonly threads: ReadonlyMap<string, number>;
  /** User + system clock ticks by process, from `/proc/<pid>/stat`; they include the threads that have ended. */
  readonly ticks: ReadonlyMap<number, number>;
  /** Nanoseconds by thread in which it could have run but another had its core. */
  readonly waits: ReadonlyMap<string, number>;
}

// USER_HZ is 100 on every Linux ABI (proc_pid_stat(5) counts in sysconf(_SC_CLK_TCK)).
const TICK_NANOS = 10_000_000;

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // the thread or process has ended meanwhile
  }
};

const threadsOf = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

/** The process and all its descendants. */
export function family(pid: number): number[] {
  const found = [pid];
  for (const member of found) {
    for (const tid of threadsOf(member)) {
      for (const child of read(`/proc/${member}/task/${tid}/children`).split(" ")) {
        if (child !== "") found.push(Number(child));
      }
    }
  }
  return found;
}

function ticksOf(pid: number): number {
  // The second field is the command in parentheses and may hold blanks: count from the last parenthesis.
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** Reads the counters of a process and its descendants. */
export function usage(pid: number): Usage {
  const threads = new Map<string, number>();
  const ticks = new Map<number, number>();
  const waits = new Map<string, number>();
  for (const member of family(pid)) {
    ticks.set(member, ticksOf(member));
    for (const tid of threadsOf(member)) {
      const [onCpu, waiting] = read(`/proc/${member}/task/${tid}/schedstat`).split(" ");
      threads.set(`${member}/${tid}`, Number(onCpu));
      waits.set(`${member}/${tid}`, Number(waiting ?? 0));
    }
  }
  return { threads, ticks, waits };
}

function grown<K>(before: ReadonlyMap<K, number>, after: ReadonlyMap<K, number>): number {
  let sum = 0;
  for (const [key, value] of after) sum += value - (before.get(key) ?? 0);
  return sum;
}

/**
 * Processor time between two readings, in nanoseconds.
 *
 * The scheduler's counters are exact, but a thread that ended in between is missing from them; the coarse ticks have it.
 * They decide only where they exceed the exact figure by more than their own grain (two ticks a process).
 */
export function nanosBetween(before: Usage, after: Usage): number {
  const exact = grown(before.threads, after.threads);
  const coarse = grown(before.ticks, after.ticks) * TICK_NANOS;
  return coarse - exact > 2 * TICK_NANOS * after.ticks.size ? coarse : exact;
}

/** The share of the time between two readings in which threads that could have run waited for a core; 0 on a quiet machine. */
export function shareWaited(before: Usage, after: Usage): number {
  const waited = grown(before.waits, after.waits);
  return waited / (waited + grown(before.threads, after.threads));
}

/** Resident memory of a process and its descendants, in MiB (`VmRSS`; pages that they share count for each). */
export function residentMiB(pid: number): number {
  let kibibytes = 0;
  for (const member of family(pid)) {
    kibibytes += Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${member}/status`))?.[1] ?? 0);
  }
  return kibibytes / 1024;
}
