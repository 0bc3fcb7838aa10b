import { describe, expect, test } from "bun:test";
import { password } from "../../src/auth/index.ts";

/** Cheap ones, so that the tests are not about waiting. */
const costs = { memory: 64, passes: 1 };

describe("a password", () => {
  test("is kept as argon2id with a salt of its own", async () => {
    const [one, two] = [await password.hash("correct horse", costs), await password.hash("correct horse", costs)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{40,}\$[\w+/]{40,}$/);
    expect(one).not.toBe(two);
    expect(await password.hash("correct horse")).toStartWith("$argon2id$v=19$m=65536,t=2,p=1$");
  });

  test.each([["correct horse"], ["пароль"], ["🐎".repeat(10)], [" "], ["x".repeat(4096)], ["a\0b"]])(
    "%j is known again",
    async (plain) => {
      const hash = await password.hash(plain, costs);
      expect(await password.verify(plain, hash)).toBe(true);
      expect(await password.verify(`${plain}x`, hash)).toBe(false);
      expect(await password.verify(plain.slice(0, -1), hash)).toBe(false);
    },
  );

  test.each([[""], ["x".repeat(4097)], ["é".repeat(2049)], [undefined as never], [17 as never]])(
    "%p is none",
    async (plain) => {
      await expect(password.hash(plain, costs)).rejects.toThrow("1 to 4096 bytes");
      expect(await password.verify(plain, await password.hash("-", costs))).toBe(false);
    },
  );

  test("of bcrypt is known as well", async () => {
    const hash = await Bun.password.hash("correct horse", { algorithm: "bcrypt", cost: 4 });
    expect(await password.verify("correct horse", hash)).toBe(true);
    expect(await password.verify("wrong", hash)).toBe(false);
  });
});

test.each([
  [undefined],
  [null],
  [""],
  ["!"],
  ["plain text"],
  ["$argon2id$v=19$m=64,t=1,p=1$broken"],
  ["$2b$99$x"],
  ["md5$a$b"],
])("no password is the one of %j", async (hash) => {
  for (const plain of ["!", hash ?? "x"]) expect(await password.verify(plain, hash)).toBe(false);
});

test("where there is no user, a hash is made up and verified all the same", async () => {
  const { verify } = Bun.password;
  const against: string[] = [];
  Bun.password.verify = async (plain, hash) => {
    // Rejects where the hash cannot be read, and then nothing would have been computed.
    const isRight = await verify(plain, hash);
    against.push(`${hash as string} ${isRight}`);
    return isRight;
  };
  try {
    for (const hash of [undefined, null, "!", await password.hash("x", costs)]) await password.verify("x", hash);
    await password.verify("x", undefined, { memory: 128, passes: 3 });
  } finally {
    Bun.password.verify = verify;
  }
  expect(against.map((one) => one.replace(/\$[^$ ]+\$[^$ ]+ /, " "))).toEqual([
    "$argon2id$v=19$m=65536,t=2,p=1 false",
    "$argon2id$v=19$m=65536,t=2,p=1 false",
    "$argon2id$v=19$m=65536,t=2,p=1 false",
    "$argon2id$v=19$m=64,t=1,p=1 true",
    "$argon2id$v=19$m=128,t=3,p=1 false",
  ]);
});

test.each([
  ["$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA", false],
  ["$argon2id$v=19$m=131072,t=3,p=1$c2FsdA$aGFzaA", false],
  ["$argon2id$v=19$m=65535,t=2,p=1$c2FsdA$aGFzaA", true],
  ["$argon2id$v=19$m=65536,t=1,p=1$c2FsdA$aGFzaA", true],
  ["$argon2i$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA", true],
  ["$2b$10$abcdefghijklmnopqrstuv", true],
  ["", true],
])("%s is to be hashed again: %p", (hash, expected) => {
  expect(password.needsRehash(hash)).toBe(expected);
});
