import { markdown, type Report } from "./report.ts";

/** The auth workloads in Markdown: all servers, what auth adds to the open route, and the bars. */
export function authMarkdown(report: Report): string {
  return [markdown(report), overOpen(report), bars(report)].filter((part) => part !== "").join("\n\n");
}

function overOpen({ overOpen: found = [] }: Report): string {
  const [first] = found;
  if (first === undefined) return "";
  const lines = first.workloads.map(({ name }, at) => {
    const cells = found.map(({ workloads }) => {
      const one = workloads[at];
      return one === undefined ? "" : `${one.cpuMicros.toFixed(1)} (${one.ratio.toFixed(2)})`;
    });
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  const names = found.map(({ name }) => name);
  return [`| over \`open\` | ${names.join(" | ")} |`, `|---|${"---:|".repeat(names.length)}`, ...lines].join("\n");
}

const TOKEN = "jwt-hs256";

function bars({ workloads, overOpen: found = [] }: Report): string {
  const beside = found.find(({ name }) => name === "bolide")?.workloads.find(({ name }) => name === TOKEN);
  const servers = workloads.find(({ name }) => name === TOKEN)?.servers ?? [];
  const own = servers.find(({ name }) => name === "bolide");
  const peers = servers.filter(({ name }) => name !== "raw" && name !== "bolide");
  const lines = [
    ...row(`\`${TOKEN}\` at most 1.10x of \`open\``, beside?.ratio, 1.1),
    ...peers.flatMap(({ name, cpuMicros }) =>
      row(`\`${TOKEN}\` at most 0.40x of ${name}`, own && own.cpuMicros / cpuMicros, 0.4),
    ),
  ];
  return lines.length === 0 ? "" : ["| bar | seen | |", "|---|---:|---|", ...lines].join("\n");
}

function row(asked: string, seen: number | undefined, most: number): string[] {
  return seen === undefined ? [] : [`| ${asked} | ${seen.toFixed(2)} | ${seen <= most ? "met" : "not met"} |`];
}
