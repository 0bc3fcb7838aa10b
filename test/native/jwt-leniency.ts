import type { JwtFaultKind } from "../../src/native/index.ts";

/** What jose takes and Bolide refuses: each row with the sentence that decides. The other way round there is nothing. */

interface Parts {
  readonly token: string;
  readonly segments: readonly string[];
  /** As text, with a byte order mark kept. */
  readonly header: string;
  readonly payload: string;
}

export interface Leniency {
  readonly name: string;
  readonly source: string;
  /** The fault that comes of it. */
  readonly kinds: readonly JwtFaultKind[];
  applies(parts: Parts): boolean;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export function partsOf(token: string): Parts {
  const segments = token.split(".");
  const text = (segment: string | undefined): string => utf8.decode(Buffer.from(segment ?? "", "base64url"));
  return { token, segments, header: text(segments[0]), payload: text(segments[1]) };
}

/** The members of an object's text with doubles, by splitting at commas of the first level; for valid JSON only. */
function members(text: string): [name: string, value: unknown][] {
  const list: [string, unknown][] = [];
  let [depth, start, quoted] = [0, 0, false];
  const body = text.replace("\u{feff}", "").trim();
  for (let at = 0; at < body.length; at++) {
    const character = body[at] as string;
    if (quoted) {
      if (character === "\\") at++;
      else if (character === '"') quoted = false;
      continue;
    }
    if (character === '"') quoted = true;
    if ("{[".includes(character) && ++depth === 1) start = at + 1;
    const isEnd = "}]".includes(character) && --depth === 0;
    if (!isEnd && (character !== "," || depth !== 1)) continue;
    const [member] = Object.entries(JSON.parse(`{${body.slice(start, at)}}`) as object);
    if (member !== undefined) list.push(member);
    start = at + 1;
  }
  return list;
}

function deepest(text: string): number {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, "");
  let [depth, most] = [0, 0];
  for (const character of bare) {
    if ("{[".includes(character)) most = Math.max(most, ++depth);
    else if ("}]".includes(character)) depth--;
  }
  return most;
}

const hasTwice = (text: string): boolean => {
  const names = members(text).map(([name]) => name);
  return new Set(names).size < names.length;
};

const valueIn = (text: string, name: string): unknown => members(text).findLast(([each]) => each === name)?.[1];

const dates = ({ payload }: Parts): number[] =>
  ["exp", "nbf", "iat"].map((name) => valueIn(payload, name)).filter((value) => typeof value === "number");

export const LENIENCIES: readonly Leniency[] = [
  {
    name: "padding or whitespace in base64url",
    kinds: ["base64"],
    source:
      "RFC 7515 2: base64url is without trailing '=' characters and without line breaks, whitespace or other characters",
    applies: ({ segments }) => segments.some((segment) => /[=\s]/.test(segment)),
  },
  {
    name: "spare bits that are set in base64url",
    kinds: ["base64"],
    source:
      "RFC 4648 3.5: pad bits must be zero, and a decoder may reject what has others: a signature has one spelling",
    applies: ({ segments }) =>
      segments.some((segment) => Buffer.from(segment, "base64url").toString("base64url") !== segment),
  },
  {
    name: "a header parameter twice",
    kinds: ["header"],
    source: "RFC 7515 4: the Header Parameter names within the JOSE Header MUST be unique",
    applies: ({ header }) => hasTwice(header),
  },
  {
    name: "a claim twice",
    kinds: ["claims"],
    source: "RFC 7519 4: the Claim Names within a JWT Claims Set MUST be unique",
    applies: ({ payload }) => hasTwice(payload),
  },
  {
    name: "a byte order mark",
    kinds: ["header", "claims"],
    source: "RFC 7515 5.2 and RFC 7519 7.2: the octets are a completely valid JSON object; RFC 8259 2 has no such mark",
    applies: ({ header, payload }) => header.startsWith("\u{feff}") || payload.startsWith("\u{feff}"),
  },
  {
    name: "crit",
    kinds: ["crit"],
    source: "RFC 7515 4.1.11: an extension in the list that is not understood and supported makes the JWS invalid",
    applies: ({ header }) => valueIn(header, "crit") !== undefined,
  },
  {
    name: "b64 without crit",
    kinds: ["crit"],
    source: "RFC 7797 6 and 7: b64 must be critical when it is false, and false is not for JWTs",
    applies: ({ header }) => valueIn(header, "b64") !== undefined && valueIn(header, "b64") !== true,
  },
  {
    name: "a kid that is no string",
    kinds: ["kid"],
    source: "RFC 7515 4.1.4: the kid value MUST be a case-sensitive string",
    applies: ({ header }) => members(header).some(([name, value]) => name === "kid" && typeof value !== "string"),
  },
  {
    name: "a negative date",
    kinds: ["exp", "nbf", "iat"],
    source: "RFC 7519 2: a NumericDate is the Seconds Since the Epoch of POSIX, which leaves negative values undefined",
    applies: (parts) => dates(parts).some((date) => date < 0),
  },
  {
    name: "a date beyond every double",
    kinds: ["exp", "nbf", "iat"],
    source: "RFC 8259 6: implementations may set limits on the range of numbers",
    applies: (parts) => dates(parts).some((date) => !Number.isFinite(date)),
  },
  {
    name: "an audience that is no string beside one that is",
    kinds: ["aud"],
    source: "RFC 7519 4.1.3: the aud value is an array of case-sensitive strings, or one string",
    applies: ({ payload }) => {
      const aud = valueIn(payload, "aud");
      return Array.isArray(aud) && aud.some((each) => typeof each !== "string");
    },
  },
  {
    name: "more than 64 levels",
    kinds: ["header", "claims"],
    source: "RFC 8259 9: implementations may set limits on the depth of nesting",
    applies: ({ header, payload }) => deepest(header) > 64 || deepest(payload) > 64,
  },
  {
    name: "more than 256 members, or a token of more than 16 KiB",
    kinds: ["header", "claims", "too_long"],
    source: "RFC 8259 9: implementations may set limits on the size of texts",
    applies: ({ token, header, payload }) =>
      token.length > 16_384 || members(header).length > 256 || members(payload).length > 256,
  },
];
