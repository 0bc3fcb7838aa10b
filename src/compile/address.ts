import type { Server } from "bun";
import { BadRequest } from "../http/index.ts";

/**
 * Whom to believe about the client: nobody (`false`), the last `n` hops, or proxies by address or CIDR (`["10.0.0.0/8", "::1"]`).
 */
export type TrustProxy = false | number | readonly string[];

/** The client's address and URL, as far as proxies may be believed. */
export interface Address {
  client(request: Request, server: Server<unknown> | undefined): string | undefined;
  url(request: Request, server: Server<unknown> | undefined): URL;
}

/**
 * Reads `X-Forwarded-For`, `-Proto` and `-Host` from trusted proxies only: the client is the nearest address, counted from us,
 * that is not trusted. Errors: `TypeError` for an address or CIDR that is none.
 */
export function addressReader(trust: TrustProxy): Address {
  if (trust === false) return { client: peerOf, url: urlOf };
  const trusts = truster(trust);
  const client: Address["client"] = (request, server) => {
    const peer = peerOf(request, server);
    if (peer === undefined || !trusts(peer, 0)) return peer;
    const hops = (request.headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
    let nearest = peer;
    for (let i = hops.length - 1, hop = 1; i >= 0; i--, hop++) {
      const address = hops[i]!;
      if (parseAddress(bare(address)) === undefined) break;
      nearest = bare(address);
      if (!trusts(nearest, hop)) break;
    }
    return nearest;
  };
  const url: Address["url"] = (request, server) => {
    const seen = urlOf(request);
    const peer = peerOf(request, server);
    if (peer === undefined || !trusts(peer, 0)) return seen;
    const scheme = lastOf(request.headers.get("x-forwarded-proto"));
    const host = lastOf(request.headers.get("x-forwarded-host"));
    if (scheme === "http" || scheme === "https") seen.protocol = scheme;
    if (host !== undefined && /^[A-Za-z0-9.\-:[\]]+$/.test(host)) {
      seen.port = "";
      seen.host = host;
    }
    return seen;
  };
  return { client, url };
}

/** Bun gives the path alone where `Host` is absent, as HTTP/1.0 allows, or no host, which is an error (RFC 9112 3.2). */
function urlOf({ url, headers }: Request): URL {
  if (url.charCodeAt(0) !== SLASH) return new URL(url);
  if (headers.get("host")) throw new BadRequest("Malformed Host header");
  return new URL(`http://localhost${url}`);
}

const SLASH = 47;

function peerOf(request: Request, server: Server<unknown> | undefined): string | undefined {
  return server?.requestIP(request)?.address;
}

function lastOf(header: string | null): string | undefined {
  return header?.split(",").at(-1)?.trim().toLowerCase();
}

/** `[::1]:80` and `1.2.3.4:80` without port and brackets. */
function bare(address: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address);
  if (bracketed) return bracketed[1]!;
  return address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
}

function truster(trust: number | readonly string[]): (address: string, hop: number) => boolean {
  if (typeof trust === "number") return (_, hop) => hop < trust;
  const blocks = trust.map(parseBlock);
  return (address) => {
    const bits = parseAddress(address);
    return (
      bits !== undefined &&
      blocks.some(([base, length]) => bits >> BigInt(128 - length) === base >> BigInt(128 - length))
    );
  };
}

function parseBlock(text: string): [base: bigint, length: number] {
  const [address = "", suffix] = text.split("/");
  const base = parseAddress(address);
  const width = address.includes(":") ? 128 : 32;
  const length = suffix === undefined ? width : Number(suffix);
  if (base === undefined || !Number.isInteger(length) || length < 0 || length > width) {
    throw new TypeError(`trustProxy: "${text}" is no address and no CIDR block`);
  }
  return [base, width === 32 ? 96 + length : length];
}

/** An address as 128 bits; IPv4 as IPv4-mapped IPv6 (RFC 4291 2.5.5.2). */
function parseAddress(text: string): bigint | undefined {
  const four = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(text);
  if (four) {
    const parts = four.slice(1).map(Number);
    return parts.some((part) => part > 255)
      ? undefined
      : parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0xffffn);
  }
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(":")) return undefined;
  const [head = "", tail] = text.split("::");
  if (text.split("::").length > 2) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...new Array<string>(missing).fill("0"), ...right];
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
