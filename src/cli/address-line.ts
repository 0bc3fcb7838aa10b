import type { Api } from "../api.ts";
import type { RunningServer } from "../server/index.ts";

/** An api's title and version. */
export function apiName({ settings }: Api): string {
  return settings.version === undefined ? (settings.title ?? "API") : `${settings.title ?? "API"} ${settings.version}`;
}

/** The line that says what is served and where; whoever started the server can wait for it. */
export function addressLine({ url }: RunningServer, api: Api): string {
  return `${apiName(api)} listens on ${url.protocol === "unix:" ? url.href : url.href.replace(/\/$/, "")}`;
}
