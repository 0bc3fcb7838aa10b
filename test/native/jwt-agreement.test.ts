import { describe, expect, test } from "bun:test";
import { decodeProtectedHeader, jwtVerify, type JWTVerifyOptions } from "jose";
import type { HmacVerifierOptions } from "../../src/native/index.ts";
import { LENIENCIES, partsOf } from "./jwt-leniency.ts";
import { KEYS, makeToken, numbers } from "./jwt-tokens.ts";
import { jwtWays, NOW, sign } from "./jwt-ways.ts";

/** `BOLIDE_JWT_TOKENS=200000` for more, `BOLIDE_JWT_SEED` for others. */
const TOKENS = Number(Bun.env["BOLIDE_JWT_TOKENS"] ?? 20_000);
const SEED = Number(Bun.env["BOLIDE_JWT_SEED"] ?? 7515);

type Policy = Omit<HmacVerifierOptions, "keys" | "now">;

const POLICIES: readonly Policy[] = [
  { leeway: 0, requireExp: false },
  { leeway: 10, requireExp: true, scheme: "Bearer" },
  { leeway: 0, requireExp: false, typ: "at+jwt" },
  { leeway: 10, requireExp: true, issuer: ["me", "you"], audience: "us" },
];

/** What jose says: the claims, or that it refuses. Its key is the first of those that Bolide may try and that fits. */
async function joseVerify(token: string, { leeway, requireExp, issuer, audience, typ }: Policy): Promise<unknown> {
  const options: JWTVerifyOptions = {
    currentDate: new Date(NOW * 1000),
    clockTolerance: leeway,
    requiredClaims: requireExp ? ["exp"] : [],
    ...(issuer === undefined ? {} : { issuer: issuer as string[] }),
    ...(audience === undefined ? {} : { audience: audience as string }),
    ...(typ === undefined ? {} : { typ }),
  };
  let kid: unknown;
  try {
    kid = decodeProtectedHeader(token).kid;
  } catch {
    return undefined;
  }
  for (const key of KEYS) {
    if (typeof kid === "string" && "kid" in key && key.kid !== kid) continue;
    try {
      return (await jwtVerify(token, key.secret, { ...options, algorithms: [...key.algorithms] })).payload;
    } catch {
      // The next key.
    }
  }
  return undefined;
}

interface Tally {
  taken: number;
  refused: number;
  lenient: number;
  readonly kinds: Map<string, number>;
}

async function compare(policy: Policy, random: (below: number) => number, count: number): Promise<Tally> {
  const ways = jwtWays({ keys: KEYS, ...policy });
  const tally: Tally = { taken: 0, refused: 0, lenient: 0, kinds: new Map() };
  for (let index = 0; index < count; index++) {
    const token = makeToken(random);
    const value = policy.scheme === undefined ? token : `${policy.scheme} ${token}`;
    const [first, ...others] = ways.map(({ run }) => run(value));
    for (const other of others)
      if (other !== first) expect({ value, answer: other }).toEqual({ value, answer: first as string });
    // All spaces behind a scheme belong to it.
    const claims = await joseVerify(policy.scheme === undefined ? token : token.replace(/^ +/, ""), policy);
    if (first?.startsWith(" ") || /^\s*\{/.test(first ?? "")) {
      expect({ token, claims: JSON.parse(first as string) as unknown }).toEqual({ token, claims });
      tally.taken++;
      continue;
    }
    tally.kinds.set(first as string, (tally.kinds.get(first as string) ?? 0) + 1);
    tally.refused++;
    if (claims === undefined) continue;
    tally.lenient++;
    const parts = partsOf(token);
    const isListed = LENIENCIES.some(
      (leniency) => leniency.kinds.some((kind) => kind === first) && leniency.applies(parts),
    );
    if (!isListed) expect({ token, parts, answer: first }).toBeUndefined();
  }
  return tally;
}

describe("jose and Bolide agree", () => {
  for (const [index, policy] of POLICIES.entries()) {
    test(`whatever the token, with ${JSON.stringify(policy)}`, async () => {
      const count = Math.ceil(TOKENS / POLICIES.length);
      const { taken, refused, lenient, kinds } = await compare(policy, numbers(SEED + index), count);
      if (TOKENS > 20_000) console.log({ taken, refused, lenient, kinds: Object.fromEntries(kinds) });
      // Tokens that are all refused, or all for one reason, would agree about nothing.
      expect(taken + refused).toBe(count);
      expect(taken).toBeGreaterThan(count / 50);
      expect(kinds.size).toBeGreaterThan(8);
    }, 600_000);
  }
});

describe("jose takes and Bolide refuses", () => {
  const { secret } = KEYS[0];
  const header = '{"alg":"HS256"}';
  const good = sign(header, "{}", secret);
  const withHeader = (text: string): string => sign(text, "{}", secret);
  const withClaims = (text: string): string => sign(header, text, secret);
  const last = (token: string): string =>
    token.slice(0, -1) + String.fromCharCode(token.charCodeAt(token.length - 1) + 1);
  const EXAMPLES: Readonly<
    Record<string, readonly (readonly [token: string, kind: string, policy?: Partial<Policy>])[]>
  > = {
    "padding or whitespace in base64url": [
      [`${good}=`, "base64"],
      [`${good}\n`, "base64"],
    ],
    "spare bits that are set in base64url": [[last(good), "base64"]],
    "a header parameter twice": [[withHeader('{"alg":"none","alg":"HS256"}'), "header"]],
    "a claim twice": [[withClaims('{"exp":0,"exp":4102444800}'), "claims"]],
    "a byte order mark": [
      [withHeader(`\u{feff}${header}`), "header"],
      [withClaims("\u{feff}{}"), "claims"],
    ],
    crit: [[withHeader('{"alg":"HS256","crit":["b64"],"b64":true}'), "crit"]],
    "b64 without crit": [[withHeader('{"alg":"HS256","b64":false}'), "crit"]],
    "a kid that is no string": [[withHeader('{"alg":"HS256","kid":1}'), "kid"]],
    "a negative date": [
      [withClaims('{"nbf":-1}'), "nbf"],
      [withClaims('{"iat":-1}'), "iat"],
    ],
    "a date beyond every double": [[withClaims('{"exp":1e400}'), "exp"]],
    "an audience that is no string beside one that is": [[withClaims('{"aud":["us",1]}'), "aud", { audience: "us" }]],
    "more than 64 levels": [[withClaims(`{"a":${"[".repeat(64)}${"]".repeat(64)}}`), "claims"]],
    "more than 256 members, or a token of more than 16 KiB": [
      [withClaims(`{${Array.from({ length: 257 }, (_, index) => `"${index}":0`).join()}}`), "claims"],
      [withClaims(`{"a":"${"x".repeat(12_300)}"}`), "too_long"],
    ],
  };
  for (const leniency of LENIENCIES) {
    test(`${leniency.name} (${leniency.source})`, async () => {
      const examples = EXAMPLES[leniency.name] ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const [token, kind, extra] of examples) {
        const policy: Policy = { leeway: 0, requireExp: false, ...extra };
        expect(await joseVerify(token, policy)).toBeObject();
        expect(leniency.applies(partsOf(token))).toBe(true);
        for (const { run } of jwtWays({ keys: KEYS, ...policy })) expect(run(token)).toBe(kind);
      }
    });
  }
});
