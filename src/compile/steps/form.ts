import { brokenOff, type FormResult, HttpError, formReader, UnsupportedMediaType, whenSent } from "../../http/index.ts";
import { type Entry, Invalid, problemsOf, refinementsOf, type TObject } from "../../schema/index.ts";
import type { Context } from "../context.ts";
import type { Fail } from "../failures.ts";
import { formTypes } from "../form.ts";
import type { Kit } from "../kit.ts";
import type { StepOf } from "../plan.ts";
import { checkLength } from "./body.ts";
import { merge } from "./merge.ts";
import { checkHeaderCount } from "./read.ts";
import type { Fed, Stage } from "./run.ts";

/** Reads the form and goes on; `wrong` is what was wrong with the other sources. Throws 413 and 415. */
export type FormStage = (ctx: Context, fed: Fed | undefined, wrong: Invalid | undefined) => Promise<Response>;

/** Folds the reading of a declared form in front of `next`, and the end of its temporary files behind the answer. */
export function foldForm(step: StepOf<"form">, next: Stage, fail: Fail, kit: Kit): FormStage {
  const { texts, files, declared, bytes, memory } = step;
  const reader = kit.validators.text(texts, "form");
  const rules = new Map([...files].map(([name, one]) => [name, one.rules]));
  const plan = { fields: reader.keys, repeated: reader.repeated, files: rules };
  const read = formReader(plan, { bytes, parts: kit.limits.parts, memoryThreshold: memory });
  const types = formTypes(step);
  const unsupported = () => new UnsupportedMediaType(`Expected ${types.join(" or ")}`);

  const readEmpty = async (request: Request, type: string | null): Promise<FormResult> => {
    if (type === null && !(await isEmpty(request))) throw unsupported();
    // Nobody filled anything in.
    return read(new Request("http://localhost", EMPTY));
  };

  const place = (ctx: Context, form: FormResult): Invalid | undefined => {
    if (form.broken) return new Invalid(form.entries);
    const values = reader.read(form.texts, reader.rejectsUnknown ? form.unknown : undefined);
    const wrong = [...(values instanceof Invalid ? told(values.entries, form.refused) : []), ...form.entries];
    if (wrong.length > 0) return new Invalid(wrong);
    const uploads: Record<string, unknown> = {};
    for (const [name, file] of form.files)
      (rules.get(name)!.source === "form" ? (values as Record<string, unknown>) : uploads)[name] = file;
    if (declared.form !== undefined) ctx.form = values;
    if (declared.files !== undefined) ctx.files = uploads;
    return merge(checked(declared.form, values, "form"), checked(declared.files, uploads, "files"));
  };

  return (ctx, fed, wrong) => {
    const { headers } = ctx.request;
    checkHeaderCount(headers, kit.limits.headers);
    const length = headers.get("content-length");
    checkLength(length, bytes);
    const type = headers.get("content-type");
    if (type !== null && !types.includes(mediaType(type))) throw unsupported();
    const hasBody = type !== null && length !== "0";
    const reading = hasBody ? read(ctx.request) : readEmpty(ctx.request, type);
    return reading.then(
      (form) => {
        const leave = (response: Response) => whenSent(response, () => dispose(ctx, form));
        const answer = go(form, ctx, fed, wrong);
        return answer instanceof Promise ? answer.then(leave) : leave(answer);
      },
      (error: unknown) => fail(ctx, error),
    );
  };

  function dispose(ctx: Context, form: FormResult): void {
    try {
      form.dispose();
    } catch (error) {
      const message = "a temporary file could not be removed";
      kit.log({ level: "error", message, route: ctx.route, requestId: ctx.id, error });
    }
  }

  function go(form: FormResult, ctx: Context, fed: Fed | undefined, wrong: Invalid | undefined) {
    try {
      const all = merge(wrong, place(ctx, form));
      if (all !== undefined) return fail(ctx, all);
    } catch (error) {
      return fail(ctx, error);
    }
    return next(ctx, fed);
  }
}

const EMPTY: RequestInit = {
  method: "POST",
  body: "",
  headers: { "content-type": "application/x-www-form-urlencoded" },
};

function mediaType(type: string): string {
  const semicolon = type.indexOf(";");
  return (semicolon === -1 ? type : type.slice(0, semicolon)).trim().toLowerCase();
}

/** Looks no further than the first byte. */
async function isEmpty({ body }: Request): Promise<boolean> {
  if (body === null) return true;
  try {
    for await (const chunk of body) if (chunk.byteLength > 0) return false;
  } catch (error) {
    throw error instanceof HttpError ? error : brokenOff(error);
  }
  return true;
}

/** Without those of fields that were there and could not be taken, of which something else is said. */
function told(entries: readonly Entry[], refused: ReadonlySet<string>): readonly Entry[] {
  return refused.size === 0 ? entries : entries.filter(({ loc: [, name] }) => !refused.has(name as string));
}

/** What the checks say that stand on a form as a whole, over its texts and files together. */
function checked(object: TObject | undefined, value: unknown, source: "form" | "files"): Invalid | undefined {
  if (object === undefined) return undefined;
  const entries = refinementsOf(object).flatMap((check) =>
    problemsOf(check(value)).map(({ loc = [], msg, type = "value_error" }): Entry => ({
      loc: [source, ...loc],
      msg,
      type,
    })),
  );
  return entries.length === 0 ? undefined : new Invalid(entries);
}
