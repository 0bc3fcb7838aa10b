const values = new WeakMap<object, string | Response>();

/**
 * A handler that always answers the same: where nothing else runs for its route, Bun serves it as its own static response.
 *
 * @example
 * ```ts
 * api.get("/robots.txt", constant("User-agent: *\nDisallow:"));
 * ```
 */
export function constant<T extends string | Response>(value: T): () => T {
  const answer = (): T => (value instanceof Response ? (value.clone() as T) : value);
  values.set(answer, value);
  return answer;
}

/** What a handler made by {@link constant} answers; `undefined` for any other. */
export function constantValue(handler: object): string | Response | undefined {
  return values.get(handler);
}
