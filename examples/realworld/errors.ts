import { HttpError, json, NotFound, type RequestContext, t, ValidationError } from "bolide";

/** What RealWorld says of errors: sentences under `body`, as its document wants, and each beside the field it is about. */
export const Errors = t.Object(
  { errors: t.Intersect([t.Object({ body: t.Array(t.String()) }), t.Record(t.String(), t.Array(t.String()))]) },
  { $id: "GenericErrorModel" },
);

/** For `response`: the errors that RealWorld's document names. */
export const refusals = { 401: Errors, 422: Errors } as const;

type Fields = Record<string, string[]>;

const MESSAGES: Readonly<Record<string, string>> = {
  missing: "can't be blank",
  too_short: "can't be blank",
  format: "is invalid",
};

/** An `onError` rule: every error of this api, its own and the framework's, in RealWorld's form. */
export const inRealWorldsForm = [HttpError, answer] as const;

function answer(error: HttpError, ctx: RequestContext) {
  const fields = fieldsOf(error, ctx);
  const sentences = Object.entries(fields).flatMap(([field, texts]) =>
    field === "body" ? texts : texts.map((text) => `${field} ${text}`),
  );
  const status = isTaken(error) ? 422 : error.status;
  return json({ errors: { ...fields, body: sentences } }, { status, headers: error.headers ?? {} });
}

function fieldsOf(error: HttpError, { request }: RequestContext): Fields {
  if (error instanceof ValidationError) {
    const fields: Fields = {};
    for (const { loc, msg, type } of error.entries) {
      const texts = (fields[loc.findLast((part) => typeof part === "string") ?? "body"] ??= []);
      const text = MESSAGES[type] ?? msg.toLowerCase();
      if (!texts.includes(text)) texts.push(text);
    }
    return fields;
  }
  if (error.status === 401 && typeof error.detail === "string")
    return { token: [request.headers.has("authorization") ? "is invalid" : "is missing"] };
  if (isTaken(error)) return Object.fromEntries(error.extra.columns.map((name) => [name, ["has already been taken"]]));
  if (typeof error.detail === "string") return { request: [error.detail.toLowerCase()] };
  return error.detail as unknown as Fields;
}

/** A unique constraint stood against it: 409 by default, which RealWorld's document does not have. */
const isTaken = (error: HttpError): error is HttpError & { readonly extra: { readonly columns: readonly string[] } } =>
  (error.extra as { constraint?: unknown } | undefined)?.constraint === "unique";

export const notFound = (what: string) => new NotFound({ [what]: ["not found"] });
