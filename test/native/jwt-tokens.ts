import type { HmacAlgorithm } from "../../src/native/hmac.ts";
import { NOW, secretOf, sign } from "./jwt-ways.ts";

/** Tokens by the thousand, the same for the same seed: made of what decides, signed, and then harmed in one of many ways. */

export const KEYS = [
  { secret: secretOf("first"), kid: "1", algorithms: ["HS256"] },
  { secret: secretOf("second"), kid: "2", algorithms: ["HS256", "HS384", "HS512"] },
  { secret: new TextEncoder().encode("third".repeat(50)), algorithms: ["HS512"] },
] as const satisfies readonly { secret: Uint8Array; kid?: string; algorithms: readonly HmacAlgorithm[] }[];

/** Numbers that look random and are the same for the same seed: SplitMix with 32 bits (Steele, Lea and Flood 2014). */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
}

type Random = ReturnType<typeof numbers>;

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

const HEADER_MEMBERS: readonly string[] = [
  '"typ":"JWT"',
  '"typ":"at+jwt"',
  String.raw`"typ":"application\/AT+JWT"`,
  '"typ":7',
  '"kid":"1"',
  '"kid":"2"',
  String.raw`"kid":"\u0032"`,
  '"kid":"3"',
  '"kid":2',
  '"kid":null',
  '"crit":["b64"],"b64":true',
  '"crit":["b64"],"b64":false',
  '"crit":["exp"],"exp":1',
  '"b64":false',
  '"b64":true',
  '"jwk":{"kty":"oct","k":"AA"}',
  '"jku":"https://evil.example/"',
  '"x5c":[]',
  String.raw`"\u0061lg":"HS256"`,
  '"cty":"a\\tb"',
  '"__proto__":{"kid":"1"}',
  `"deep":${"[".repeat(63)}${"]".repeat(63)}`,
  `"deeper":${"[".repeat(64)}${"]".repeat(64)}`,
];

const DATES: readonly string[] = [
  String(NOW + 100),
  String(NOW - 100),
  String(NOW + 5),
  String(NOW - 5),
  `${NOW + 10}`,
  `${NOW - 10}`,
  `${NOW}.5`,
  `${NOW + 100}.12345678901234567`,
  "1.8e9",
  "17e8",
  "0",
  "-0",
  "-1",
  "-1e400",
  "1e400",
  "1e-400",
  `"${NOW + 100}"`,
  "null",
  "true",
  "[]",
  "{}",
];

const CLAIM_MEMBERS: readonly string[] = [
  ...DATES.flatMap((date) => [`"exp":${date}`, `"nbf":${date}`, `"iat":${date}`]),
  ...['"me"', '"you"', "1", "null", '["me"]', String.raw`"m\u0065"`].map((iss) => `"iss":${iss}`),
  ...['"us"', '"them"', '["x","us"]', "[]", '["us",1]', "1", '{"us":1}', '[["us"]]', "null"].map(
    (aud) => `"aud":${aud}`,
  ),
  '"sub":"1234567890"',
  '"name":"Zoë 😀"',
  String.raw`"\ud83d":1`,
  String.raw`"\ud83d\ude00":"\ude00"`,
  '"😀":2',
  '"constructor":{"prototype":{"exp":1}}',
  '"__proto__":{"exp":4102444800}',
  `"deeper":${'{"a":'.repeat(63)}[]${"}".repeat(63)}`,
  Array.from({ length: 260 }, (_, index) => `"m${index}":0`).join(),
];

const SPACES = ["", "", "", " ", "\n", "\t", "\r\n", "\u{a0}", "\u{b}"];

function object(random: Random, members: readonly string[], most: number, first: readonly string[]): string {
  const chosen = [...first];
  for (let count = random(most + 1); count > 0; count--) {
    const member = pick(random, members);
    const name = member.slice(0, member.indexOf(":") + 1);
    if (random(40) === 0 || !chosen.some((each) => each.startsWith(name))) chosen.push(member);
  }
  for (let at = chosen.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [chosen[at], chosen[other]] = [chosen[other] as string, chosen[at] as string];
  }
  const space = random(8) === 0 ? (): string => pick(random, SPACES) : (): string => "";
  return `${space()}{${chosen.map((member) => `${space()}${member}${space()}`).join()}}${space()}`;
}

const JSON_BYTES = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "0",
  "-",
  ".",
  "e",
  "u",
  " ",
  "\0",
  "\x1f",
  "\x7f",
  "\x80",
  "\xff",
  "\xc3",
  "\xe9",
];

/** Harms a JSON text before it is signed. */
function harmed(random: Random, text: string): Uint8Array {
  const bytes = [...Buffer.from(text)];
  switch (random(6)) {
    case 0:
      return Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes]);
    case 1:
      return Uint8Array.from(bytes.slice(0, random(bytes.length + 1)));
    case 2:
      bytes.splice(random(bytes.length + 1), 1);
      return Uint8Array.from(bytes);
    case 3:
      bytes.splice(random(bytes.length + 1), 0, pick(random, JSON_BYTES).charCodeAt(0));
      return Uint8Array.from(bytes);
    case 4:
      bytes[random(bytes.length)] = random(256);
      return Uint8Array.from(bytes);
    default:
      return Uint8Array.from([...bytes, ...Buffer.from(pick(random, [text, " x", "\n", "//", "\0"]))]);
  }
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STRANGE = [
  "=",
  "==",
  " ",
  "\n",
  "\r\n",
  "\t",
  "\0",
  ".",
  "+",
  "/",
  "%",
  "é",
  "Ａ",
  "😀",
  "\ud800",
  "\u{feff}",
  "\u{200b}",
  "~",
  "a",
];

const splice = (text: string, at: number, remove: number, insert: string): string =>
  text.slice(0, at) + insert + text.slice(at + remove);

/** Harms a token after it was signed. */
const HARMS: readonly ((random: Random, token: string) => string)[] = [
  // A bit, a character, something strange, a missing piece, the end.
  (random, token) => {
    const at = random(token.length);
    return splice(token, at, 1, String.fromCharCode(token.charCodeAt(at) ^ (1 << random(7))));
  },
  (random, token) => splice(token, random(token.length), 1, BASE64URL[random(64)] as string),
  (random, token) => splice(token, random(token.length + 1), random(2), pick(random, STRANGE)),
  (random, token) => splice(token, random(token.length), 1 + random(4), ""),
  (random, token) => token.slice(0, random(token.length)),
  (random, token) => token + pick(random, STRANGE),
  // Segments: without a signature, in another order, twice, with padding, with spare bits.
  (_, token) => token.slice(0, token.lastIndexOf(".") + 1),
  (random, token) => {
    const segments = token.split(".");
    [segments[0], segments[random(3)]] = [segments[random(3)] ?? "", segments[0] ?? ""];
    return segments.join(".");
  },
  (random, token) => `${token}.${token.split(".")[random(3)]}`,
  (random, token) => {
    const segments = token.split(".");
    const at = random(3);
    segments[at] += pick(random, ["=", "==", " ", "\n"]);
    return segments.join(".");
  },
  (random, token) => {
    const segments = token.split(".");
    const at = random(3);
    const segment = segments[at] ?? "";
    const last = BASE64URL[(BASE64URL.indexOf(segment.at(-1) ?? "A") ^ (1 + random(3))) % 64] ?? "A";
    segments[at] = segment.slice(0, -1) + last;
    return segments.join(".");
  },
  // Another algorithm under the same signature.
  (random, token) => {
    const alg = pick(random, ["none", "None", "NONE", "HS384", "HS512", "RS256", "", "hs256"]);
    return Buffer.from(`{"alg":"${alg}"}`).toString("base64url") + token.slice(token.indexOf("."));
  },
  (_, token) => token.padEnd(16_400, "A"),
];

const ALGORITHMS = ["HS256", "HS384", "HS512"] as const;

export function makeToken(random: Random): string {
  const key = pick(random, KEYS);
  const algorithm =
    random(8) === 0 ? pick(random, ALGORITHMS) : pick(random, key.algorithms as readonly HmacAlgorithm[]);
  const alg =
    random(40) === 0 ? pick(random, ['"alg":"none"', '"alg":1', '"alg":""', '"kid":"1"']) : `"alg":"${algorithm}"`;
  const header = object(random, HEADER_MEMBERS, 2, random(2) === 0 ? [alg] : [alg, '"typ":"at+jwt"']);
  const usual = random(3) > 0 ? [`"exp":${NOW + 100}`, '"iss":"me"', '"aud":["us"]'] : [];
  const claims = object(random, CLAIM_MEMBERS, 3, usual);
  const token = sign(
    random(24) === 0 ? harmed(random, header) : header,
    random(12) === 0 ? harmed(random, claims) : claims,
    key.secret,
    algorithm,
  );
  return random(3) === 0 ? pick(random, HARMS)(random, token) : token;
}
