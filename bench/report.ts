import type { Figures } from "./measure.ts";
import type { OverOpen } from "./over-open.ts";

/** Everything a run found; `--json` prints it as it is. */
export interface Report {
  readonly machine: string;
  readonly workloads: readonly { readonly name: string; readonly servers: readonly Figures[] }[];
  /** What auth costs: each auth workload beside the open route. */
  readonly overOpen?: readonly OverOpen[];
}

const decimals = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The figures with no more digits than they can carry. */
export const rounded = (figures: Figures): Figures => ({
  name: figures.name,
  rps: Math.round(figures.rps),
  cpuMicros: decimals(figures.cpuMicros, 3),
  p99Millis: decimals(figures.p99Millis, 3),
  rssMiB: decimals(figures.rssMiB, 1),
  ratioToRaw: decimals(figures.ratioToRaw, 3),
});

const row = (cells: readonly string[]): string =>
  `  ${cells[0]?.padEnd(14)}${cells
    .slice(1)
    .map((cell) => cell.padStart(12))
    .join("")}`;

/** One workload as a table for a terminal. */
export function table(title: string, servers: readonly Figures[]): string {
  const lines = servers.map((one) =>
    row([
      one.name,
      one.rps.toFixed(0),
      one.cpuMicros.toFixed(2),
      one.p99Millis.toFixed(2),
      one.rssMiB.toFixed(0),
      one.ratioToRaw.toFixed(3),
    ]),
  );
  return [title, row(["", "req/s", "cpu us/req", "p99 ms", "rss MiB", "cpu/raw"]), ...lines, ""].join("\n");
}

function cell(figures: Figures | undefined): string {
  return figures === undefined ? "" : `${figures.cpuMicros.toFixed(1)} (${figures.ratioToRaw.toFixed(2)})`;
}

/** The whole run as one Markdown table: processor time per request in microseconds, with the ratio to raw. */
export function markdown(report: Report): string {
  const names = [...new Set(report.workloads.flatMap(({ servers }) => servers.map(({ name }) => name)))];
  const lines = report.workloads.map(({ name, servers }) => {
    const cells = names.map((wanted) => cell(servers.find((one) => one.name === wanted)));
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [`| workload | ${names.join(" | ")} |`, `|---|${"---:|".repeat(names.length)}`, ...lines].join("\n");
}
