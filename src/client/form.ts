/** What a call sends as a form. */
export interface FormInput {
  readonly form?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, unknown>>;
}

/**
 * A form as a body: multipart (RFC 7578) where it has files, else urlencoded. A list repeats its name; what is `undefined` or null
 * is left out, as a field that nobody filled in.
 */
export function formBody(
  { form = {}, files }: FormInput,
  write: (value: unknown) => string,
): FormData | URLSearchParams {
  const all = Object.entries({ ...form, ...files }).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined && one !== null)
      .map((one: unknown) => [name, one] as const),
  );
  if (files === undefined && !all.some(([, value]) => value instanceof Blob))
    return new URLSearchParams(all.map(([name, value]) => [name, write(value)]));
  const body = new FormData();
  for (const [name, value] of all) body.append(name, value instanceof Blob ? value : write(value));
  return body;
}
