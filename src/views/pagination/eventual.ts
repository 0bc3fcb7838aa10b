/** A value, at once or later. */
export type Eventual<T> = T | Promise<T>;

/** Goes on with a value: at once where it is there, so that what is synchronous stays so. */
export function andThen<T, U>(value: Eventual<T>, next: (value: T) => Eventual<U>): Eventual<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
