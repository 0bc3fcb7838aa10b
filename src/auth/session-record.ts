import type { AnyClaims } from "./principal.ts";

/** Who is logged in, as it was said at `login`. */
export interface SessionUser {
  /** Kept as text. */
  readonly id: string | number | bigint;
  readonly permissions?: Iterable<string>;
  readonly roles?: Iterable<string>;
  /** Anything JSON; become `claims` of the principal, beside `roles` and `permissions`. */
  readonly claims?: AnyClaims;
}

/** A {@link SessionUser} as it is stored. */
export interface StoredUser {
  readonly id: string;
  readonly claims: AnyClaims;
  /** The user's version at login; absent where it was 0. */
  readonly ver?: number;
}

/** A session as it is stored, as JSON. */
export interface SessionRecord {
  user?: StoredUser;
  data: Record<string, unknown>;
  /** When it ends, milliseconds since 1970. */
  end: number;
}

/** A session without anything in it. Its data has no prototype: no key can mean more than itself. */
export function emptyRecord(): SessionRecord {
  return { data: bare({}), end: 0 };
}

function bare(data: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, data);
}

/** Reads what {@link formatRecord} wrote. */
export function parseRecord(text: string): SessionRecord {
  const record = JSON.parse(text) as SessionRecord;
  record.data = bare(record.data);
  return record;
}

/** A record as text, `end` first. */
export function formatRecord({ end, user, data }: SessionRecord): string {
  return `{"end":${end},${JSON.stringify({ user, data }).slice(1)}`;
}

/** Whether a record holds what the text holds; when they end does not count. */
export function holdsSame(text: string, { user, data }: SessionRecord): boolean {
  return text.slice(text.indexOf(",") + 1) === JSON.stringify({ user, data }).slice(1);
}

/** The user as it is stored. Errors: `TypeError` for an id that is empty or none. */
export function storedUser({ id, roles, permissions, claims }: SessionUser, version: number): StoredUser {
  const text = String(id ?? "");
  if (text === "") throw new TypeError("login needs a user with an id");
  return {
    id: text,
    claims: {
      ...claims,
      ...(roles === undefined ? {} : { roles: [...roles] }),
      ...(permissions === undefined ? {} : { permissions: [...permissions] }),
    },
    ...(version === 0 ? {} : { ver: version }),
  };
}

/** Puts on `fresh` what has changed from `before` to `after`, key by key: what somebody else wrote meanwhile stays. */
export function merge(fresh: SessionRecord, before: SessionRecord, after: SessionRecord): SessionRecord {
  const data = bare(fresh.data);
  for (const key of new Set([...Object.keys(before.data), ...Object.keys(after.data)])) {
    const value = JSON.stringify(after.data[key]);
    if (value === JSON.stringify(before.data[key])) continue;
    if (value === undefined) delete data[key];
    else data[key] = after.data[key];
  }
  return { ...fresh, data, end: Math.max(fresh.end, after.end) };
}
