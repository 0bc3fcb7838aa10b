import { jwtVerify } from "jose";
import { jwtPolicy, nativeVerifier, scriptVerifier } from "../src/native/jwt.ts";

/**
 * The verification of a JWT of 200 bytes (HS256, six claims), its claims parsed and three of them read: in Zig, in Zig without the SHA
 * instructions of the processor, in TypeScript, and by jose, whose key is bytes ("jose") or imported before ("jose key"). jose has its HMAC
 * made by another thread: the same call takes 14 us or 86, as that thread is awake or asleep. "text" leaves the claims as text.
 */

interface JwtRow {
  readonly parser: string;
  readonly input: string;
  readonly length: number;
  readonly nanoseconds: Readonly<Record<string, number>>;
  readonly ratio: number;
}

type Run = (value: string) => unknown;

const NOW = 1_700_000_000;
const CLOCK = { expiresAfter: NOW - 60, beginsBy: NOW + 60 };
const SECRET = new TextEncoder().encode("a secret of at least 32 bytes, for HS256");
const CLAIMS = { sub: "1234567890", role: "admin", exp: NOW + 3600, iat: NOW, jti: "9f1c2e7a", aud: "api" };

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(): string {
  const message = `${part({ alg: "HS256", typ: "JWT" })}.${part(CLAIMS)}`;
  return `${message}.${new Bun.CryptoHasher("sha256", SECRET).update(message).digest("base64url")}`;
}

interface Claims {
  readonly sub: string;
  readonly role: string;
  readonly exp: number;
}

let read = 0;
/** Kept where no compiler can drop it. */
function use({ sub, role, exp }: Claims): void {
  read += sub.length + role.length + exp;
}

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? NaN;

/** Rounds of all candidates in turn, so that what else the machine does meets all alike. */
export async function measureJwt(rounds: number): Promise<JwtRow[]> {
  const policy = jwtPolicy({ keys: [{ secret: SECRET, algorithms: ["HS256"] }], scheme: "Bearer", requireExp: true });
  const [native, portable, script] = [
    nativeVerifier(policy, false),
    nativeVerifier(policy, true),
    scriptVerifier(policy),
  ];
  if (native === undefined || portable === undefined) throw new Error("The native library is not loaded");
  const bare = token();
  const values = Array.from({ length: 16 }, () => Buffer.from(`Bearer ${bare}`, "latin1").toString("latin1"));
  const parsed =
    (verify: typeof native): Run =>
    (value) =>
      use(JSON.parse(verify(value, CLOCK) as string) as Claims);

  const options = { algorithms: ["HS256"], clockTolerance: 60, currentDate: new Date(NOW * 1000) };
  const key = await crypto.subtle.importKey("raw", SECRET, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const candidates: readonly (readonly [name: string, calls: number, run: Run])[] = [
    ["script", 5_000, parsed(script)],
    ["native", 5_000, parsed(native)],
    ["portable", 5_000, parsed(portable)],
    ["text", 5_000, (value) => native(value, CLOCK)],
    ["jose", 500, async () => use((await jwtVerify(bare, SECRET, options)).payload as unknown as Claims)],
    ["jose key", 500, async () => use((await jwtVerify(bare, key, options)).payload as unknown as Claims)],
  ];

  const times = candidates.map((): number[] => []);
  for (let round = -10; round < rounds; round++) {
    for (const [index, [, calls, run]] of candidates.entries()) {
      const start = Bun.nanoseconds();
      for (let call = 0; call < calls; call++) {
        const result = run(values[call & 15] as string);
        if (result instanceof Promise) await result;
      }
      if (round >= 0) times[index]?.push((Bun.nanoseconds() - start) / calls);
    }
  }
  if (Number.isNaN(read)) throw new Error("A claim was missing");
  const nanoseconds = Object.fromEntries(
    candidates.map(([name], index) => [name, Math.round(median(times[index] ?? []))]),
  );
  const ratio = Math.round((100 * (nanoseconds["script"] ?? NaN)) / (nanoseconds["native"] ?? NaN)) / 100;
  return [{ parser: "hmacVerifier + claims", input: "usual", length: bare.length, nanoseconds, ratio }];
}
