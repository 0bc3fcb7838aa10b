import type { Figures } from "./measure.ts";
import { markdown, type Report } from "./report.ts";

/** The most that each form of Bolide may take of the hand-written program's time, on SQLite. */
const MOST = { bolide: 1.1, "bolide-kysely": 1.5 } as const;

/** Both forms of Bolide, which take part beside peers. */
const own = (name: string): name is keyof typeof MOST => name in MOST;

/** The data workloads in Markdown: all servers, and the bars. */
export function dataMarkdown(report: Report): string {
  const lines = report.workloads.flatMap(({ name, servers }) => [
    ...(name.endsWith("-sqlite") ? overRaw(name, servers) : []),
    ...belowPeers(name, servers),
  ]);
  return [markdown(report), ["| bar | seen | |", "|---|---:|---|", ...lines].join("\n")].join("\n\n");
}

const line = (asked: string, seen: string, met: boolean): string =>
  `| ${asked} | ${seen} | ${met ? "met" : "not met"} |`;

function overRaw(workload: string, servers: readonly Figures[]): string[] {
  return servers.flatMap(({ name, ratioToRaw }) =>
    own(name)
      ? [
          line(
            `\`${workload}\`: ${name} at most ${MOST[name].toFixed(2)}x of raw`,
            ratioToRaw.toFixed(2),
            ratioToRaw <= MOST[name],
          ),
        ]
      : [],
  );
}

/** Prepared queries against the best peer, whatever that does. */
function belowPeers(workload: string, servers: readonly Figures[]): string[] {
  const bolide = servers.find(({ name }) => name === "bolide");
  const [best] = servers.filter(({ name }) => name !== "raw" && !own(name)).sort((a, b) => a.ratioToRaw - b.ratioToRaw);
  if (bolide === undefined || best === undefined) return [];
  const seen = bolide.ratioToRaw / best.ratioToRaw;
  return [
    line(
      `\`${workload}\`: bolide at or below every peer, of which ${best.name} is the best`,
      seen.toFixed(2),
      seen <= 1,
    ),
  ];
}
