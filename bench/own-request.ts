import { deepened } from "./deep-page.ts";
import type { Running } from "./process.ts";
import { signedIn } from "./sign-in.ts";
import type { Workload } from "./workloads.ts";

/** The workload with what one server has given to its client. */
export const ownRequest = async (running: Running, workload: Workload): Promise<Workload> =>
  deepened(running, await signedIn(running, workload));
