import { BadRequest, type CookieSigner, cookieSigner } from "../../http/index.ts";
import type { Kind } from "./statement.ts";

/** A value that a cursor can carry. */
export type CursorValue = null | string | number | bigint | boolean | Date | Uint8Array;

/** Where a page begins: behind a row, by the values of the order's columns. */
export interface Cursor {
  /** Towards the beginning: the page that ends at the position. */
  readonly backward: boolean;
  /** The row at the position is part of the page. */
  readonly inclusive: boolean;
  readonly values: readonly CursorValue[];
}

/** How each kind of value is written, and read back; what is no such value is undefined. */
const KINDS = {
  text: { tag: "s", write: String, read: (text: string) => text },
  number: { tag: "n", write: String, read: (text: string) => (text === "" ? undefined : Number(text)) },
  bigint: { tag: "b", write: String, read: (text: string) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined) },
  boolean: { tag: "t", write: String, read: (text: string) => ({ true: true, false: false })[text] },
  timestamp: {
    tag: "d",
    write: (value: CursorValue) => String((value as Date).getTime()),
    read: (text: string) => {
      const moment = new Date(text === "" ? Number.NaN : Number(text));
      return Number.isNaN(moment.getTime()) ? undefined : moment;
    },
  },
  bytes: {
    tag: "y",
    write: (value: CursorValue) => (value as Uint8Array).toBase64({ alphabet: "base64url", omitPadding: true }),
    read: (text: string) => Uint8Array.fromBase64(text, { alphabet: "base64url" }),
  },
} as const satisfies Partial<
  Record<Kind, { tag: string; write: (value: CursorValue) => string; read: (text: string) => CursorValue | undefined }>
>;

const BY_TAG = new Map<string, (text: string) => CursorValue | undefined>(
  Object.values(KINDS).map(({ tag, read }) => [tag, read]),
);

/** The kind of a value: null has none. Throws a `TypeError` for what no order is made by. */
export function kindOf(value: CursorValue): keyof typeof KINDS | undefined {
  if (value === null) return undefined;
  if (value instanceof Date) return "timestamp";
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value === "string") return "text";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return typeof value as "number";
  throw new TypeError(`cursor: no order is made by a value such as ${Bun.inspect(value)}`);
}

/** Without a secret cursors are signed with this: a damaged one is found out, one that somebody made is not. */
const NO_SECRET = "bolide: no secret was given, so a cursor can be made by anybody";

/** Throws a `TypeError` for secrets that would sign badly: under the 32 bytes of the digest (RFC 2104 3). */
export function checkedSecrets(secrets: readonly string[]): readonly string[] {
  if (secrets.length === 0 || secrets.some((secret) => Buffer.byteLength(secret) < 32))
    throw new TypeError("cursor: a secret, also BOLIDE_SECRET, has 32 bytes or more");
  return secrets;
}

/** Writes cursors as opaque texts, and reads them back: signed, and for one order only. */
export class CursorTokens {
  readonly #width: number;
  readonly #name: string;
  readonly #secrets: readonly string[] | undefined;
  #signer: CookieSigner | undefined;

  /** `order` tells this kind of cursor from others under the same secret. */
  constructor(order: readonly string[], secrets: readonly string[] | undefined) {
    this.#width = order.length;
    this.#name = `cursor ${new Bun.CryptoHasher("sha256").update(JSON.stringify(order)).digest("hex").slice(0, 16)}`;
    this.#secrets = secrets;
  }

  /** Made at the first use: the environment may be read after the pagination is declared. */
  get #sealed(): CookieSigner {
    if (this.#signer !== undefined) return this.#signer;
    const environment = Bun.env["BOLIDE_SECRET"];
    const secrets = this.#secrets ?? [environment === undefined || environment === "" ? NO_SECRET : environment];
    return (this.#signer = cookieSigner(checkedSecrets(secrets)));
  }

  write({ backward, inclusive, values }: Cursor): string {
    const tagged = values.map((value) => {
      const kind = kindOf(value);
      return kind === undefined ? null : KINDS[kind].tag + KINDS[kind].write(value);
    });
    const text = JSON.stringify([(backward ? 1 : 0) + (inclusive ? 2 : 0), ...tagged]);
    return this.#sealed.sign(this.#name, Buffer.from(text).toString("base64url"));
  }

  /** Throws `BadRequest` for what this application did not write. */
  read(token: string): Cursor {
    const text = this.#sealed.verify(this.#name, token);
    if (text === undefined) throw new BadRequest("Invalid cursor");
    try {
      return this.#parsed(JSON.parse(Buffer.from(text, "base64url").toString()));
    } catch {
      throw new BadRequest("Invalid cursor");
    }
  }

  #parsed([flags, ...tagged]: readonly unknown[]): Cursor {
    if (tagged.length !== this.#width || !Number.isInteger(flags)) throw new TypeError("Not a cursor");
    const values = tagged.map((text): CursorValue => {
      if (text === null) return null;
      const value = typeof text === "string" ? BY_TAG.get(text[0]!)?.(text.slice(1)) : undefined;
      if (value === undefined) throw new TypeError("Not a value of a cursor");
      return value;
    });
    return { backward: ((flags as number) & 1) === 1, inclusive: ((flags as number) & 2) === 2, values };
  }
}
