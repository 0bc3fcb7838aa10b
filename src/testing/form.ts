/** A file that a test sends: a `File` has a name, a text or bytes get that of their field. */
export type TestFile = Blob | string | Uint8Array<ArrayBuffer>;

/** A form as a test writes it: lists repeat their field, `null` and `undefined` are left out. */
export interface TestForm {
  readonly form?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, TestFile | readonly TestFile[] | undefined>>;
}

/** Multipart (RFC 7578) where there are files, else urlencoded. */
export function formBody({ form = {}, files }: TestForm): FormData | URLSearchParams {
  const texts = flat(form);
  if (files === undefined && !texts.some(([, value]) => value instanceof Blob))
    return new URLSearchParams(texts.map(([name, value]) => [name, written(value)]));
  const body = new FormData();
  for (const [name, value] of texts) {
    if (value instanceof Blob) body.append(name, asFile(name, value));
    else body.append(name, written(value));
  }
  for (const [name, value] of flat(files ?? {})) body.append(name, asFile(name, value as TestFile));
  return body;
}

function flat(values: Readonly<Record<string, unknown>>): (readonly [string, unknown])[] {
  return Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined && one !== null)
      .map((one: unknown) => [name, one] as const),
  );
}

function asFile(name: string, value: TestFile): File {
  if (value instanceof File) return value;
  return value instanceof Blob
    ? new File([value], name, { type: value.type })
    : new File([value], name, { type: typeof value === "string" ? "text/plain" : "application/octet-stream" });
}

function written(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
