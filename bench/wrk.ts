import { join } from "node:path";
import { results } from "./data.ts";
import { onCore } from "./process.ts";
import type { Workload } from "./workloads.ts";

/** What wrk saw in one round. */
export interface Load {
  readonly requests: number;
  readonly rps: number;
  readonly p99Millis: number;
  /** Why the round does not count, if it does not. */
  readonly fault: string | undefined;
}

const CONNECTIONS = 32;

export const wrkMissing =
  Bun.which("wrk") === null
    ? "wrk is not on the PATH: install it with `apt-get install wrk` (or `brew install wrk`)."
    : undefined;

const millisPerUnit: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** Reads the report of `wrk --latency`; the workload decides which statuses count as failures. */
export function parseReport(report: string, workload: Workload): Load {
  const requests = Number(/(\d+) requests in/.exec(report)?.[1] ?? 0);
  const rps = Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1] ?? 0);
  const p99 = /^\s+99%\s+([\d.]+)(us|ms|s|m)/m.exec(report);
  const p99Millis = Number(p99?.[1] ?? 0) * (millisPerUnit[p99?.[2] ?? "ms"] ?? 1);
  const errors = /Socket errors: (.+)/.exec(report)?.[1];
  // wrk counts a status over 399 as not expected; a workload may expect exactly that.
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(report)?.[1] ?? 0);
  const wrong = workload.status > 399 ? requests - refused : refused;
  let fault: string | undefined;
  if (requests === 0) fault = `no request was answered: ${report}`;
  else if (errors !== undefined) fault = `socket errors: ${errors}`;
  else if (wrong > 0) fault = `${wrong} of ${requests} answers had another status than ${workload.status}`;
  return { requests, rps, p99Millis, fault };
}

/** Requests for several paths, made once: formatting one takes wrk longer than sending it. */
const inTurn = (paths: readonly string[]): string => `
local paths, requests, at = {${paths.map((path) => JSON.stringify(path)).join(",")}}, {}, 0
function init() for index, path in ipairs(paths) do requests[index] = wrk.format(nil, path) end end
function request() at = at % #requests + 1 return requests[at] end`;

/** The text of a wrk script for a request with a method, headers or a body. */
async function script(workload: Workload): Promise<string> {
  // A JSON string literal of ASCII text is a Lua string literal as well.
  const lines = [`wrk.method = ${JSON.stringify(workload.method)}`];
  if (workload.body !== undefined) lines.push(`wrk.body = ${JSON.stringify(workload.body)}`);
  for (const [name, value] of Object.entries(workload.headers ?? {})) {
    lines.push(`wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`);
  }
  if (workload.paths !== undefined) lines.push(inTurn(workload.paths));
  const path = join(results, `${workload.name}.lua`);
  await Bun.write(path, lines.join("\n"));
  return path;
}

/** Drives one workload for some seconds: 1 thread, 32 connections, on core 1. */
export async function drive(origin: string, workload: Workload, seconds: number): Promise<Load> {
  const child = Bun.spawn(
    [
      ...onCore(1),
      "wrk",
      "--latency",
      "-t1",
      `-c${CONNECTIONS}`,
      `-d${Math.ceil(seconds)}s`,
      "-s",
      await script(workload),
      origin + workload.path,
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  // wrk counts whole seconds; an interrupt ends it early, with its report.
  const early = Number.isInteger(seconds) ? undefined : setTimeout(() => child.kill("SIGINT"), seconds * 1000);
  const report = await new Response(child.stdout).text();
  await child.exited;
  clearTimeout(early);
  return parseReport(report, workload);
}
