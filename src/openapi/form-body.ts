import { formTypes, type StepOf } from "../compile/index.ts";
import { asObject, isOptional, kindName, nonNull, t, type TObject, type TSchema } from "../schema/index.ts";
import { isCsv } from "./json-schema.ts";
import type { EncodingObject, Examples, JsonSchema, MediaTypeObject, RequestBodyObject } from "./model.ts";
import { withinSafeRange } from "./parameters.ts";

/** Writes the schema of a form. */
export type WriteForm = (schema: TSchema) => JsonSchema;

const MULTIPART = "multipart/form-data";

/** The body of a route that reads a form: by each media type in which it may come. Files come in multipart alone. */
export function formBodyOf(step: StepOf<"form">, write: WriteForm, examples: Examples | undefined): RequestBodyObject {
  const whole = wholeForm(step);
  const texts = step.files.size === 0 ? whole : step.texts;
  return {
    required: Object.values<TSchema>(step.texts.properties).some(isNeeded) || !step.urlencoded,
    content: Object.fromEntries(
      formTypes(step).map((type): [string, MediaTypeObject] => {
        const form = type === MULTIPART ? whole : texts;
        const encoding = encodingOf(step, type === MULTIPART);
        return [
          type,
          {
            schema: asTexts(write(form), form),
            ...(Object.keys(encoding).length === 0 ? {} : { encoding }),
            ...(examples === undefined ? {} : { examples }),
          },
        ];
      }),
    ),
  };
}

const isNeeded = (schema: TSchema): boolean => !isOptional(schema) && schema.default === undefined;

/** The object of all fields: the one that is declared, where one is, with the name that it may have. */
function wholeForm({ declared: { form, files }, texts }: StepOf<"form">): TObject {
  if (form === undefined || files === undefined) return (form ?? files)!;
  const isClosed = texts.additionalProperties === false;
  return t.Object({ ...form.properties, ...files.properties }, isClosed ? { additionalProperties: false } : {});
}

/** A list of texts that is one text with commas; the types that a file may have (OpenAPI 3.1, 4.8.15). */
function encodingOf({ texts, files }: StepOf<"form">, withFiles: boolean): Record<string, EncodingObject> {
  const lists = Object.entries<TSchema>(texts.properties).filter(([, schema]) => isCsv(nonNull(schema) ?? schema));
  const typed = withFiles ? [...files].filter(([, { rules }]) => rules.types.length > 0) : [];
  return Object.fromEntries<EncodingObject>([
    ...lists.map(([name]): [string, EncodingObject] => [name, { style: "form", explode: false }]),
    ...typed.map(([name, { rules }]): [string, EncodingObject] => [name, { contentType: rules.types.join(", ") }]),
  ]);
}

/** What a text can say beyond what JSON can: integers within bounds, and no empty list, which is none. */
function asTexts(written: JsonSchema, form: TObject): JsonSchema {
  const properties = written["properties"] as Readonly<Record<string, JsonSchema>> | undefined;
  // A form with a name is written where its name is.
  if (properties === undefined) return written;
  return {
    ...written,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, one]) => {
        const schema = asObject(form).properties[name]!;
        const list = nonNull(schema) ?? schema;
        const isList = (kindName(list) === "Array" || kindName(list) === "Tuple") && !isCsv(list);
        const least = isList && isNeeded(schema) && one["minItems"] === undefined ? { minItems: 1 } : {};
        return [name, { ...withinSafeRange(one), ...least }];
      }),
    ),
  };
}
