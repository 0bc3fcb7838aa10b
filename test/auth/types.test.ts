import { expect, expectTypeOf, test } from "bun:test";
import {
  apiKey,
  type AuthResult,
  type Backend,
  defineAuth,
  defineGuard,
  jwsVerify,
  jwt,
  type JwtClaims,
  type Principal,
} from "../../src/auth/index.ts";
import { t } from "../../src/schema/index.ts";

type PrincipalOf<B> = B extends Backend<infer P> ? P : never;

test("a schema types the claims", () => {
  const backend = jwt({ secret: "s", claims: t.Object({ role: t.String(), since: t.Optional(t.Date()) }) });
  type P = PrincipalOf<typeof backend>;
  expectTypeOf<P["claims"]["role"]>().toEqualTypeOf<string>();
  expectTypeOf<P["claims"]["since"]>().toEqualTypeOf<Date | undefined>();
  expectTypeOf<P["claims"]["sub"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<P["claims"]["anything"]>().toEqualTypeOf<unknown>();
  const short = jwt({ secret: "s", claims: { level: t.Integer() } });
  expectTypeOf<PrincipalOf<typeof short>["claims"]["level"]>().toEqualTypeOf<number>();
  const plain = jwt({ secret: "s" });
  expectTypeOf<PrincipalOf<typeof plain>["claims"]>().toExtend<JwtClaims>();
  expect(backend.name).toBe("jwt");
});

test("loadUser sees the claims and types the user", () => {
  const backend = jwt({
    secret: "s",
    claims: { tenant: t.Integer() },
    loadUser: async (id, claims) => {
      expectTypeOf(id).toEqualTypeOf<string>();
      expectTypeOf(claims.tenant).toEqualTypeOf<number>();
      return { name: "Zoë" };
    },
  });
  type U = Awaited<PrincipalOf<typeof backend>["user"]>;
  expectTypeOf<U>().toEqualTypeOf<{ name: string } | undefined>();
  expect(backend.name).toBe("jwt");
});

test("an environment variable may be a secret, and nothing else may", () => {
  expect(jwt({ secret: Bun.env["NO_SUCH_SECRET"] }).name).toBe("jwt");
  // @ts-expect-error a secret is text, bytes or a JWK
  expect(jwt({ secret: 17 }).name).toBe("jwt");
  // @ts-expect-error there is no such algorithm
  expect(() => jwt({ secret: "s", algorithms: ["none"] })).toThrow(TypeError);
});

test("keys and backends of one's own carry their claims", () => {
  const keys = apiKey({ lookup: () => ({ id: "a", claims: { tenant: 3 } }) });
  expectTypeOf<PrincipalOf<typeof keys>["claims"]>().toEqualTypeOf<{ tenant: number }>();
  const own = defineAuth({
    name: "own",
    authenticate: () => ({ id: 1, claims: { seat: "4A" } }),
    loadUser: (_, { seat }) => ({ seat }),
  });
  expectTypeOf<PrincipalOf<typeof own>>().toEqualTypeOf<Principal<{ seat: string }, { seat: string }>>();
  expectTypeOf(own.authenticate).returns.toEqualTypeOf<
    AuthResult<PrincipalOf<typeof own>> | Promise<AuthResult<PrincipalOf<typeof own>>>
  >();
  expect([keys.name, own.name]).toEqual(["api-key", "own"]);
});

test("a guard that judges strangers must reckon with them", () => {
  defineGuard({ name: "known", check: (_, user) => (expectTypeOf(user).toEqualTypeOf<Principal>(), user.id !== "") });
  defineGuard({
    name: "open",
    anonymous: true,
    check: (_, user) => (expectTypeOf(user).toEqualTypeOf<Principal | undefined>(), user === undefined),
  });
  // @ts-expect-error there may be no user
  expect(defineGuard({ name: "careless", anonymous: true, check: (_, user) => user.id !== "" }).name).toBe("careless");
});

test("bytes and secrets verify at once, imported keys with a promise", () => {
  expectTypeOf<ReturnType<typeof jwsVerify>>().toEqualTypeOf<Uint8Array | Promise<Uint8Array>>();
  const withBytes = (key: Uint8Array) => jwsVerify("", key);
  const withJwk = () => jwsVerify("", { kty: "oct", k: "" }, { algorithms: ["HS256"] });
  const withKey = (key: CryptoKey) => jwsVerify("", key);
  expectTypeOf(withBytes).returns.toEqualTypeOf<Uint8Array>();
  expectTypeOf(withJwk).returns.toEqualTypeOf<Uint8Array>();
  expectTypeOf(withKey).returns.toEqualTypeOf<Promise<Uint8Array>>();
  expect(withJwk).toThrow("empty");
});
