import { BadRequest, type HttpError, QueryFault, queryReader, type RawValues } from "../../http/index.ts";
import { cookieReader } from "../../native/index.ts";
import { type Shape, type TextReader } from "../../schema/index.ts";
import type { Context } from "../context.ts";
import type { Kit } from "../kit.ts";
import type { TextSource } from "../plan.ts";

/** Reads one text source into its value, or says what is wrong with it. Throws `BadRequest` where a limit is broken. */
export type Read = (ctx: Context) => object;

/** Folds the reading of one declared text source. */
export function foldRead(source: TextSource, shape: Shape, kit: Kit): Read {
  const reader = kit.validators.text(shape, source);
  return FOLDS[source](reader, kit);
}

const FOLDS: Readonly<Record<TextSource, (reader: TextReader, kit: Kit) => Read>> = {
  params: foldParams,
  query: foldQuery,
  headers: foldHeaders,
  cookies: foldCookies,
};

function foldParams({ keys, read }: TextReader, { limits }: Kit): Read {
  const check = (value: string): string => {
    if (value.length > limits.valueLength) throw tooLong("Path parameter", limits.valueLength);
    return value;
  };
  if (keys.length === 1) {
    const key = keys[0]!;
    return (ctx) => read([check(rawParams(ctx)[key]!)]);
  }
  return (ctx) => {
    const params = rawParams(ctx);
    return read(keys.map((key) => check(params[key]!)));
  };
}

/** What the tree decoded, or else what Bun's native table did. */
function rawParams({ matched, arrived }: Context): Readonly<Record<string, string>> {
  return matched ?? (arrived as Request & { readonly params: Readonly<Record<string, string>> }).params;
}

function foldQuery(reader: TextReader, { limits }: Kit): Read {
  const collect = queryReader(reader.keys, reader.repeated, {
    keys: limits.queryKeys,
    valueLength: limits.valueLength,
  });
  const { read } = reader;
  if (!reader.rejectsUnknown) return (ctx) => read(taken(collect(ctx.request.url)));
  return (ctx) => {
    const unknown: string[] = [];
    return read(taken(collect(ctx.request.url, unknown)), unknown);
  };
}

function taken(values: RawValues | QueryFault): RawValues {
  if (values instanceof QueryFault) throw new BadRequest(values.message);
  return values;
}

function foldHeaders({ keys, repeated, read }: TextReader, { limits }: Kit): Read {
  const names = keys.map(headerName);
  return (ctx) => {
    const { headers } = ctx.request;
    checkHeaderCount(headers, limits.headers);
    return read(
      names.map((name, at) => {
        const value = headers.get(name);
        if (value === null) return undefined;
        if (value.length > limits.valueLength) throw tooLong(`Header "${name}"`, limits.valueLength);
        return repeated[at]! ? value.split(",").map((item) => item.trim()) : value;
      }),
    );
  };
}

/** `xRequestId` as `x-request-id`; a name with a dash or without capitals stands as it is. */
export function headerName(key: string): string {
  return key.includes("-")
    ? key.toLowerCase()
    : key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, "");
}

function foldCookies({ keys, repeated, read }: TextReader, { limits }: Kit): Read {
  const pick = cookieReader(keys);
  const many = repeated.some(Boolean);
  return (ctx) => {
    const { headers } = ctx.request;
    checkHeaderCount(headers, limits.headers);
    const values = pick(headers.get("cookie") ?? "");
    for (const value of values)
      if (value !== undefined && value.length > limits.valueLength) throw tooLong("Cookie", limits.valueLength);
    return read(many ? values.map((value, at) => (value !== undefined && repeated[at]! ? [value] : value)) : values);
  };
}

/** Bun gives `Headers` a `count`; elsewhere the limit of the server in front holds. */
export function checkHeaderCount(headers: Headers, limit: number): void {
  const { count } = headers as Headers & { readonly count?: number };
  if (count !== undefined && count > limit) throw new BadRequest(`More than ${limit} headers`);
}

function tooLong(what: string, limit: number): HttpError {
  return new BadRequest(`${what} is longer than ${limit}`);
}
