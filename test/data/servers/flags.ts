/** `--name=value`, or `--name` alone for `true`. */
export function flags(values: Readonly<Record<string, string | number | true>>): string[] {
  return Object.entries(values).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));
}
