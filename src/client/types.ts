/** A route value, as far as a client needs to know it. Structural: the client imports nothing from the server. */
export interface RouteLike {
  readonly methods: readonly string[];
  readonly path: string;
  readonly contract: object;
  readonly answers?: { readonly type: unknown };
}

/** A module of exported routes, by path; several methods of one path stand side by side. */
export type PathsOf<Module> = {
  readonly [name in keyof Module as Module[name] extends RouteLike ? Module[name]["path"] : never]: Module[name];
};

/** The methods that a path answers, in lower case, as functions. */
export type MethodsOf<R> = {
  readonly [M in MethodOf<R> as Lowercase<M>]: CallOf<WithMethod<R, M>>;
};

type MethodOf<R> = R extends RouteLike ? R["methods"][number] & string : never;
type WithMethod<R, M> = R extends RouteLike ? (M extends R["methods"][number] ? R : never) : never;

type CallOf<R> = R extends RouteLike
  ? // oxlint-disable-next-line typescript/no-empty-object-type -- an input without required keys may be left out
    {} extends InputOf<R>
    ? (input?: InputOf<R> & CallOptions) => Promise<AnswerOf<R>>
    : (input: InputOf<R> & CallOptions) => Promise<AnswerOf<R>>
  : never;

/** What any call takes beside its declared input. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Headers beyond the declared ones. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** What a schema's values look like as JSON. */
export type Wire<T> = 0 extends 1 & T
  ? T
  : T extends Date | bigint | Uint8Array
    ? string
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

type ValueOf<S> = S extends { readonly static: infer T } ? T : { [K in keyof S]: ValueOf<S[K]> };

/** A declared value as the caller may write it: a `Date` or a `bigint` goes as itself or as text. */
type Given<T> = T extends Date | bigint ? T | string : T extends object ? { [K in keyof T]: Given<T[K]> } : T;

type Declared<C, K extends string> = C extends { readonly [key in K]: infer S } ? S : never;

/** The input of a route: what it declares, sources without a required key left out at will. */
export type InputOf<R extends RouteLike> = ParamsInput<R["path"], R["contract"]> &
  Source<R["contract"], "body"> &
  Loose<R["contract"], "query"> &
  Loose<R["contract"], "headers"> &
  Loose<R["contract"], "cookies">;

type Source<C, K extends string> = [Declared<C, K>] extends [never] ? unknown : { readonly [key in K]: Given<ValueOf<Declared<C, K>>> };

/** Query, headers and cookies may have defaults, which a schema's type does not tell: their keys are optional here. */
type Loose<C, K extends string> = [Declared<C, K>] extends [never] ? unknown : { readonly [key in K]?: Partial<Given<ValueOf<Declared<C, K>>>> };

type ParamsInput<P extends string, C> = [Names<P>] extends [never]
  ? unknown
  : { readonly params: { readonly [name in Names<P>]: ParamOf<Declared<C, "params">, name> } };

type ParamOf<S, Name> = [S] extends [never] ? string : Name extends keyof ValueOf<S> ? Given<ValueOf<S>[Name]> : string;

type Names<P extends string> = P extends `${infer Head}/${infer Tail}`
  ? Names<Head> | Names<Tail>
  : P extends `:${infer Name}` | `*${infer Name}`
    ? Name
    : never;

/** An answer: its status tells the type of its data. */
export interface Answered<S, T> {
  readonly status: S;
  /** Whether the status is a success, 200 to 299. */
  readonly ok: S extends 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226 ? true : number extends S ? boolean : false;
  readonly data: T;
  readonly headers: Headers;
}

/** What an error answer carries. */
export interface ErrorBody<D = string> {
  readonly detail: D;
  readonly extra?: unknown;
}

/** One thing that is wrong with an input. */
export interface InputError {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

/** Every answer that a route declares: its responses, its errors, and 422 where it reads anything. */
export type AnswerOf<R extends RouteLike> = Success<R["contract"], NonNullable<R["answers"]>["type"]> | Failure<R["contract"]>;

type StatusOf<C> = C extends { readonly status: infer S extends number } ? S : 200;

type Success<C, R> = C extends { readonly response: infer S }
  ? S extends { readonly static: infer T }
    ? Answered<StatusOf<C>, Wire<T>>
    : { [Code in keyof S & number]: Answered<Code, Code extends 204 ? undefined : Wire<ValueOf<S[Code]>>> }[keyof S & number]
  : Inferred<R, StatusOf<C>>;

interface ReplyLike {
  readonly status: number | undefined;
  readonly value: unknown;
  readonly cookies: unknown;
}

interface ErrorLike {
  readonly status: number;
  readonly detail: unknown;
}

/** Without a declared response, what the handler returns tells: replies and returned errors by their status. */
type Inferred<R, Default> = R extends Response
  ? Answered<number, unknown>
  : R extends ReplyLike
    ? Answered<Exclude<R["status"], undefined>, R["value"] extends undefined ? undefined : Wire<R["value"]>>
    : R extends ErrorLike
      ? Answered<R["status"], ErrorBody<R["detail"]>>
      : [R] extends [null | undefined]
        ? Answered<204, undefined>
        : Answered<Default, Wire<R>>;

type Failure<C> =
  | (C extends { readonly errors: readonly (infer E)[] } ? (E extends { readonly status: infer S } ? Answered<S, ErrorBody<unknown>> : never) : never)
  | (C extends { readonly params: unknown } | { readonly query: unknown } | { readonly headers: unknown } | { readonly cookies: unknown } | { readonly body: unknown }
      ? Answered<422, ErrorBody<readonly InputError[]>>
      : never);
