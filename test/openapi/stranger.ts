import Ajv from "ajv/dist/2020.js";
import { default as formats } from "ajv-formats";
import fc from "fast-check";
import type { JsonSchema, OpenApiDocument } from "../../src/openapi/index.ts";
import { valuesOf } from "./arbitrary.ts";
import { FilledForm, formFaults, type FormMedia, formMedia, formsOf } from "./stranger-forms.ts";

/** One operation, with what it shares with others put in its place. */
export interface Task {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: Body | undefined;
  readonly secured: boolean;
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Body {
  readonly required: boolean;
  /** Of the JSON that it is. */
  readonly schema: JsonSchema;
  /** Where it is a form: each media type in which it may come. */
  readonly forms: readonly FormMedia[];
  readonly bytes: number;
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly required?: boolean;
  readonly explode?: boolean;
  readonly schema: JsonSchema;
}

interface Answer {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

/** Values for the parameters, by place and name, and for the body. */
export interface Filled {
  readonly parameters: ReadonlyMap<Parameter, unknown>;
  readonly body: unknown;
  /** A body that is no JSON at all, or not announced as such. */
  readonly raw?: { readonly text: string; readonly type: string | null };
}

/** Somebody who knows an api by its document alone. */
export class Stranger {
  readonly tasks: readonly Task[];
  readonly #document: OpenApiDocument;
  readonly #ajv: Ajv;
  readonly #judges = new Map<JsonSchema, (value: unknown) => boolean>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
    formats(this.#ajv);
    this.#ajv.addFormat("double-int", { type: "number", validate: Number.isSafeInteger });
    this.#ajv.addSchema({ $id: "document", ...document });
    this.tasks = Object.entries(document.paths).flatMap(([path, item]) =>
      // A socket is no request and answer.
      Object.entries(item)
        .filter(([key]) => key !== "x-websocket")
        .map(([key, operation]): Task => {
          const method = key.replace(/^x-/, "").toUpperCase();
          const body = operation.requestBody;
          const schema = body?.content["application/json"]?.schema;
          return {
            name: `${method} ${path}`,
            method,
            path,
            parameters: operation.parameters ?? [],
            body:
              body === undefined
                ? undefined
                : {
                    required: body.required,
                    schema: schema ?? {},
                    forms: formMedia(body.content),
                    bytes: body["x-max-bytes"] ?? 1_048_576,
                  },
            secured: operation.security?.every((one) => Object.keys(one).length > 0) ?? false,
            responses: Object.fromEntries(
              Object.entries(operation.responses).map(([status, one]) => [
                status,
                "$ref" in one ? (this.resolve(one.$ref as string) as Answer) : (one as Answer),
              ]),
            ),
          };
        }),
    );
  }

  /** Whether the document allows the value. */
  accepts(schema: JsonSchema, value: unknown): boolean {
    let judge = this.#judges.get(schema);
    if (judge === undefined) {
      judge = this.#ajv.compile(absolute(schema) as object);
      this.#judges.set(schema, judge);
    }
    return judge(value);
  }

  /** `count` requests to a task that its document allows. */
  valid(task: Task, count: number, seed: number): readonly Filled[] {
    const all = fc.tuple(
      fc.tuple(
        ...task.parameters.map((one) => {
          const values = valuesOf(one.schema, this.resolve).filter(spellable(one));
          return one.required === true ? values : fc.option(values, { nil: undefined });
        }),
      ),
      task.body === undefined
        ? fc.constant(undefined)
        : task.body.forms.length > 0
          ? formsOf(task.body.forms, this.resolve)
          : task.body.required
            ? valuesOf(task.body.schema, this.resolve).filter(
                (body) => JSON.stringify(body).length * 3 < task.body!.bytes || JSON.stringify(body).length < 8,
              )
            : fc.option(valuesOf(task.body.schema, this.resolve), { nil: undefined }),
    );
    return fc.sample(all, { numRuns: count, seed }).map(([values, body]) => ({
      parameters: new Map(task.parameters.map((one, at) => [one, values[at]])),
      body,
    }));
  }

  /** Requests with one thing wrong; none for a task that takes whatever comes. */
  invalid(task: Task, count: number, seed: number): readonly Filled[] {
    const faults = [...task.parameters.flatMap((one) => this.#parameterFaults(one)), ...this.#bodyFaults(task)];
    if (faults.length === 0) return [];
    return this.valid(task, count, seed).map((filled, at) => faults[(at + seed) % faults.length]!(filled, at));
  }

  #parameterFaults(one: Parameter): ((filled: Filled, at: number) => Filled)[] {
    const put = (value: unknown) => (filled: Filled) => ({
      ...filled,
      parameters: new Map(filled.parameters).set(one, value),
    });
    const wrong = TEXTS.filter(
      (text) =>
        (one.in !== "path" || text !== "") &&
        !this.#readings(one, text).some((value) => this.accepts(one.schema, value)),
    );
    return [...(one.required === true && one.in !== "path" ? [put(undefined)] : []), ...wrong.map(put)];
  }

  /** What a text may stand for where the schema is not a string's. */
  #readings({ schema, explode }: Parameter, text: string): readonly unknown[] {
    const scalar = (one: string) => [one, ...(/^-?\d+(?:\.\d+)?$/.test(one) ? [Number(one)] : []), ...BOOLEANS(one)];
    if (schema["type"] !== "array") return scalar(text);
    if (text === "" && explode === false) return [[]];
    // A text of one item: the server reads a list of it.
    return scalar(text).map((value) => [value]);
  }

  #formFaults({ required, forms, bytes }: Body): ((filled: Filled, at: number) => Filled)[] {
    const [{ type } = { type: "" }] = forms;
    const reads = (schema: JsonSchema, text: string) =>
      this.#readings({ name: "", in: "query", schema }, text).some((value) => this.accepts(schema, value));
    const broken = (filled: Filled, at: number): Filled => {
      const all = formFaults(filled.body as FilledForm, this.resolve, reads);
      return all.length === 0
        ? { ...filled, raw: { text: "--", type: "multipart/form-data; boundary=x" } }
        : { ...filled, body: all[at % all.length] };
    };
    return [
      (filled) => ({ ...filled, raw: { text: "{}", type: "application/json" } }),
      (filled) => ({ ...filled, raw: { text: "a=1", type: "text/plain" } }),
      (filled) => ({ ...filled, raw: { text: "--x", type: "multipart/form-data" } }),
      (filled) => ({ ...filled, raw: { text: "--y\r\n\r\n--y--", type: "multipart/form-data; boundary=x" } }),
      // Of the larger ones there are tests of their own.
      ...(bytes <= 1_048_576 ? [(filled: Filled) => ({ ...filled, raw: { text: "&".repeat(bytes + 1), type } })] : []),
      ...(required ? [(filled: Filled) => ({ ...filled, raw: { text: "", type } })] : []),
      ...Array.from({ length: 6 }, () => broken),
    ];
  }

  #bodyFaults({ body, method }: Task): ((filled: Filled, at: number) => Filled)[] {
    if (body === undefined) return [];
    if (body.forms.length > 0) return this.#formFaults(body);
    const faults: ((filled: Filled, at: number) => Filled)[] = [
      (filled) => ({ ...filled, raw: { text: "{", type: "application/json" } }),
      (filled) => ({ ...filled, raw: { text: "<a/>", type: "application/xml" } }),
      (filled) => ({ ...filled, raw: { text: " ".repeat(1_048_577), type: "application/json" } }),
      ...(body.required ? [(filled: Filled) => ({ ...filled, raw: { text: "", type: "application/json" } })] : []),
    ];
    const broken = (filled: Filled, at: number): Filled => {
      const all = mutants(filled.body).filter((value) => !this.accepts(body.schema, value));
      return all.length === 0
        ? { ...filled, raw: { text: `${method}!`, type: "application/json" } }
        : { ...filled, body: all[at % all.length] };
    };
    return [...faults, broken, broken, broken, broken, broken, broken];
  }

  /** What a reference names. */
  readonly resolve = (ref: string): JsonSchema =>
    ref
      .slice(2)
      .split("/")
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], this.#document) as JsonSchema;
}

const TEXTS = [
  "",
  "x",
  "-1",
  "0.5",
  "99999999999999999999",
  "a long text that no short one is",
  "A1",
  "2024-13-45",
  "true",
];

const BOOLEANS = (text: string): boolean[] => (text === "true" ? [true] : []);

/** A value that a header or a path can carry as it is. */
function spellable({ in: place }: Parameter): (value: unknown) => boolean {
  return (value) => {
    if (Array.isArray(value)) return place === "query" || value.length > 0;
    if (typeof value !== "string") return true;
    // Dots alone are resolved before they are sent, a segment is never empty, and blanks around a header's value are lost.
    if (place === "path")
      return value !== "" && !/^\.{1,2}$/.test(value) && !value.split("/").some((part) => /^\.{0,2}$/.test(part));
    return place === "query" || /^[!-~]+$/.test(value);
  };
}

/** The value with something changed: of another type, a part missing, one too many, out of bounds. */
function mutants(value: unknown): unknown[] {
  const others = [null, true, -1e12, 0.5, "", "?", "a text that is longer than most may be", [], {}];
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return [
      ...others,
      [...items, ...items, ...items, "?"],
      ...items.flatMap((item, at) => mutants(item).map((other) => items.with(at, other))),
    ];
  }
  if (typeof value !== "object" || value === null) return others;
  const entries = Object.entries(value);
  return [
    ...others,
    { ...value, unknown: "?" },
    { ...value, id: 1 },
    ...entries.flatMap(([key, one]) => [
      Object.fromEntries(entries.filter(([other]) => other !== key)),
      ...mutants(one).map((other) => ({ ...value, [key]: other })),
    ]),
  ];
}

/** References into the document, for a schema that is compiled on its own. */
function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === "$ref" && typeof value === "string" ? `document${value}` : absolute(value),
    ]),
  );
}

/** A request as an HTTP client would write it. */
export function requestOf(
  { method, path }: Task,
  { parameters, body, raw }: Filled,
  headers: HeadersInit = {},
  resolve: Stranger["resolve"] = () => ({}),
): Request {
  const sent = new Headers(headers);
  const query = new URLSearchParams();
  const cookies: string[] = [];
  let target = path;
  for (const [one, value] of parameters) {
    if (value === undefined) continue;
    const items = (Array.isArray(value) ? value : [value]).map(String);
    if (one.in === "path") target = target.replace(`{${one.name}}`, encodeURIComponent(items.join(",")));
    else if (one.in === "header") sent.set(one.name, items.join(","));
    else if (one.in === "cookie") cookies.push(`${one.name}=${encodeURIComponent(items.join(","))}`);
    else if (one.explode === false) query.append(one.name, items.join(","));
    else for (const item of items) query.append(one.name, item);
  }
  if (cookies.length > 0) sent.set("cookie", cookies.join("; "));
  const text = raw === undefined ? (body === undefined ? undefined : JSON.stringify(body)) : raw.text;
  const type = raw === undefined ? "application/json" : raw.type;
  if (text !== undefined && type !== null) sent.set("content-type", type);
  const search = query.size === 0 ? "" : `?${query}`;
  if (raw === undefined && body instanceof FilledForm) {
    sent.delete("content-type");
    const form = body.write(resolve);
    return new Request(`http://localhost${target}${search}`, { method, headers: sent, body: form });
  }
  return new Request(`http://localhost${target}${search}`, {
    method,
    headers: sent,
    ...(text === undefined ? {} : { body: text }),
  });
}

/** What is wrong with an answer, by the document; empty where nothing is. */
export async function faultsOf(
  stranger: Stranger,
  { name, responses, method }: Task,
  response: Response,
): Promise<string[]> {
  const text = await response.text();
  const told = `${name} answered ${response.status} ${text.slice(0, 200)}`;
  if (response.status >= 500) return [`${told}: a fault of the server`];
  const answer = responses[response.status];
  if (answer === undefined) return [`${told}: not documented`];
  const faults: string[] = [];
  for (const [header, { required = false }] of Object.entries(answer.headers ?? {}))
    if (required && !response.headers.has(header)) faults.push(`${told}: without ${header}`);
  const type = response.headers.get("content-type")?.split(";", 1)[0];
  const content = answer.content ?? {};
  if (Object.keys(content).length === 0) return text === "" ? faults : [...faults, `${told}: nothing is documented`];
  if (method === "HEAD") return faults;
  const media = content[type ?? ""] ?? content["*/*"];
  if (media === undefined) return [...faults, `${told}: ${type} is not documented`];
  if (media.schema === undefined || content[type ?? ""] === undefined) return faults;
  const value: unknown = type?.endsWith("json") ? JSON.parse(text) : text;
  return stranger.accepts(media.schema, value) ? faults : [...faults, `${told}: not as the schema says`];
}
