import type { RequestContext } from "../http/index.ts";
import type { Guard, Principal } from "./backend.ts";

/** What all guards of your own say. */
interface GuardNames {
  /** For the document and for `bolide routes --explain`. */
  readonly name: string;
  /** The status for callers that it refuses; default 403. */
  readonly status?: number;
  readonly description?: string;
}

/** What {@link defineGuard} takes. */
export type GuardDefinition =
  | (GuardNames & {
      /** Default: a caller without a principal is answered 401 and the check is not asked. */
      readonly anonymous?: false;
      check(ctx: RequestContext, user: Principal): boolean | Promise<boolean>;
    })
  | (GuardNames & {
      /** The check decides about callers without a principal as well. */
      readonly anonymous: true;
      check(ctx: RequestContext, user: Principal | undefined): boolean | Promise<boolean>;
    });

/**
 * A guard of your own. It answers at once or with a promise; one that throws refuses, with the error's answer.
 *
 * Errors: `TypeError` for a name that is empty, `RangeError` for a status that is none from 400 to 499.
 *
 * @example
 * ```ts
 * const office = defineGuard({ name: "office", anonymous: true, check: (ctx) => ctx.ip?.startsWith("10.") ?? false });
 * api.get("/printers", { guards: [office] }, () => ["hall"]);
 * ```
 */
export function defineGuard(definition: Extract<GuardDefinition, { readonly anonymous: true }>): Guard<true>;
export function defineGuard(definition: Exclude<GuardDefinition, { readonly anonymous: true }>): Guard<false>;
export function defineGuard(definition: GuardDefinition): Guard {
  const { name, status = 403, description, anonymous = false } = definition;
  // The union says to a caller which check goes with which; here both are asked alike.
  const check = definition.check as (ctx: RequestContext, user: Principal | undefined) => boolean | Promise<boolean>;
  if (name === "") throw new TypeError("defineGuard: a guard needs a name");
  if (!(Number.isInteger(status) && status >= 400 && status <= 499)) {
    throw new RangeError(`defineGuard: ${name} takes a status from 400 to 499, not ${status}`);
  }
  return guard(name, anonymous, (user, ctx) => check.call(definition, ctx, user), { status, description });
}

type Check = Guard["check"];

function guard<A extends boolean>(
  name: string,
  anonymous: A,
  check: Check,
  { status = 403, description }: { readonly status?: number; readonly description?: string | undefined } = {},
): Guard<A> {
  return Object.freeze({
    name,
    status,
    ...(description === undefined ? {} : { description }),
    ...(anonymous ? { anonymous } : {}),
    check: anonymous
      ? check
      : (user: Principal | undefined, ctx: RequestContext) => user !== undefined && check(user, ctx),
  });
}

const ANYBODY = guard("allowAny", true, () => true);
const AUTHENTICATED = guard("isAuthenticated", false, () => true);
const GUEST = guard("not(isAuthenticated)", true, (user) => user === undefined);

/**
 * Lets everybody in, with `ctx.user` for those who are known: opens a route inside a protected scope.
 *
 * Credentials that are presented and no good are answered 401 all the same.
 *
 * @example
 * ```ts
 * secured.get("/news", { guards: [allowAny()] }, ({ user }) => ({ for: user?.id ?? "everybody" }));
 * ```
 */
export function allowAny(): Guard<true> {
  return ANYBODY;
}

/** Lets in whoever a backend knows; what `auth` without `guards` means. */
export function isAuthenticated(): Guard<false> {
  return AUTHENTICATED;
}

/** Lets in who has the role `staff`, which the claim `is_staff` gives. */
export function isStaff(): Guard<false> {
  return guard("isStaff", false, (user) => user!.roles.has("staff"));
}

/** Lets in who has the role `admin`, which the claims `is_superuser` and `is_admin` give. */
export function isAdmin(): Guard<false> {
  return guard("isAdmin", false, (user) => user!.roles.has("admin"));
}

/** Lets in who has this role. */
export function hasRole(role: string): Guard<false> {
  return guard(called("hasRole", [role]), false, (user) => user!.roles.has(role));
}

/** Lets in who has one of these roles at least. Errors: `TypeError` for none. */
export function hasAnyRole(...roles: readonly string[]): Guard<false> {
  return guard(called("hasAnyRole", roles), false, (user) => roles.some((role) => user!.roles.has(role)));
}

/** Lets in who has this permission. */
export function hasPermission(permission: string): Guard<false> {
  return guard(called("hasPermission", [permission]), false, (user) => user!.permissions.has(permission));
}

/** Lets in who has one of these permissions at least. Errors: `TypeError` for none. */
export function hasAnyPermission(...permissions: readonly string[]): Guard<false> {
  return guard(called("hasAnyPermission", permissions), false, (user) =>
    permissions.some((permission) => user!.permissions.has(permission)),
  );
}

/** Lets in who has each of these permissions. Errors: `TypeError` for none. */
export function hasAllPermissions(...permissions: readonly string[]): Guard<false> {
  return guard(called("hasAllPermissions", permissions), false, (user) =>
    permissions.every((permission) => user!.permissions.has(permission)),
  );
}

/** What a claim can be compared with. */
export type ClaimValue = string | number | boolean;

/**
 * Lets in whose claim has one of the values, or holds one where it is an array; passes a test, where that is a function; or is there
 * at all (neither absent, `null` nor `false`), where nothing is said.
 *
 * @example
 * ```ts
 * api.get("/beta", { auth, guards: [requires("email_verified", true), requires("plan", "team", "company")] }, () => "hello");
 * ```
 */
export function requires(claim: string, ...values: readonly ClaimValue[]): Guard<false>;
export function requires(claim: string, test: (value: unknown) => boolean): Guard<false>;
export function requires(
  claim: string,
  ...wanted: readonly (ClaimValue | ((value: unknown) => boolean))[]
): Guard<false> {
  const [first] = wanted;
  const values: readonly unknown[] = wanted;
  const isGood = (value: unknown): boolean => {
    if (typeof first === "function") return first(value);
    if (values.length === 0) return value !== undefined && value !== null && value !== false;
    return Array.isArray(value) ? value.some((one) => values.includes(one)) : values.includes(value);
  };
  const said = typeof first === "function" ? [claim, "…"] : [claim, ...wanted.map(String)];
  return guard(called("requires", said), false, (user) => isGood(claimOf(user!, claim)));
}

/** A claim of one's own: what every object inherits is none. */
function claimOf({ claims }: Principal, name: string): unknown {
  return typeof claims === "object" && claims !== null && Object.hasOwn(claims, name)
    ? (claims as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function called(guard: string, values: readonly string[]): string {
  if (values.length === 0) throw new TypeError(`${guard}: name one at least`);
  return `${guard}(${values.join(", ")})`;
}

/** How the opposite of a guard made of others is made: by what they are made of, so that no doubt about a caller turns into a yes. */
const OPPOSITES = new WeakMap<Guard, () => Guard>([
  [AUTHENTICATED, () => GUEST],
  [GUEST, () => AUTHENTICATED],
]);

/** Lets in who passes every guard; asked in order, up to the first that refuses. Errors: `TypeError` for none. */
export function all(...guards: readonly Guard[]): Guard {
  const made = joined("all", guards, guards.every(isOpen), false);
  OPPOSITES.set(made, () => any(...guards.map(not)));
  return made;
}

/** Lets in who passes one guard at least; asked in order, up to the first that lets in. Errors: `TypeError` for none. */
export function any(...guards: readonly Guard[]): Guard {
  const made = joined("any", guards, guards.some(isOpen), true);
  OPPOSITES.set(made, () => all(...guards.map(not)));
  return made;
}

/**
 * Lets in whom the guard refuses. Callers without a principal are refused as well, unless it is about them: `not(isAuthenticated())`
 * is for guests only.
 *
 * @example
 * ```ts
 * api.post("/comments", { auth, guards: [not(hasRole("muted"))] }, () => created());
 * ```
 */
export function not(refusing: Guard): Guard {
  const opposite = OPPOSITES.get(refusing);
  if (opposite !== undefined) return opposite();
  const made = guard(`not(${refusing.name})`, isOpen(refusing), (user, ctx) => {
    const answer = refusing.check(user, ctx);
    return answer instanceof Promise ? answer.then((passes) => !passes) : !answer;
  });
  OPPOSITES.set(made, () => refusing);
  return made;
}

const isOpen = (guard: Guard): boolean => guard.anonymous === true;

/** Guards one after the other until one answers `decisive`. */
function joined(name: "all" | "any", guards: readonly Guard[], anonymous: boolean, decisive: boolean): Guard {
  const names = guards.map((one) => one.name);
  const { status } = guards[0] ?? { status: 403 };
  const ask = (from: number, user: Principal | undefined, ctx: RequestContext): boolean | Promise<boolean> => {
    for (let at = from; at < guards.length; at++) {
      const answer = askOne(guards[at]!, user, ctx);
      if (answer instanceof Promise) {
        return answer.then((passes) => (passes === decisive ? decisive : ask(at + 1, user, ctx)));
      }
      if (answer === decisive) return decisive;
    }
    return !decisive;
  };
  return guard(called(name, names), anonymous, (user, ctx) => ask(0, user, ctx), {
    status: guards.every((one) => one.status === status) ? status : 403,
  });
}

/** A guard that knows nothing of callers without a principal is not asked about them. */
function askOne(guard: Guard, user: Principal | undefined, ctx: RequestContext): boolean | Promise<boolean> {
  return user === undefined && !isOpen(guard) ? false : guard.check(user, ctx);
}
