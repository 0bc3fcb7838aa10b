import { type RequestContext, TooManyRequests, Unauthorized } from "../http/index.ts";
import type { MaybePromise } from "../store/index.ts";
import type { LoginThrottle } from "./login-throttle.ts";

/** What the ready-made routes need to know of a user. */
export interface AccountUser {
  readonly id: string | number | bigint;
  /** The password's hash, as `Bun.password.hash` made it; without one nobody logs in by password. */
  readonly password?: string | null;
  readonly roles?: Iterable<string>;
  readonly permissions?: Iterable<string>;
}

/** How the ready-made routes find out who somebody is. */
export interface CredentialOptions<U extends AccountUser> {
  /** The user of this name, as it was typed in; `undefined` for none, and for one who must not log in. */
  readonly findUser: (username: string) => MaybePromise<U | undefined | null>;
  /**
   * Whether the password is this user's; default `Bun.password.verify` against `user.password`. Without a user it must take as long as with
   * one: its answer is not asked for then.
   */
  readonly verify?: (password: string, user: U | undefined) => MaybePromise<boolean>;
  /** Slows down guessing: {@link loginThrottle}, or your own. */
  readonly throttle?: LoginThrottle;
}

/** What a client logs in with. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * A hash of a forgotten random password, with the costs that `Bun.password.hash` has by default: what is verified where there is no
 * user, so that the answer takes as long.
 */
export const NOBODYS_HASH =
  "$argon2id$v=19$m=65536,t=2,p=1$jLQ2ceawp9NwrVTEKrAQpdqxeai5y4OOfcS/CFICtCI$k7mUGe51L21oxGnlmUdJcdmU7adonAA5YScbieZLrO0";

/**
 * The user whose credentials these are. Errors: 401 `Invalid credentials`, the same for an unknown user and a wrong password and as late;
 * 429 with `Retry-After` where the throttle says so.
 */
export async function checkCredentials<U extends AccountUser>(
  { username, password }: Credentials,
  ctx: RequestContext,
  options: CredentialOptions<U>,
): Promise<U> {
  const { findUser, verify = verifyHash, throttle } = options;
  const attempt = { account: username, address: ctx.ip };
  const wait = (await throttle?.attempt(attempt)) ?? 0;
  if (wait > 0) throw new TooManyRequests("Too many attempts to log in", { headers: { "retry-after": String(wait) } });
  const user = (await findUser(username)) ?? undefined;
  const isRight = await verify(password, user);
  if (user === undefined || !isRight) throw new Unauthorized("Invalid credentials");
  await throttle?.succeed(attempt);
  return user;
}

async function verifyHash(password: string, user: AccountUser | undefined): Promise<boolean> {
  const hash = user?.password;
  // An account without a password, or with one marked as unusable, takes as long as any other.
  const isUsable = typeof hash === "string" && hash.startsWith("$");
  try {
    return (await Bun.password.verify(password, isUsable ? hash : NOBODYS_HASH)) && isUsable;
  } catch {
    // What the verifier says of a hash that it cannot read may quote it.
    return false;
  }
}
