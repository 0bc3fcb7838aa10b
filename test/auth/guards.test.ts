import { describe, expect, test } from "bun:test";
import {
  all,
  allowAny,
  any,
  defineGuard,
  type Guard,
  hasAllPermissions,
  hasAnyPermission,
  hasAnyRole,
  hasPermission,
  hasRole,
  isAdmin,
  isAuthenticated,
  isStaff,
  not,
  type Principal,
  requires,
} from "../../src/auth/index.ts";
import { contextOf } from "../middleware/context.ts";

const ctx = contextOf(new Request("http://a/"));

function user(more: { roles?: string[]; permissions?: string[]; claims?: unknown } = {}): Principal {
  return {
    id: "17",
    backend: "test",
    roles: new Set(more.roles),
    permissions: new Set(more.permissions),
    claims: more.claims ?? {},
    user: undefined,
  };
}

const NOBODY = undefined;
const PLAIN = user();
const EDITOR = user({ roles: ["editor"], permissions: ["post.add", "post.change"] });
const ADMIN = user({ roles: ["admin", "staff"] });
const MUTED = user({ roles: ["muted"] });

/** Who gets in: nobody in particular, anybody known, an editor, an admin, somebody muted. */
type Letting = readonly [nobody: boolean, plain: boolean, editor: boolean, admin: boolean, muted: boolean];

const later = (guard: Guard): Guard => ({
  ...guard,
  check: async (principal, context) => guard.check(principal, context),
});

const TABLE: readonly (readonly [name: string, Guard, ...Letting])[] = [
  ["allowAny", allowAny(), true, true, true, true, true],
  ["isAuthenticated", isAuthenticated(), false, true, true, true, true],
  ["isStaff", isStaff(), false, false, false, true, false],
  ["isAdmin", isAdmin(), false, false, false, true, false],
  ["hasRole(editor)", hasRole("editor"), false, false, true, false, false],
  ["hasAnyRole(editor, admin)", hasAnyRole("editor", "admin"), false, false, true, true, false],
  ["hasPermission(post.add)", hasPermission("post.add"), false, false, true, false, false],
  [
    "hasAnyPermission(post.delete, post.add)",
    hasAnyPermission("post.delete", "post.add"),
    false,
    false,
    true,
    false,
    false,
  ],
  [
    "hasAllPermissions(post.change, post.add)",
    hasAllPermissions("post.change", "post.add"),
    false,
    false,
    true,
    false,
    false,
  ],
  [
    "hasAllPermissions(post.add, post.delete)",
    hasAllPermissions("post.add", "post.delete"),
    false,
    false,
    false,
    false,
    false,
  ],
  [
    "all(hasRole(editor), hasPermission(post.add))",
    all(hasRole("editor"), hasPermission("post.add")),
    false,
    false,
    true,
    false,
    false,
  ],
  ["all(hasRole(editor), isAdmin)", all(hasRole("editor"), isAdmin()), false, false, false, false, false],
  ["any(hasRole(editor), isAdmin)", any(hasRole("editor"), isAdmin()), false, false, true, true, false],
  ["any(isAdmin, allowAny)", any(isAdmin(), allowAny()), true, true, true, true, true],
  ["all(allowAny, isAdmin)", all(allowAny(), isAdmin()), false, false, false, true, false],
  ["not(hasRole(muted))", not(hasRole("muted")), false, true, true, true, false],
  ["not(isAuthenticated)", not(isAuthenticated()), true, false, false, false, false],
  ["isAuthenticated", not(not(isAuthenticated())), false, true, true, true, true],
  ["hasRole(muted)", not(not(hasRole("muted"))), false, false, false, false, true],
  ["not(allowAny)", not(allowAny()), false, false, false, false, false],
  ["all(not(hasRole(muted)), not(isAdmin))", not(any(hasRole("muted"), isAdmin())), false, true, true, false, false],
  ["any(not(hasRole(muted)), not(isAdmin))", not(all(hasRole("muted"), isAdmin())), false, true, true, true, true],
  [
    "all(not(hasRole(muted)), not(allowAny))",
    not(any(hasRole("muted"), allowAny())),
    false,
    false,
    false,
    false,
    false,
  ],
  ["any(not(isAuthenticated), isAdmin)", any(not(isAuthenticated()), isAdmin()), true, false, false, true, false],
  [
    "all(hasRole(editor), hasPermission(post.add))",
    all(later(hasRole("editor")), later(hasPermission("post.add"))),
    false,
    false,
    true,
    false,
    false,
  ],
  ["any(hasRole(editor), isAdmin)", any(later(hasRole("editor")), later(isAdmin())), false, false, true, true, false],
  ["any(hasRole(editor), isAdmin)", any(hasRole("editor"), later(isAdmin())), false, false, true, true, false],
  ["not(hasRole(muted))", not(later(hasRole("muted"))), false, true, true, true, false],
];

test.each(TABLE.map(([name, guard, ...letting]) => [name, guard, letting] as const))(
  "%s",
  async (name, guard, letting) => {
    expect(guard.name).toBe(name);
    expect(guard.status).toBe(403);
    const answers: boolean[] = [];
    for (const principal of [NOBODY, PLAIN, EDITOR, ADMIN, MUTED]) answers.push(await guard.check(principal, ctx));
    expect(answers).toEqual([...letting]);
    // Who is not marked as open to callers without a principal must never let one in.
    if (letting[0]) expect(guard.anonymous).toBe(true);
  },
);

describe("a claim", () => {
  const claims: readonly (readonly [Guard, claims: unknown, passes: boolean])[] = [
    [requires("plan"), {}, false],
    [requires("plan"), { plan: null }, false],
    [requires("plan"), { plan: false }, false],
    [requires("plan"), { plan: 0 }, true],
    [requires("plan"), { plan: "team" }, true],
    [requires("plan", "team"), { plan: "team" }, true],
    [requires("plan", "team"), { plan: "free" }, false],
    [requires("plan", "team", "company"), { plan: "company" }, true],
    [requires("plan", "team"), { plan: ["free", "team"] }, true],
    [requires("plan", "team"), { plan: ["free"] }, false],
    [requires("plan", "team"), { plan: [["team"]] }, false],
    [requires("verified", true), { verified: true }, true],
    [requires("verified", true), { verified: "true" }, false],
    [requires("verified", true), { verified: 1 }, false],
    [requires("level", 2), { level: 2 }, true],
    [requires("level", (level) => Number(level) >= 2), { level: 3 }, true],
    [requires("level", (level) => Number(level) >= 2), { level: 1 }, false],
    [requires("level", (level) => level === undefined), {}, true],
    [requires("toString"), {}, false],
    [requires("__proto__"), {}, false],
    [requires("constructor"), { plan: "team" }, false],
    [requires("plan"), null, false],
    [requires("length"), "team", false],
  ];
  test.each(claims.map(([guard, ...rest]) => [guard.name, ...rest, guard] as const))(
    "%s of %j: %p",
    (_, held, passes, guard) => {
      expect(guard.check(user({ claims: held }), ctx)).toBe(passes);
      expect(guard.check(undefined, ctx)).toBe(false);
    },
  );

  test("names itself", () => {
    expect([requires("a"), requires("a", "b", 1), requires("a", () => true)].map(({ name }) => name)).toEqual([
      "requires(a)",
      "requires(a, b, 1)",
      "requires(a, …)",
    ]);
  });
});

describe("guards that ask each other", () => {
  const asked: string[] = [];
  const asking = (name: string, answer: boolean | Promise<boolean>): Guard =>
    defineGuard({ name, anonymous: true, check: () => (asked.push(name), answer) });

  test.each([
    ["all", all(asking("a", true), asking("b", false), asking("c", true)), ["a", "b"], false],
    ["any", any(asking("a", false), asking("b", true), asking("c", true)), ["a", "b"], true],
  ] as const)("%s stops at the first that decides, and stays synchronous", (_, guard, names, answer) => {
    asked.length = 0;
    expect(guard.check(PLAIN, ctx)).toBe(answer);
    expect(asked).toEqual([...names]);
  });

  test("all stops at a promise that decides", async () => {
    asked.length = 0;
    expect(await all(asking("a", Promise.resolve(false)), asking("b", true)).check(PLAIN, ctx)).toBe(false);
    expect(asked).toEqual(["a"]);
  });

  test("one that fails refuses with its error", async () => {
    const failing = defineGuard({ name: "failing", check: () => Promise.reject(new Error("down")) });
    await expect(async () => any(failing, isAuthenticated()).check(PLAIN, ctx)).toThrow("down");
    await expect(async () => not(failing).check(PLAIN, ctx)).toThrow("down");
  });

  test("keep a status that they share", () => {
    const hidden = (name: string) => defineGuard({ name, status: 404, check: () => false });
    expect(all(hidden("a"), hidden("b")).status).toBe(404);
    expect(any(hidden("a"), isAdmin()).status).toBe(403);
  });

  test.each([
    [() => all()],
    [() => any()],
    [() => hasAnyRole()],
    [() => hasAnyPermission()],
    [() => hasAllPermissions()],
  ])("%p of nothing is a mistake", (make) => {
    expect(make).toThrow("name one at least");
  });
});

describe("a guard of one's own", () => {
  test("is asked about principals alone, with context and principal", () => {
    const guard = defineGuard({
      name: "header",
      description: "Has the custom header",
      check: ({ request }, { id }) => request.headers.get("x-custom-header") === "secret" && id === "17",
    });
    const good = contextOf(new Request("http://a/", { headers: { "x-custom-header": "secret" } }));
    expect([guard.check(PLAIN, good), guard.check(PLAIN, ctx), guard.check(undefined, good)]).toEqual([
      true,
      false,
      false,
    ]);
    expect({ ...guard, check: undefined }).toEqual({
      name: "header",
      status: 403,
      description: "Has the custom header",
      check: undefined,
    });
  });

  test("is asked about everybody where it says so", () => {
    const guard = defineGuard({
      name: "guest",
      anonymous: true,
      status: 409,
      check: (_, principal) => principal === undefined,
    });
    expect([guard.check(undefined, ctx), guard.check(PLAIN, ctx), guard.status]).toEqual([true, false, 409]);
  });

  test("has a name and a status that fits", () => {
    expect(() => defineGuard({ name: "", check: () => true })).toThrow("needs a name");
    for (const status of [200, 500, 403.5, Number.NaN]) {
      expect(() => defineGuard({ name: "a", status, check: () => true })).toThrow("400 to 499");
    }
  });
});
