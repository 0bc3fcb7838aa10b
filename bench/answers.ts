import type { Running } from "./process.ts";
import type { Workload } from "./workloads.ts";

/** What is compared, as it is printed. */
export const compared =
  "status, content type (of peers, a charset parameter aside), location and every byte of the body, with those of raw";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly location: string;
  readonly body: string;
}

// RFC 8259 section 11: application/json has no charset parameter, and one that is sent means nothing. Text is UTF-8 from all.
const mediaType = (value: string | null): string => (value ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

async function ask(running: Running, workload: Workload, exact: boolean): Promise<Answer> {
  const response = await fetch(running.origin + workload.path, {
    method: workload.method,
    headers: { connection: "close", ...workload.headers },
    redirect: "manual",
    ...(workload.body === undefined ? {} : { body: workload.body }),
  });
  // latin1 keeps every byte apart, so equal text means equal bytes.
  const body = Buffer.from(await response.arrayBuffer()).toString("latin1");
  return {
    status: response.status,
    // RFC 9110 section 8.3: a type describes content; without content it says nothing.
    type:
      body === ""
        ? ""
        : exact
          ? (response.headers.get("content-type") ?? "")
          : mediaType(response.headers.get("content-type")),
    location: response.headers.get("location") ?? "",
    body,
  };
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}… (${text.length} bytes)` : text);

/** How a server's answer differs from the yardstick's, or `undefined` when it does not. */
export async function difference(
  running: Running,
  yardstick: Running,
  workload: Workload,
): Promise<string | undefined> {
  const exact = running.server.exact ?? false;
  const [mine, theirs] = [await ask(running, workload, exact), await ask(yardstick, workload, exact)];
  for (const field of ["status", "type", "location", "body"] as const) {
    if (mine[field] !== theirs[field]) {
      return `${field} is ${short(String(mine[field]))}, raw has ${short(String(theirs[field]))}`;
    }
  }
  return theirs.status === workload.status ? undefined : `raw answers ${theirs.status}, not ${workload.status}`;
}
