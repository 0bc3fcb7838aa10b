/** A parameter whose value is known only when the query runs: what `prepared` puts in its place. */
export class Placeholder {
  readonly name: string;
  /** What the column does to a value that is written to it. */
  readonly write: ((value: unknown) => unknown) | undefined;

  constructor(name: string, write?: (value: unknown) => unknown) {
    this.name = name;
    this.write = write;
  }
}
