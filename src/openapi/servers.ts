import type { ServerObject } from "./model.ts";

/**
 * The addresses that a server's URL stands for, one for each choice of its variables (OpenAPI 3.1, 4.8.6).
 *
 * @example
 * addressesOf({ url: "https://{at}.example.com", variables: { at: { default: "eu", enum: ["eu", "us"] } } });
 * // ["https://eu.example.com", "https://us.example.com"]
 */
function addressesOf({ url, variables = {} }: ServerObject): readonly string[] {
  let all = [url];
  for (const [name, { default: usual, enum: choices = [] }] of Object.entries(variables)) {
    const values = new Set([usual, ...choices]);
    all = all.flatMap((one) => [...values].map((value) => one.replaceAll(`{${name}}`, value)));
  }
  return all;
}

/** The origins of a server that is elsewhere: what a page must be allowed to ask. */
export function originsOf(server: ServerObject): readonly string[] {
  return addressesOf(server)
    .filter((address) => ABSOLUTE.test(address))
    .map((address) => new URL(address).origin);
}

/** Errors: `TypeError` for an address that is none, and for a variable that is not declared. */
export function checkServer(server: ServerObject): void {
  for (const address of addressesOf(server)) {
    const [, variable] = /\{([^{}]*)\}/.exec(address) ?? [];
    if (variable !== undefined)
      throw new TypeError(`openapi: the server ${server.url} needs a variable "${variable}", with its default`);
    if (/\s/.test(address) || !URL.canParse(address, "http://localhost/"))
      throw new TypeError(`openapi: the server ${JSON.stringify(server.url)} is no URL`);
  }
}

const ABSOLUTE = /^https?:/i;
