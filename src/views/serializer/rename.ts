/** How fields are called outside: by a style, or one by one. */
export type Rename = "camel" | "snake" | "kebab" | Readonly<Record<string, string>>;

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
type Joined<S extends string, By extends string, Done extends string = ""> = S extends `${infer Head}${infer Tail}`
  ? Head extends "_"
    ? Joined<Tail, By, `${Done}${By}`>
    : Head extends Lowercase<Head>
      ? Joined<Tail, By, `${Done}${Head}`>
      : Joined<Tail, By, Done extends "" ? Lowercase<Head> : `${Done}${By}${Lowercase<Head>}`>
  : Done;

/** The outer name of a field. */
export type KeyOf<K, R> = K extends string
  ? R extends "camel"
    ? Camel<K>
    : R extends "snake"
      ? Joined<K, "_">
      : R extends "kebab"
        ? Joined<K, "-">
        : K extends keyof R
          ? R[K] & string
          : K
  : never;

const joined = (name: string, by: string): string =>
  name.replaceAll(/_|[A-Z]/g, (letter, at: number) =>
    letter === "_" ? by : `${at === 0 ? "" : by}${letter.toLowerCase()}`,
  );

const STYLES = {
  camel: (name: string) =>
    name
      .split("_")
      .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
      .join(""),
  snake: (name: string) => joined(name, "_"),
  kebab: (name: string) => joined(name, "-"),
} as const;

/** Makes outer names; throws a `TypeError` for a style that there is none of. */
export function namer(rename: Rename | undefined): (name: string) => string {
  if (rename === undefined) return (name) => name;
  if (typeof rename === "string") {
    if (!(rename in STYLES)) throw new TypeError(`serializer: there is no style "${String(rename)}" of names`);
    return STYLES[rename];
  }
  return (name) => rename[name] ?? name;
}
