import type { Visit } from "./session-visit.ts";

/**
 * What a session holds: anything JSON under keys of your own. What you change is written once, after the answer, and only then;
 * values that you change in place count. An answer of 500 or above writes nothing. Once it is made, as in a socket's handler, whatever
 * changes the session throws a `TypeError`: nothing would write it.
 */
export interface Session<Data extends object = Record<string, unknown>> {
  get<K extends keyof Data & string>(key: K): Data[K] | undefined;
  get<K extends keyof Data & string, O>(key: K, otherwise: O): Data[K] | O;
  /** Errors: `TypeError` for what JSON cannot hold. */
  set<K extends keyof Data & string>(key: K, value: Data[K]): void;
  /** Reads and removes. */
  pop<K extends keyof Data & string>(key: K): Data[K] | undefined;
  pop<K extends keyof Data & string, O>(key: K, otherwise: O): Data[K] | O;
  keys(): readonly (keyof Data & string)[];
  entries(): readonly (readonly [key: keyof Data & string, value: Data[keyof Data]])[];
  /** Ends this session and begins a new one, with nothing and nobody in it. */
  flush(): void;
  /** The same contents under a new id, for example when somebody gains a right. `login` does it by itself. */
  cycle(): void;
}

/** A visit's session, as handlers see it. */
export function sessionData<Data extends object>(visit: Visit): Session<Data> {
  const get = (key: string, otherwise?: unknown): unknown => (key in visit.data ? visit.data[key] : otherwise);
  const session: object = {
    get,
    set(key: string, value: unknown) {
      visit.checkChangeable();
      if (JSON.stringify(value) === undefined) throw new TypeError(`session: "${key}" is set to what JSON cannot hold`);
      visit.data[key] = value;
    },
    pop(key: string, otherwise?: unknown) {
      visit.checkChangeable();
      const value = get(key, otherwise);
      delete visit.data[key];
      return value;
    },
    keys: () => Object.keys(visit.data),
    entries: () => Object.entries(visit.data),
    flush: () => visit.flush(),
    cycle: () => visit.cycle(),
  };
  return session as Session<Data>;
}
