import type { Figures } from "./measure.ts";
import { markdown, type Report } from "./report.ts";

/** The most that views of a model may take of the hand-written program's time. */
const MOST = 1.25;

/** The view workloads in Markdown: all servers, and the bars. */
export function viewsMarkdown(report: Report): string {
  const lines = report.workloads.flatMap(({ name, servers }) => [
    ...overRaw(name, servers),
    ...belowPeers(name, servers),
    ...deepOverFirst(name, servers, report),
  ]);
  return [markdown(report), ["| bar | seen | |", "|---|---:|---|", ...lines].join("\n")].join("\n\n");
}

const line = (asked: string, seen: number, most: number): string =>
  `| ${asked} | ${seen.toFixed(2)} | ${seen <= most ? "met" : "not met"} |`;

const named = (servers: readonly Figures[], wanted: string): Figures | undefined =>
  servers.find(({ name }) => name === wanted);

/** The example is no view of a model, so that bar is not for it. */
function overRaw(workload: string, servers: readonly Figures[]): string[] {
  const bolide = named(servers, "bolide");
  if (bolide === undefined || workload.startsWith("realworld-")) return [];
  return [line(`\`${workload}\`: at most ${MOST.toFixed(2)}x of raw`, bolide.ratioToRaw, MOST)];
}

function belowPeers(workload: string, servers: readonly Figures[]): string[] {
  const bolide = named(servers, "bolide");
  const peers = servers.filter(({ name }) => name !== "raw" && name !== "bolide");
  const [best] = peers.sort((a, b) => a.ratioToRaw - b.ratioToRaw);
  if (bolide === undefined || best === undefined) return [];
  const asked = `\`${workload}\`: at or below every peer, of which ${best.name} is the best`;
  return [line(asked, bolide.ratioToRaw / best.ratioToRaw, 1)];
}

/** A cursor has to be read, and one more to be written: hence not 1. */
function deepOverFirst(workload: string, servers: readonly Figures[], { workloads }: Report): string[] {
  const first = workloads.find(({ name }) => name === workload.replace("-deep", ""));
  if (!workload.includes("-deep") || first === undefined) return [];
  return ["raw", "bolide"].flatMap((name) => {
    const [deep, shallow] = [named(servers, name), named(first.servers, name)];
    if (deep === undefined || shallow === undefined) return [];
    const seen = (deep.cpuMicros / shallow.cpuMicros).toFixed(2);
    return [`| \`${workload}\` over \`${first.name}\`: ${name} | ${seen} | |`];
  });
}
