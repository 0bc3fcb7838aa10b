import type { FormFile } from "../http/index.ts";
import type { Contract } from "../route/index.ts";
import {
  asObject,
  type FileRules,
  fileRulesOf,
  isFileSchema,
  type Shape,
  t,
  type TObject,
  type TSchema,
} from "../schema/index.ts";

/** Files of one name that a form takes. */
interface FileField {
  readonly schema: TSchema;
  readonly rules: FormFile;
}

/** What a route reads of a form: its texts and its files. */
export interface FormFields {
  /** The object of the texts alone. */
  readonly texts: TObject;
  /** By name. */
  readonly files: ReadonlyMap<string, FileField>;
  /** Which of `form` and `files` are declared: each becomes a property of the context. */
  readonly declared: { readonly form: TObject | undefined; readonly files: TObject | undefined };
  /** Whether an urlencoded form will do: it cannot carry the files that are asked for. */
  readonly urlencoded: boolean;
}

/** Bytes of a form with files unless declared otherwise: 50 MiB. */
export const DEFAULT_UPLOAD_SIZE = 52_428_800;

/** What a contract declares of a form; `undefined` where it declares none. Errors: what cannot work, to `fail`. */
export function formFields(contract: Contract, fail: (reason: string) => never): FormFields | undefined {
  if (contract.form === undefined && contract.files === undefined) return undefined;
  if (contract.body !== undefined)
    fail(`declares a body and ${contract.form === undefined ? "files" : "a form"}: a request has one of them`);
  const form = objectOf(contract.form, "form", fail);
  const uploads = objectOf(contract.files, "files", fail);
  const texts: Record<string, TSchema> = {};
  const files = new Map<string, FileField>();
  for (const [name, schema] of Object.entries<TSchema>(form?.properties ?? {})) {
    if (isFileSchema(schema)) files.set(name, { schema, rules: { source: "form", ...fileRulesOf(schema) } });
    else texts[name] = schema;
  }
  for (const [name, schema] of Object.entries<TSchema>(uploads?.properties ?? {})) {
    if (!isFileSchema(schema)) fail(`declares files.${name}, which is no t.File() or t.Files(): texts belong in form`);
    if (name in texts || files.has(name)) fail(`declares "${name}" in form and in files`);
    files.set(name, { schema, rules: { source: "files", ...fileRulesOf(schema) } });
  }
  const isClosed = [form, uploads].some((one) => one?.additionalProperties === false);
  return {
    texts: t.Object(texts, isClosed ? { additionalProperties: false } : {}),
    files,
    declared: { form, files: uploads },
    urlencoded: [...files.values()].every(({ rules }) => rules.optional || (rules.many && rules.minFiles === 0)),
  };
}

function objectOf(shape: Shape | undefined, source: string, fail: (reason: string) => never): TObject | undefined {
  if (shape === undefined) return undefined;
  try {
    return asObject(shape);
  } catch (error) {
    return fail(`${source}: ${(error as Error).message}`);
  }
}

/** The media types in which a form may come. */
export function formTypes({ urlencoded, files }: FormFields): readonly string[] {
  const multipart = "multipart/form-data";
  return urlencoded
    ? files.size === 0
      ? ["application/x-www-form-urlencoded", multipart]
      : [multipart, "application/x-www-form-urlencoded"]
    : [multipart];
}

/** What is asked of the files of one name, in words: `at most 5 files of at most 1048576 bytes, image/*, leading bytes looked at`. */
export function fileWords({ many, optional, maxSize, minSize, maxFiles, minFiles, types, sniff }: FileRules): string {
  const size = [
    ...(minSize > 0 ? [`at least ${minSize}`] : []),
    ...(maxSize === undefined ? [] : [`at most ${maxSize}`]),
  ].join(" and ");
  const count = [
    ...(minFiles > 0 ? [`at least ${minFiles}`] : []),
    ...(maxFiles === undefined ? [] : [`at most ${maxFiles}`]),
  ].join(" and ");
  const what = many ? `${count === "" ? "any number of" : count} files` : optional ? "file, optional" : "file";
  return [
    size === "" ? what : `${what}, ${many ? "each " : ""}${size} bytes`,
    ...(types.length === 0 ? [] : [types.join(" or ")]),
    ...(sniff ? ["leading bytes looked at"] : []),
  ].join(", ");
}
