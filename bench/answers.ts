import { ownRequest } from "./own-request.ts";
import type { Running } from "./process.ts";
import { refusals } from "./sign-in.ts";
import type { Workload } from "./workloads.ts";

/** What is compared, as it is printed. */
export const compared =
  "status, content type (of peers, a charset parameter aside), location and every byte of the body but keys and cursors that a server makes, with those of raw; and all refusals";

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly location: string;
  readonly challenge: string;
  readonly body: string;
}

// RFC 8259 section 11: application/json has no charset parameter, and one that is sent means nothing. Text is UTF-8 from all.
const mediaType = (value: string | null): string => (value ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** The answer to a workload's request. */
export async function ask(running: Running, workload: Workload, exact: boolean): Promise<Answer> {
  const response = await fetch(running.origin + workload.path, {
    method: workload.method,
    headers: { connection: "close", ...workload.headers },
    redirect: "manual",
    ...(workload.body === undefined ? {} : { body: workload.body }),
  });
  // latin1 keeps every byte apart, so equal text means equal bytes.
  const body = withoutGenerated(Buffer.from(await response.arrayBuffer()).toString("latin1"), workload);
  return {
    status: response.status,
    // RFC 9110 section 8.3: a type describes content; without content it says nothing.
    type:
      body === ""
        ? ""
        : exact
          ? (response.headers.get("content-type") ?? "")
          : mediaType(response.headers.get("content-type")),
    location: locationOf(response, workload),
    // What it says of a realm and of what is wrong is a peer's own.
    challenge: exact ? (response.headers.get("www-authenticate") ?? "") : "",
    body,
  };
}

/** What a server has made up itself is that: something there, or null. */
const withoutGenerated = (body: string, { generated = [] }: Workload): string =>
  generated.reduce((text, name) => text.replaceAll(new RegExp(`"${name}":(?:"[^"]+"|\\d+)`, "g"), `"${name}":…`), body);

/** The address of a new object ends with its key. */
function locationOf({ headers }: Response, { generated = [] }: Workload): string {
  const location = headers.get("location") ?? "";
  return generated.includes("id") ? location.replace(/\d+$/, "…") : location;
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}… (${text.length} bytes)` : text);

/** How a server's answer differs from the yardstick's, or `undefined` when it does not; so do its refusals of what it must refuse. */
export async function difference(
  running: Running,
  yardstick: Running,
  workload: Workload,
): Promise<string | undefined> {
  const mine = await ownRequest(running, workload);
  const theirs = await ownRequest(yardstick, workload);
  const asked = [mine, ...refusals(mine)];
  const expected = [theirs, ...refusals(theirs)];
  for (const [at, request] of asked.entries()) {
    const found = await apart(running, request, yardstick, expected[at] ?? request);
    if (found !== undefined) return at === 0 ? found : `refusing with ${request.status}: ${found}`;
  }
  return undefined;
}

/** The first field in which two answers differ; the requests do in what a server has given to its client. */
async function apart(
  running: Running,
  request: Workload,
  yardstick: Running,
  expected: Workload,
): Promise<string | undefined> {
  const exact = running.server.exact ?? false;
  const [mine, theirs] = [await ask(running, request, exact), await ask(yardstick, expected, exact)];
  for (const field of ["status", "type", "location", "challenge", "body"] as const) {
    if (mine[field] !== theirs[field]) {
      return `${field} is ${short(String(mine[field]))}, raw has ${short(String(theirs[field]))}`;
    }
  }
  return theirs.status === expected.status ? undefined : `raw answers ${theirs.status}, not ${expected.status}`;
}
