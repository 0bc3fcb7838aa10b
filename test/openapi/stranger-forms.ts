import fc, { type Arbitrary } from "fast-check";
import type { EncodingObject, JsonSchema } from "../../src/openapi/model.ts";
import { besides, type Resolve, valuesOf } from "./arbitrary.ts";

/** A media type of a form, as a document describes it. */
export interface FormMedia {
  readonly type: string;
  readonly schema: JsonSchema;
  readonly encoding?: Readonly<Record<string, EncodingObject>>;
}

/** The media types of a form among those of a body. */
export function formMedia(
  content: Readonly<Record<string, { readonly schema?: JsonSchema; readonly encoding?: FormMedia["encoding"] }>>,
): readonly FormMedia[] {
  return Object.entries(content)
    .filter(([type]) => type === MULTIPART || type === "application/x-www-form-urlencoded")
    .map(([type, { schema = {}, encoding }]) => ({ type, schema, ...(encoding && { encoding }) }));
}

const MULTIPART = "multipart/form-data";

/** A form that is filled in. */
export class FilledForm {
  readonly media: FormMedia;
  readonly values: Readonly<Record<string, unknown>>;
  /** A media type for the files of one name, instead of one that the document names. */
  readonly types: Readonly<Record<string, string>>;

  constructor(media: FormMedia, values: Readonly<Record<string, unknown>>, types: FilledForm["types"] = {}) {
    this.media = media;
    this.values = values;
    this.types = types;
  }

  /** As an HTTP client would send it. */
  write(resolve: Resolve): FormData | URLSearchParams {
    const fields = Object.entries(this.values).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const items = (Array.isArray(value) ? value : [value]).map(String);
      const one = this.media.encoding?.[name];
      return (one?.explode === false ? [items.join(",")] : items).map((item) => [name, item] as const);
    });
    if (this.media.type !== MULTIPART) return new URLSearchParams(fields.map((field) => [...field]));
    const properties = propertiesOf(this.media, resolve);
    const form = new FormData();
    for (const [name, text] of fields) {
      const isFile = isBinary(properties[name] ?? {}, resolve) && this.types[name] !== AS_TEXT;
      form.append(name, isFile ? new File([text], "a file.bin", { type: this.#typeOf(name) }) : text);
    }
    return form;
  }

  #typeOf(name: string): string {
    const declared = this.media.encoding?.[name]?.contentType?.split(", ")[0] ?? "application/octet-stream";
    return this.types[name] ?? declared.replace("*", "png");
  }
}

/** In the place of a media type: a field without a file name. */
const AS_TEXT = "";

/** Forms that the document allows, in each of the media types. */
export function formsOf(media: readonly FormMedia[], resolve: Resolve): Arbitrary<FilledForm> {
  return fc
    .constantFrom(...media)
    .chain((one) =>
      valuesOf(one.schema, resolve).map((values) => new FilledForm(one, values as Record<string, unknown>)),
    );
}

/** The form with one thing wrong; `reads` tells whether a text may be a value of a schema. */
export function formFaults(
  { media, values }: FilledForm,
  resolve: Resolve,
  reads: (schema: JsonSchema, text: string) => boolean,
): readonly FilledForm[] {
  const required = new Set((resolved(media.schema, resolve)["required"] as string[] | undefined) ?? []);
  return Object.entries(propertiesOf(media, resolve)).flatMap(([name, schema]) => {
    const put = (value: unknown, types: FilledForm["types"] = {}) =>
      new FilledForm(media, { ...values, [name]: value }, types);
    const missing = required.has(name) ? [put(undefined)] : [];
    if (!isBinary(schema, resolve))
      return [...missing, ...TEXTS.filter((text) => !reads(schema, text)).map((text) => put(text))];
    const [most, least] = [schema["maxItems"], schema["minItems"]].map((bound) => bound as number | undefined);
    const one = resolved((schema["items"] ?? schema) as JsonSchema, resolve);
    const [largest, smallest] = [one["x-max-bytes"], one["x-min-bytes"]].map((bound) => bound as number | undefined);
    const good = "a".repeat(smallest ?? 1);
    return [
      ...missing,
      ...(required.has(name) ? [put(good, { [name]: AS_TEXT })] : []),
      ...(most === undefined ? [] : [put(Array.from({ length: most + 1 }, () => good))]),
      ...(least === undefined || least < 2 ? [] : [put([good])]),
      ...(largest === undefined ? [] : [put("a".repeat(largest + 1))]),
      ...(smallest === undefined ? [] : [put("a".repeat(smallest - 1))]),
      ...(media.encoding?.[name]?.contentType === undefined ? [] : [put(good, { [name]: "application/x-unheard-of" })]),
    ];
  });
}

const TEXTS = ["", "x", "-1", "0.5", "99999999999999999999", "a long text that no short one is", "2024-13-45", "true"];

function propertiesOf({ schema }: FormMedia, resolve: Resolve): Readonly<Record<string, JsonSchema>> {
  const properties = (resolved(schema, resolve)["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, resolved(one, resolve)]));
}

function resolved(schema: JsonSchema, resolve: Resolve): JsonSchema {
  return typeof schema["$ref"] === "string" ? besides(resolve(schema["$ref"]), schema) : schema;
}

function isBinary(schema: JsonSchema, resolve: Resolve): boolean {
  const one = schema["type"] === "array" ? resolved((schema["items"] ?? {}) as JsonSchema, resolve) : schema;
  return one["format"] === "binary";
}
