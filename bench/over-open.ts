import type { Workload } from "./workloads.ts";

/** What each auth workload costs one server beside its open route: processor time per request, and the median ratio of the rounds. */
export interface OverOpen {
  readonly name: string;
  readonly workloads: readonly { readonly name: string; readonly cpuMicros: number; readonly ratio: number }[];
}

/** The workloads that give the answer of `open`, that one first; empty unless it is among the chosen. */
export function overOpenEntries(chosen: readonly Workload[]): readonly Workload[] {
  const auth = chosen.filter(({ section }) => section === "auth");
  return auth[0]?.name === "open" ? auth : [];
}

/** One server's figures as a table for a terminal. */
export function overOpenTable({ name, workloads }: OverOpen): string {
  const lines = workloads.map(
    (one) => `  ${one.name.padEnd(20)}${one.cpuMicros.toFixed(2).padStart(12)}${one.ratio.toFixed(3).padStart(12)}`,
  );
  const head = `  ${"".padEnd(20)}${"cpu us/req".padStart(12)}${"over open".padStart(12)}`;
  return [`what auth costs ${name}, the workloads side by side`, head, ...lines, ""].join("\n");
}
