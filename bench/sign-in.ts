import type { Running } from "./process.ts";
import type { Workload } from "./workloads.ts";

/** The workload as one server's client sends it: signed in, with the cookie that this server gave. */
export async function signedIn(running: Running, workload: Workload): Promise<Workload> {
  if (workload.signIn === undefined) return workload;
  const response = await fetch(running.origin + workload.signIn, { method: "POST", headers: { connection: "close" } });
  await response.arrayBuffer();
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
  if (!response.ok || cookies.length === 0) {
    throw new Error(`${running.server.name}: POST ${workload.signIn} answered ${response.status}, without a cookie`);
  }
  return { ...workload, headers: { ...workload.headers, cookie: cookies.join("; ") } };
}

/** One character near the end is another: in the signature of a token or a cookie, in the random part of a key or an id. */
function spoilt(credential: string): string {
  const at = credential.length - 10;
  return credential.slice(0, at) + (credential[at] === "A" ? "B" : "A") + credential.slice(at + 1);
}

/** The requests that the workload's route must refuse: with its credential spoilt, and with one that is denied. */
export function refusals(workload: Workload): Workload[] {
  const { headers, credential, denied } = workload;
  const found: Workload[] = [];
  const value = headers?.[credential ?? ""];
  if (credential !== undefined && value !== undefined) {
    found.push({ ...workload, status: 401, headers: { ...headers, [credential]: spoilt(value) } });
  }
  if (denied !== undefined) found.push({ ...workload, status: 403, headers: { ...headers, ...denied } });
  return found;
}
