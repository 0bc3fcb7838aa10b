import { allowAny, issueToken, jwt } from "bolide";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const { JWT_SECRET, REALWORLD_DB = ".bolide/realworld.db" } = Bun.env;
/** Beside the database, so that tokens are good for as long as the users are. */
const KEPT = join(dirname(REALWORLD_DB), "realworld.secret");
const random = () => crypto.getRandomValues(new Uint8Array(32)).toBase64();
const secret = JWT_SECRET || (existsSync(KEPT) ? readFileSync(KEPT, "utf8") : random());

/** Keeps a secret that nobody gave for the next start. */
export function keepSecret(): void {
  if (JWT_SECRET || (existsSync(KEPT) && readFileSync(KEPT, "utf8") === secret)) return;
  mkdirSync(dirname(KEPT), { recursive: true });
  // Fails where another start has just kept one of its own, which the next start finds.
  writeFileSync(KEPT, secret, { mode: 0o600, flag: "wx" });
  console.log(`JWT_SECRET is not set: tokens are signed with a new secret, kept in ${KEPT}`);
}

const signing = { secret, expiresIn: 30 * 24 * 60 * 60 };
const token = jwt({ secret, scheme: "Token", name: "Token" });

/** A token for a user, good for 30 days. */
export const tokenFor = (id: number): string => issueToken({ sub: String(id) }, signing);

/** Contracts begin with one of these: a token is needed, or may be there. */
export const members = { auth: token } as const;
export const everybody = { auth: token, guards: [allowAny()] } as const;

/** The id of whoever asks; without a token 0, which nobody has. */
export const idOf = (user: { readonly id: string } | undefined): number => Number(user?.id ?? 0);
