import type { Progress } from "./import.ts";

const WIDTH = 30;

/**
 * Shows progress on standard error: a bar that moves on a terminal, else a line for every quarter, as in a log.
 *
 * @example
 * const progress = progressBar("Importing places");
 * progress(0.5); // Importing places  50% [===============               ]
 */
export function progressBar(
  label: string,
  out: Pick<typeof process.stderr, "isTTY" | "write"> = process.stderr,
): Progress {
  const step = out.isTTY ? 1 : 25;
  let shown = -1;
  return (done) => {
    const percent = Math.floor(done * 100 + 1e-9);
    const next = percent - (percent % step);
    if (next <= shown) return;
    shown = next;
    if (!out.isTTY) {
      out.write(`${label}: ${next}%\n`);
      return;
    }
    const filled = Math.round((WIDTH * next) / 100);
    out.write(
      `\r${label} ${String(next).padStart(3)}% [${"=".repeat(filled).padEnd(WIDTH)}]${next === 100 ? "\n" : ""}`,
    );
  };
}
