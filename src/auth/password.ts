/** What a hash costs whoever makes it, and whoever guesses. */
export interface PasswordCosts {
  /** KiB of memory; default 65,536. */
  readonly memory?: number;
  /** Passes over it; default 2. */
  readonly passes?: number;
}

const MEMORY = 65_536;
const PASSES = 2;
/** In bytes of UTF-8. Without a limit a megabyte of password would be hashed. */
const LONGEST = 4096;

/** `$argon2id$v=19$m=65536,t=2,p=1$salt$hash`: the PHC string format. */
const ARGON2ID = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=1\$/;
/** What `verify` knows beside argon2id: argon2i and argon2d, and bcrypt. */
const KNOWN = /^\$(?:argon2(?:id|i|d)\$v=19\$m=\d{1,8},t=\d{1,4},p=\d{1,3}\$|2[abxy]\$(?:0[4-9]|[12]\d|3[01])\$)/;

/** A salt and a hash that no password is known for. */
const NOBODY = "c2FsdCBvZiBub2JvZHk$TlwcYgqnq4VK7E6V7fXc2SIlzrj0YbRf1YvFh3aQm2A";

/**
 * Passwords: argon2id (RFC 9106) with 64 MiB and 2 passes, about 150 ms, on a thread of its own.
 *
 * @example
 * ```ts
 * const hash = await password.hash("correct horse battery staple");
 * console.log(await password.verify("correct horse battery staple", hash)); // true
 * ```
 */
export const password = Object.freeze({
  /** The hash to keep, with its salt and costs in it. Errors: `TypeError` for an empty password or one over 4,096 bytes. */
  async hash(plain: string, { memory = MEMORY, passes = PASSES }: PasswordCosts = {}): Promise<string> {
    if (!isUsable(plain)) throw new TypeError(`a password has 1 to ${LONGEST} bytes`);
    return Bun.password.hash(plain, { algorithm: "argon2id", memoryCost: memory, timeCost: passes });
  },

  /**
   * Whether the password is the one of the hash (argon2 or bcrypt). Give it `undefined` where there is no user: it takes as long as for
   * one with a wrong password (of these costs), and answers false. So does a hash that it cannot read.
   */
  async verify(
    plain: string,
    hash: string | null | undefined,
    { memory = MEMORY, passes = PASSES }: PasswordCosts = {},
  ): Promise<boolean> {
    const isKnown = typeof hash === "string" && KNOWN.test(hash);
    const against = isKnown ? hash : `$argon2id$v=19$m=${memory},t=${passes},p=1$${NOBODY}`;
    try {
      return (await Bun.password.verify(isUsable(plain) ? plain : "-", against)) && isKnown && isUsable(plain);
    } catch {
      // What the verifier says of a hash that it cannot read may quote it.
      return false;
    }
  },

  /** Whether the hash is of another algorithm or cheaper than a new one would be: hash again at the next login. */
  needsRehash(hash: string, { memory = MEMORY, passes = PASSES }: PasswordCosts = {}): boolean {
    const [, m, t] = ARGON2ID.exec(hash) ?? [];
    return !(Number(m) >= memory && Number(t) >= passes);
  },
});

function isUsable(plain: unknown): plain is string {
  return typeof plain === "string" && plain !== "" && plain.length <= LONGEST && Buffer.byteLength(plain) <= LONGEST;
}
