import { type AnswerInit, rawResponse } from "./reply.ts";

/** Markup that is safe to send as it is: made by {@link html} or {@link raw}, never from plain text. */
export class SafeHtml {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** What a template takes between its braces; `null`, `undefined` and booleans are nothing, arrays are joined. */
export type HtmlValue = SafeHtml | string | number | bigint | boolean | null | undefined | Date | readonly HtmlValue[];

/**
 * Markup as a tagged template, every interpolation escaped; or, called with markup, the answer that carries it.
 *
 * A template nests in another, arrays are joined, `null`, `undefined`, `true` and `false` are nothing. Escaped are
 * `& < > " '`, so text and quoted attributes are safe; scripts, styles and unquoted attributes are not places for values.
 * As a function: `text/html; charset=utf-8`, status 200 unless `init` says otherwise.
 *
 * @example
 * ```ts
 * const item = (name: string) => html`<li>${name}</li>`;
 * api.get("/", () => html(html`<ul>${["<b>", "&"].map(item)}</ul>`)); // <ul><li>&lt;b&gt;</li><li>&amp;</li></ul>
 * ```
 */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): SafeHtml;
export function html(markup: string | SafeHtml, init?: AnswerInit): Response;
export function html(
  first: TemplateStringsArray | string | SafeHtml,
  ...rest: readonly unknown[]
): SafeHtml | Response {
  if (typeof first === "string") return htmlResponse(first, rest[0] as AnswerInit | undefined);
  if (first instanceof SafeHtml) return htmlResponse(first.markup, rest[0] as AnswerInit | undefined);
  let markup = first[0]!;
  for (let index = 0; index < rest.length; index++) {
    markup += written(rest[index] as HtmlValue) + first[index + 1]!;
  }
  return new SafeHtml(markup);
}

/**
 * Markup taken as it is, without escaping: only for what no user has had a hand in.
 *
 * @example
 * ```ts
 * html`<main>${raw(Bun.markdown.html("*hi*"))}</main>`;
 * ```
 */
export function raw(markup: string): SafeHtml {
  return new SafeHtml(markup);
}

/**
 * Answers with a view: a function from data to markup, perhaps later.
 *
 * @example
 * ```ts
 * const page = (data: { name: string }) => html`<h1>Hello ${data.name}</h1>`;
 * api.get("/hello/:name", ({ params }) => render(page, params));
 * ```
 */
export function render<T>(view: (data: T) => string | SafeHtml, data: T, init?: AnswerInit): Response;
export function render<T>(view: (data: T) => Promise<string | SafeHtml>, data: T, init?: AnswerInit): Promise<Response>;
export function render<T>(
  view: (data: T) => string | SafeHtml | Promise<string | SafeHtml>,
  data: T,
  init?: AnswerInit,
): Response | Promise<Response> {
  const made = view(data);
  return made instanceof Promise ? made.then((markup) => html(markup, init)) : html(made, init);
}

function htmlResponse(markup: string, init: AnswerInit | undefined): Response {
  return rawResponse(markup, "text/html; charset=utf-8", init);
}

function written(value: HtmlValue): string {
  if (typeof value === "string") return Bun.escapeHTML(value);
  if (value instanceof SafeHtml) return value.markup;
  if (value === null || value === undefined || typeof value === "boolean") return "";
  if (Array.isArray(value)) return value.map(written).join("");
  if (value instanceof Date) return value.toISOString();
  return Bun.escapeHTML(String(value));
}
