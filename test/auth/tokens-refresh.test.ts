import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Unauthorized } from "../../src/http/index.ts";
import { revocations } from "../../src/auth/revocation.ts";
import {
  endAllLogins,
  endLogin,
  logoutEverywhere,
  RefreshError,
  revoke,
  rotateRefreshToken,
  tokenPair,
  type TokenOptions,
  type TokenPair,
} from "../../src/auth/tokens-refresh.ts";
import { memoryStore, sqliteStore } from "../../src/store/index.ts";
import { clock, type Stand, STANDS } from "../store/stores.ts";

const secret = "s".repeat(32);
const DAY = 86_400;

function claimsOf({ access_token }: TokenPair): Record<string, unknown> {
  return JSON.parse(Buffer.from(access_token.split(".")[1]!, "base64url").toString()) as Record<string, unknown>;
}

/** Why a token is refused, or `accepted`. */
async function outcome(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "accepted";
  } catch (error) {
    if (error instanceof RefreshError) return error.reason;
    throw error;
  }
}

describe.each(STANDS)("refresh tokens in the %s store", (_, open) => {
  let stand: Stand;
  let tokens: TokenOptions;
  let replays: unknown[];
  beforeAll(async () => void (stand = await open()));
  afterAll(() => stand.end());
  beforeEach(() => {
    replays = [];
    tokens = { secret, store: stand.store, expiresIn: 900, onReplay: (event) => replays.push(event) };
  });

  test("a pair is fit to be answered", async () => {
    const pair = await tokenPair({ sub: "17", role: "admin" }, tokens);
    expect(pair).toEqual({
      access_token: expect.stringMatching(/^eyJ[\w-]+\.[\w-]+\.[\w-]{43}$/) as string,
      token_type: "Bearer",
      expires_in: 900,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/) as string,
      refresh_expires_in: 14 * DAY,
    });
    const { iat, exp, jti, sid, ...rest } = claimsOf(pair);
    expect(rest).toEqual({ sub: "17", role: "admin" });
    expect([(exp as number) - (iat as number), typeof jti, typeof sid]).toEqual([900, "string", "string"]);
  });

  test("a token is traded once, and a second time ends the login", async () => {
    const first = await tokenPair({ sub: "17", role: "admin" }, tokens);
    const second = await rotateRefreshToken(first.refresh_token, tokens);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect([claimsOf(second)["sid"], claimsOf(second)["role"]]).toEqual([claimsOf(first)["sid"], "admin"]);
    const third = await rotateRefreshToken(second.refresh_token, tokens);
    expect(replays).toEqual([]);
    expect(await outcome(rotateRefreshToken(first.refresh_token, tokens))).toBe("replayed");
    expect(replays).toEqual([{ subject: "17", sid: claimsOf(first)["sid"] }]);
    for (const pair of [first, second, third]) {
      expect(await outcome(rotateRefreshToken(pair.refresh_token, tokens))).toBe("ended");
      expect(await revocations(stand.store).isRevoked(claimsOf(pair))).toBe(true);
    }
  });

  test("a replay ends no other login", async () => {
    const [mine, other] = [await tokenPair({ sub: "18" }, tokens), await tokenPair({ sub: "18" }, tokens)];
    await rotateRefreshToken(mine.refresh_token, tokens);
    expect(await outcome(rotateRefreshToken(mine.refresh_token, tokens))).toBe("replayed");
    expect(await outcome(rotateRefreshToken(other.refresh_token, tokens))).toBe("accepted");
    expect(await revocations(stand.store).isRevoked(claimsOf(other))).toBe(false);
  });

  test("of 100 who come with one token at once, one gets a pair, and the login has ended", async () => {
    const { refresh_token } = await tokenPair({ sub: "19" }, tokens);
    const connections = [tokens, { ...tokens, store: stand.other }];
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, at) => rotateRefreshToken(refresh_token, connections[at % 2]!)),
    );
    const won = results.filter((result) => result.status === "fulfilled").map((result) => result.value);
    const lost = results
      .filter((result) => result.status === "rejected")
      .map((result) => result.reason as RefreshError);
    expect([won.length, lost.length]).toEqual([1, 99]);
    for (const error of lost) expect(["replayed", "ended"]).toContain(error.reason);
    expect(replays.length).toBeGreaterThan(0);
    expect(await outcome(rotateRefreshToken(won[0]!.refresh_token, tokens))).toBe("ended");
    expect(await revocations(stand.store).isRevoked(claimsOf(won[0]!))).toBe(true);
  });

  test("a logout ends the login, whichever of its tokens comes", async () => {
    const first = await tokenPair({ sub: "20" }, tokens);
    const second = await rotateRefreshToken(first.refresh_token, tokens);
    await endLogin(first.refresh_token, tokens);
    expect(await outcome(rotateRefreshToken(second.refresh_token, tokens))).toBe("ended");
    expect(await revocations(stand.store).isRevoked(claimsOf(second))).toBe(true);
    await endLogin(second.refresh_token, tokens);
    await endLogin("nonsense", tokens);
  });

  test("log out everywhere ends all logins of the user and of nobody else", async () => {
    const pairs = await Promise.all([1, 2, 3].map(() => tokenPair({ sub: "21" }, tokens)));
    const other = await tokenPair({ sub: "210" }, tokens);
    await endAllLogins(pairs[0]!.refresh_token, tokens);
    for (const pair of pairs) {
      expect(await outcome(rotateRefreshToken(pair.refresh_token, tokens))).toBe("ended");
      expect(await revocations(stand.store).isRevoked(claimsOf(pair))).toBe(true);
    }
    expect(await outcome(rotateRefreshToken(other.refresh_token, tokens))).toBe("accepted");
    const next = await tokenPair({ sub: "21" }, tokens);
    expect(claimsOf(next)["ver"]).toBe(1);
    const refreshed = await rotateRefreshToken(next.refresh_token, tokens);
    expect(claimsOf(refreshed)["ver"]).toBe(1);
    expect(await revocations(stand.store).isRevoked(claimsOf(refreshed))).toBe(false);
    await logoutEverywhere("21", tokens);
    expect(await revocations(stand.store).isRevoked(claimsOf(refreshed))).toBe(true);
  });

  test("a used token logs nobody out everywhere, but ends its own login", async () => {
    const [first, other] = [await tokenPair({ sub: "22" }, tokens), await tokenPair({ sub: "22" }, tokens)];
    const second = await rotateRefreshToken(first.refresh_token, tokens);
    expect(await outcome(endAllLogins(first.refresh_token, tokens))).toBe("replayed");
    expect(await outcome(rotateRefreshToken(second.refresh_token, tokens))).toBe("ended");
    expect(await outcome(rotateRefreshToken(other.refresh_token, tokens))).toBe("accepted");
  });

  test.each([
    ["", "malformed"],
    ["short", "malformed"],
    ["x".repeat(42), "malformed"],
    ["x".repeat(44), "malformed"],
    [`${"x".repeat(42)}=`, "malformed"],
    [`${"x".repeat(43)}\n`, "malformed"],
    ["x".repeat(100_000), "malformed"],
    ["x".repeat(43), "unknown"],
    [undefined as unknown as string, "malformed"],
    [["x".repeat(43)] as unknown as string, "malformed"],
  ])("%j is refused: %s", async (token, reason) => {
    expect(await outcome(rotateRefreshToken(token, tokens))).toBe(reason);
    expect(await outcome(endAllLogins(token, tokens))).toBe(reason);
  });

  test("the claims are loaded anew where the options say how", async () => {
    const asked: unknown[] = [];
    const reload = (subject: string, claims: unknown) => {
      asked.push([subject, claims]);
      return { sub: subject, role: `role ${asked.length}` };
    };
    const first = await tokenPair({ sub: "23", role: "admin" }, tokens);
    const second = await rotateRefreshToken(first.refresh_token, { ...tokens, reload });
    const third = await rotateRefreshToken(second.refresh_token, { ...tokens, reload });
    expect([claimsOf(second)["role"], claimsOf(third)["role"]]).toEqual(["role 1", "role 2"]);
    expect(asked).toEqual([
      ["23", { sub: "23", role: "admin" }],
      ["23", { sub: "23", role: "admin" }],
    ]);
  });

  test.each([
    ["is gone", () => undefined],
    ["is somebody else", () => ({ sub: "25" })],
  ])("the login ends where its user %s", async (_, reload) => {
    const first = await tokenPair({ sub: "24" }, tokens);
    expect(await outcome(rotateRefreshToken(first.refresh_token, { ...tokens, reload }))).toBe("refused");
    expect(await outcome(rotateRefreshToken(first.refresh_token, tokens))).toBe("ended");
    expect(await revocations(stand.store).isRevoked(claimsOf(first))).toBe(true);
  });
});

describe("the ends of a login", () => {
  const { now, pass } = clock();
  const store = memoryStore({ now });
  const tokens: TokenOptions = { secret, store, now, refreshExpiresIn: 10, loginExpiresIn: 25 };

  test("a refresh token waits for as long as it was told, to the millisecond", async () => {
    const { refresh_token, refresh_expires_in } = await tokenPair({ sub: "1" }, tokens);
    expect(refresh_expires_in).toBe(10);
    pass(9_999);
    const second = await rotateRefreshToken(refresh_token, tokens);
    pass(10_000);
    expect(await outcome(rotateRefreshToken(second.refresh_token, tokens))).toBe("unknown");
  });

  test("a login ends however often it is refreshed", async () => {
    let pair = await tokenPair({ sub: "1" }, tokens);
    const lives = [pair.refresh_expires_in];
    for (let at = 0; at < 3; at++) {
      pass(8000);
      pair = await rotateRefreshToken(pair.refresh_token, tokens);
      lives.push(pair.refresh_expires_in);
    }
    expect(lives).toEqual([10, 10, 9, 1]);
    pass(1000);
    expect(await outcome(rotateRefreshToken(pair.refresh_token, tokens))).toBe("unknown");
  });

  test("a used token is known as used for as long as its login lasts", async () => {
    const first = await tokenPair({ sub: "1" }, tokens);
    const second = await rotateRefreshToken(first.refresh_token, tokens);
    pass(9000);
    const third = await rotateRefreshToken(second.refresh_token, tokens);
    pass(9000);
    expect(await outcome(rotateRefreshToken(first.refresh_token, tokens))).toBe("replayed");
    expect(await outcome(rotateRefreshToken(third.refresh_token, tokens))).toBe("ended");
  });
});

test("logins survive a restart, and so does what was used", async () => {
  const directory = mkdtempSync(join(tmpdir(), "bolide-tokens-"));
  try {
    const open = (): TokenOptions => ({ secret, store: sqliteStore(join(directory, "auth.db")) });
    const before = open();
    const first = await tokenPair({ sub: "1" }, before);
    const second = await rotateRefreshToken(first.refresh_token, before);
    const ended = await tokenPair({ sub: "2" }, before);
    await logoutEverywhere("2", before);
    before.store.close();
    const after = open();
    const third = await rotateRefreshToken(second.refresh_token, after);
    expect(claimsOf(third)["sub"]).toBe("1");
    expect(await outcome(rotateRefreshToken(ended.refresh_token, after))).toBe("ended");
    expect(await outcome(rotateRefreshToken(first.refresh_token, after))).toBe("replayed");
    expect(await outcome(rotateRefreshToken(third.refresh_token, after))).toBe("ended");
    after.store.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("the store holds no token that could be used", async () => {
  const kept: string[] = [];
  const store = memoryStore();
  const watched = {
    ...store,
    set: (key: string, value: string, ttl?: number) => (kept.push(key, value), store.set(key, value, ttl)),
  };
  const { access_token, refresh_token } = await tokenPair({ sub: "1" }, { secret, store: watched });
  expect(kept).toHaveLength(4);
  for (const text of kept) for (const token of [access_token, refresh_token, secret]) expect(text).not.toContain(token);
});

test("a refused token is a 401 that tells the client nothing", async () => {
  const tokens: TokenOptions = { secret, store: memoryStore() };
  const error = await rotateRefreshToken("x".repeat(43), tokens).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(Unauthorized);
  expect([(error as RefreshError).status, (error as RefreshError).detail]).toEqual([401, "Invalid refresh token"]);
});

describe("a pair is not made", () => {
  const store = memoryStore();
  test.each([
    ["without a subject", {}, {}, "sub must be a string that is not empty"],
    ["for an empty subject", { sub: "" }, {}, "sub must be a string that is not empty"],
    ["for a number", { sub: 5 }, {}, "sub must be a string that is not empty"],
    ["with a login of its own", { sub: "1", sid: "a" }, {}, "sid is not for a login's claims"],
    ["with a version of its own", { sub: "1", ver: 9 }, {}, "ver is not for a login's claims"],
    ["with an end of its own", { sub: "1", exp: 9 }, {}, "exp is not for a login's claims"],
    ["without an end", { sub: "1" }, { expiresIn: null }, "expiresIn must not be null"],
    ["for no time", { sub: "1" }, { refreshExpiresIn: 0 }, "refreshExpiresIn is whole seconds from 1, not 0"],
    ["for half a login", { sub: "1" }, { loginExpiresIn: 0.5 }, "loginExpiresIn is whole seconds from 1, not 0.5"],
  ])("%s", async (_, claims, options, message) => {
    const made = tokenPair(claims as never, { secret, store, ...options });
    expect(await made.catch((error: Error) => error.message)).toContain(message);
  });
});

describe("revocation", () => {
  const revoked = async (
    claims: Record<string, unknown>,
    ...acts: ((list: ReturnType<typeof revocations>) => unknown)[]
  ) => {
    const list = revocations(memoryStore());
    for (const act of acts) await act(list);
    return list.isRevoked(claims);
  };
  test.each([
    ["nothing revoked", { jti: "a", sub: "1" }, [], false],
    ["its id", { jti: "a", sub: "1" }, [(list) => list.revoke("a")], true],
    ["its claims", { jti: "a" }, [(list) => list.revoke({ jti: "a" })], true],
    ["another id", { jti: "a" }, [(list) => list.revoke("b")], false],
    ["its login", { jti: "a", sid: "s" }, [(list) => list.revokeLogin("s", 1000)], true],
    ["a login of the same name as its id", { jti: "s", sub: "s" }, [(list) => list.revokeLogin("s", 1000)], false],
    ["its user, without a version", { sub: "1" }, [(list) => list.revokeAll("1")], true],
    [
      "its user, with an older version",
      { sub: "1", ver: 1 },
      [(list) => list.revokeAll("1"), (list) => list.revokeAll("1")],
      true,
    ],
    ["its user, with the present version", { sub: "1", ver: 1 }, [(list) => list.revokeAll("1")], false],
    ["its user, with a version as text", { sub: "1", ver: "9" }, [(list) => list.revokeAll("1")], true],
    ["its user, with no number", { sub: "1", ver: Number.NaN }, [(list) => list.revokeAll("1")], true],
    ["another user", { sub: "11" }, [(list) => list.revokeAll("1")], false],
    ["nothing to know it by", {}, [(list) => list.revokeAll("1")], false],
    ["an id that is no text", { jti: 5 }, [(list) => list.revoke("5")], false],
  ] as [string, Record<string, unknown>, ((list: ReturnType<typeof revocations>) => unknown)[], boolean][])(
    "%s",
    async (_, claims, acts, expected) => {
      expect(await revoked(claims, ...acts)).toBe(expected);
    },
  );

  test("is kept until the token would have ended, and the leeway after it", async () => {
    const { now, pass } = clock(1_700_000_000_000);
    const store = memoryStore({ now });
    const list = revocations(store, { leeway: 60, now });
    await revoke("a", { store, exp: 1_700_000_100, now });
    await list.revoke({ jti: "b", exp: 1_700_000_100 });
    await list.revoke("long over", 1_600_000_000);
    pass(159_999);
    expect([list.isRevoked({ jti: "a" }), list.isRevoked({ jti: "b" })]).toEqual([true, true]);
    pass(1);
    expect([list.isRevoked({ jti: "a" }), list.isRevoked({ jti: "b" })]).toEqual([true, false]);
    pass(240_000);
    expect(list.isRevoked({ jti: "a" })).toBe(false);
  });

  test("refuses what it could not find again", () => {
    const list = revocations(memoryStore());
    expect(() => list.revoke({ exp: 5 })).toThrow("a token without a jti cannot be revoked by itself");
    expect(() => list.revoke({ jti: "a", exp: "5" })).toThrow("exp must be a number of seconds");
  });

  test("a store that fails lets nothing in", async () => {
    const store = { ...memoryStore(), get: () => Promise.reject(new Error("the store is gone")) };
    const asked = Promise.resolve(revocations(store).isRevoked({ jti: "a", sub: "1" }));
    expect(await asked.catch((error: Error) => error.message)).toBe("the store is gone");
  });
});
