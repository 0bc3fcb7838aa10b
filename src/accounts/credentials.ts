import { password } from "../auth/index.ts";
import { type RequestContext, TooManyRequests, Unauthorized } from "../http/index.ts";
import type { MaybePromise } from "../store/index.ts";
import type { LoginThrottle } from "./login-throttle.ts";

/** What the ready-made routes need to know of a user. */
export interface AccountUser {
  readonly id: string | number | bigint;
  /** The password's hash, as `password.hash` made it; without one nobody logs in by password. */
  readonly password?: string | null;
  readonly roles?: Iterable<string>;
  readonly permissions?: Iterable<string>;
}

/** How the ready-made routes find out who somebody is. */
export interface CredentialOptions<U extends AccountUser> {
  /** The user of this name, as it was typed in; `undefined` for none, and for one who must not log in. */
  readonly findUser: (username: string) => MaybePromise<U | undefined | null>;
  /**
   * Whether the password is this user's; default `password.verify` against `user.password`. Without a user it must take as long as with
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
 * The user whose credentials these are. Errors: 401 `Invalid credentials`, the same for an unknown user and a wrong password and as late;
 * 429 with `Retry-After` where the throttle says so.
 */
export async function checkCredentials<U extends AccountUser>(
  { username, password: plain }: Credentials,
  ctx: RequestContext,
  options: CredentialOptions<U>,
): Promise<U> {
  const { findUser, verify = verifyHash, throttle } = options;
  const attempt = { account: username, address: ctx.ip };
  const wait = (await throttle?.attempt(attempt)) ?? 0;
  if (wait > 0) throw new TooManyRequests("Too many attempts to log in", { headers: { "retry-after": String(wait) } });
  const user = (await findUser(username)) ?? undefined;
  const isRight = await verify(plain, user);
  if (user === undefined || !isRight) throw new Unauthorized("Invalid credentials");
  await throttle?.succeed(attempt);
  return user;
}

/** An unknown user, and one without a usable hash, take as long as any other. */
function verifyHash(plain: string, user: AccountUser | undefined): Promise<boolean> {
  return password.verify(plain, user?.password);
}
