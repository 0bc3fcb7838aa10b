import { BadRequest, Forbidden, HttpError, type RequestContext } from "../http/index.ts";

/** 16 bytes in base64 (RFC 6455 4.1): the last of its 22 digits carries four bits that are zero. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

/**
 * Refuses a request that is no opening handshake (RFC 6455 4.2.1). Errors: 426 with `Upgrade` and `Sec-WebSocket-Version` where it asks
 * for no WebSocket of version 13, `BadRequest` for a malformed key.
 */
export function checkHandshake(request: Request): void {
  const { headers, method } = request;
  const upgrades =
    method === "GET" && lists(headers.get("upgrade"), "websocket") && lists(headers.get("connection"), "upgrade");
  if (!upgrades) throw upgradeRequired("This is a WebSocket: ask for an upgrade");
  if (headers.get("sec-websocket-version")?.trim() !== "13")
    throw upgradeRequired("WebSocket version 13 is spoken here");
  if (!KEY.test(headers.get("sec-websocket-key")?.trim() ?? "")) throw new BadRequest("Invalid Sec-WebSocket-Key");
}

function upgradeRequired(detail: string): HttpError<426> {
  return new HttpError(426, detail, {
    headers: { upgrade: "websocket", connection: "Upgrade", "sec-websocket-version": "13" },
  });
}

/** Whether a list of tokens has one, in any case. */
function lists(header: string | null, token: string): boolean {
  return header?.split(",").some((part) => part.trim().toLowerCase() === token) ?? false;
}

/**
 * Refuses a page of another site: browsers let any page connect, with the visitor's cookies, and only tell where it comes from
 * (RFC 6455 10.2). The origin of `ctx.url` and the listed ones may; no `Origin` is no browser. Errors: `Forbidden`.
 */
export function checkOrigin(
  ctx: Pick<RequestContext, "request" | "url">,
  origins: readonly (string | RegExp)[] | "*" | undefined,
): void {
  const origin = ctx.request.headers.get("origin");
  if (origin === null || origins === "*") return;
  const { url } = ctx;
  if (origin === url.origin) return;
  if (origins?.some((allowed) => (typeof allowed === "string" ? allowed === origin : wholly(allowed, origin)))) return;
  throw new Forbidden("This origin may not connect");
}

/** A pattern must match all of an origin: `/https:\/\/app\.example/` is no leave for `https://app.example.evil`. */
function wholly(pattern: RegExp, origin: string): boolean {
  pattern.lastIndex = 0;
  return pattern.exec(origin)?.[0] === origin;
}

/** The first of the server's subprotocols that the client asks for; `""` where there is none (RFC 6455 4.2.2). */
export function chooseProtocol(request: Request, protocols: readonly string[] | undefined): string {
  const header = protocols === undefined ? null : request.headers.get("sec-websocket-protocol");
  if (header === null) return "";
  const asked = new Set(header.split(",").map((name) => name.trim()));
  return protocols?.find((name) => asked.has(name)) ?? "";
}
