import type { FixtureProgress } from "./fixtures.ts";

/** Cells of the bar. */
const WIDTH = 30;

/** Where a bar is drawn. */
export interface BarScreen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Draws a bar on the terminal as fixtures are loaded; on anything else than a terminal it stays silent.
 *
 * @example
 * await loadFixtures(db, Place, "seeds/places.ndjson", { onProgress: progressBar("places") });
 */
export function progressBar(title: string, screen: BarScreen = process.stderr): (progress: FixtureProgress) => void {
  if (screen.isTTY !== true) return () => {};
  return ({ rows, part }) => {
    const filled = Math.round((part ?? 0) * WIDTH);
    const bar =
      part === undefined ? "" : `[${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}] ${Math.floor(part * 100)} % `;
    screen.write(`\r${title} ${bar}${rows} rows${part === 1 ? "\n" : ""}`);
  };
}
