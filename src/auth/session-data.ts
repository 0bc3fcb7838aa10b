import type { Visit } from "./session-visit.ts";

/**
 * What a session holds: anything JSON under keys of your own. What you change is written once, after the answer, and only then;
 * values that you change in place count. An answer of 500 or above writes nothing.
 */
export interface Session {
  get<T = unknown>(key: string): T | undefined;
  get<T>(key: string, otherwise: T): T;
  /** Errors: `TypeError` for what JSON cannot hold. */
  set(key: string, value: unknown): void;
  /** Reads and removes. */
  pop<T = unknown>(key: string): T | undefined;
  pop<T>(key: string, otherwise: T): T;
  keys(): readonly string[];
  entries(): readonly (readonly [key: string, value: unknown])[];
  /** Ends this session and begins a new one, with nothing and nobody in it. */
  flush(): void;
  /** The same contents under a new id, for example when somebody gains a right. `login` does it by itself. */
  cycle(): void;
}

/** A visit's session, as handlers see it. */
export function sessionData(visit: Visit): Session {
  return {
    get: (key: string, otherwise?: unknown) => visit.data[key] ?? otherwise,
    set(key: string, value: unknown) {
      if (JSON.stringify(value) === undefined) throw new TypeError(`session: "${key}" is set to what JSON cannot hold`);
      visit.data[key] = value;
    },
    pop(key: string, otherwise?: unknown) {
      const value = visit.data[key] ?? otherwise;
      delete visit.data[key];
      return value;
    },
    keys: () => Object.keys(visit.data),
    entries: () => Object.entries(visit.data),
    flush: () => visit.flush(),
    cycle: () => visit.cycle(),
  } as Session;
}
