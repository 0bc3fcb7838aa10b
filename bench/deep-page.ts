import { PAGE } from "./archive.ts";
import type { Running } from "./process.ts";
import type { Workload } from "./workloads.ts";

/** Rows that a step of the way takes at most. */
const STEP = 1000;

/** The workload as one server's client sends it: with the cursor that this server gives for so many pages before. */
export async function deepened(running: Running, workload: Workload): Promise<Workload> {
  const { path, pagesBefore } = workload;
  if (pagesBefore === undefined) return workload;
  let cursor = "";
  for (let left = pagesBefore * PAGE; left > 0; left -= STEP) {
    const query = new URLSearchParams({
      page_size: String(Math.min(left, STEP)),
      ...(cursor === "" ? {} : { cursor }),
    });
    const response = await fetch(`${running.origin}${path}?${query}`);
    const page = (await response.json()) as { readonly next_cursor?: string | null };
    if (typeof page.next_cursor !== "string")
      throw new Error(
        `${running.server.name}: ${path} answered ${response.status}, without a cursor, ${left} rows before`,
      );
    cursor = page.next_cursor;
  }
  return { ...workload, path: `${path}?${new URLSearchParams({ cursor })}` };
}
