import { formTypes, type StepOf } from "../compile/index.ts";
import {
  asObject,
  isOptional,
  kindName,
  nonNull,
  refinementsOf,
  t,
  type TObject,
  type TProperties,
  type TSchema,
} from "../schema/index.ts";
import { isCsv } from "./json-schema.ts";
import type { EncodingObject, Examples, JsonSchema, MediaTypeObject, RequestBodyObject } from "./model.ts";
import { withinSafeRange } from "./parameters.ts";

/** Writes the schema of a form. */
export type WriteForm = (schema: TSchema) => JsonSchema;

const MULTIPART = "multipart/form-data";

/** The body of a route that reads a form: by each media type in which it may come. Files come in multipart alone. */
export function formBodyOf(step: StepOf<"form">, write: WriteForm, examples: Examples | undefined): RequestBodyObject {
  const whole = wholeForm(step);
  const texts = step.files.size === 0 ? whole : fieldsOf(step, step.texts.properties);
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
function wholeForm(step: StepOf<"form">): TObject {
  const { form, files } = step.declared;
  if (form === undefined || files === undefined) return (form ?? files)!;
  return fieldsOf(step, { ...form.properties, ...files.properties });
}

/** An object of other fields than the declared one has, without its name, with what is said of it and the checks on it. */
function fieldsOf({ declared, texts }: StepOf<"form">, properties: TProperties): TObject {
  const objects = [declared.form, declared.files].filter((one) => one !== undefined);
  const description = objects.flatMap((one) => one.description ?? []).join("\n\n");
  const object = t.Object(properties, {
    ...(texts.additionalProperties === false ? { additionalProperties: false } : {}),
    ...(description === "" ? {} : { description }),
  });
  return objects.flatMap(refinementsOf).reduce<TObject>((checked, check) => t.Refine(checked, check), object);
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
  // A form with a name is written where its name is: what goes for texts alone stands beside the reference.
  if (properties === undefined) {
    const lists = Object.entries<TSchema>(asObject(form).properties).filter(([, schema]) => isNeverEmpty(schema));
    if (lists.length === 0) return written;
    return { ...written, properties: Object.fromEntries(lists.map(([name]) => [name, { minItems: 1 }])) };
  }
  return {
    ...written,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, one]) => {
        const least = isNeverEmpty(asObject(form).properties[name]!) ? { minItems: 1 } : {};
        return [name, { ...withinSafeRange(one), ...least }];
      }),
    ),
  };
}

/** Whether it is a list that must have an item, and does not say so itself. */
function isNeverEmpty(schema: TSchema): boolean {
  const list = nonNull(schema) ?? schema;
  const isList = (kindName(list) === "Array" || kindName(list) === "Tuple") && !isCsv(list);
  return isList && isNeeded(schema) && (list["minItems"] ?? 0) < 1;
}
