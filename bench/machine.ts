import { cpus, totalmem } from "node:os";

/** The machine in general words: what a reader needs to place the figures. */
export function machine(): string {
  const cores = cpus();
  const model = (cores[0]?.model ?? "unknown processor").replace(/\s+/g, " ").trim();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} x ${model}, ${memory} GiB, ${process.platform} ${process.arch}, Bun ${Bun.version}`;
}
