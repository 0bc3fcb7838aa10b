import type { ClientSocket } from "./socket.ts";

/**
 * A module of exported routes, by path; several methods of one path stand side by side. Routes are exported alone, or in sets, as
 * `api.viewset` returns them. Structural, so that the client imports nothing from the server; only `path` is compared, since more
 * costs 700 instantiations a route.
 */
export type PathsOf<Module> = {
  readonly [
    Step in Steps<Module> as At<Module, Step> extends { readonly path: infer P extends string } ? P : never
  ]: At<Module, Step>;
};

/** How each route is reached: by its name, or by those of its set and of its own. One list of them stays linear in the routes. */
type Steps<Module> = {
  [name in keyof Module & string]: Module[name] extends { readonly path: string }
    ? name
    : Module[name] extends Readonly<Record<string, { readonly path: string }>>
      ? `${name} ${keyof Module[name] & string}`
      : never;
}[keyof Module & string];

type At<Module, Step> = Step extends keyof Module
  ? Module[Step]
  : Step extends `${infer Set} ${infer Name}`
    ? Set extends keyof Module
      ? Name extends keyof Module[Set]
        ? Module[Set][Name]
        : never
      : never
    : never;

/** The types of a route's sources, `never` where undeclared, and of what its handler returns. */
type TypesOf<R> = R extends { readonly types?: infer T } ? NonNullable<T> : never;
type SourceOf<R, K extends string> = TypesOf<R> extends { readonly [key in K]: infer T } ? T : never;
type ContractOf<R> = R extends { readonly contract: infer C } ? C : never;

/** The methods that a path answers, in lower case, as functions. */
export type MethodsOf<R> = {
  readonly [M in MethodOf<R> as Lowercase<M>]: UseOf<WithMethod<R, M>>;
};

type MethodOf<R> = R extends { readonly socket: object }
  ? "ws"
  : R extends { readonly methods: readonly (infer M extends string)[] }
    ? M
    : never;
type WithMethod<R, M> = R extends unknown ? (M extends MethodOf<R> ? R : never) : never;

/** A route is called, or opened where it becomes a socket. */
type UseOf<R> = R extends { readonly socket: object } ? OpenOf<R> : CallOf<R>;

// oxlint-disable-next-line typescript/no-empty-object-type -- an input without required keys may be left out
type CallOf<R> =
  {} extends InputOf<R>
    ? (input?: InputOf<R> & CallOptions) => Promise<AnswerOf<R>>
    : (input: InputOf<R> & CallOptions) => Promise<AnswerOf<R>>;

// oxlint-disable-next-line typescript/no-empty-object-type -- as above
type OpenOf<R> =
  {} extends SocketInputOf<R>
    ? (input?: SocketInputOf<R>) => ClientSocket<SentOf<R>, GotOf<R>>
    : (input: SocketInputOf<R>) => ClientSocket<SentOf<R>, GotOf<R>>;

/** What opens a socket: a browser sends no headers of its own with it, so parameters and query are all that it takes. */
export type SocketInputOf<R> = Params<SourceOf<R, "params">> &
  Loose<"query", SourceOf<R, "query">> & {
    /** Subprotocols, the preferred one first. */
    readonly protocols?: readonly string[];
  } & (IsDeclared<R> extends true
    ? unknown
    : {
        /** Texts and bytes go and come as they are: the route declares no schema of its messages. */
        readonly raw: true;
      });

type IsDeclared<R> = ContractOf<R> extends { readonly message: unknown } | { readonly send: unknown } ? true : false;

/** What the client may send. */
type SentOf<R> =
  ContractOf<R> extends { readonly message: object }
    ? Given<SourceOf<R, "message">>
    : IsDeclared<R> extends true
      ? unknown
      : string | Uint8Array;

/** What comes from the server, what it says of an invalid message included. */
type GotOf<R> =
  ContractOf<R> extends { readonly send: object }
    ? Wire<SourceOf<R, "send">> | Complaint<ContractOf<R>>
    : IsDeclared<R> extends true
      ? unknown
      : string | Uint8Array;

type Complaint<C> = C extends { readonly invalid: "close" }
  ? never
  : C extends { readonly message: object }
    ? { readonly error: readonly InputError[] }
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

/** A declared value as the caller may write it: a `Date` or a `bigint` goes as itself or as text. */
type Given<T> = T extends Date | bigint ? T | string : T extends object ? { [K in keyof T]: Given<T[K]> } : T;

/** A file as the server sees it, by what tells it from other values. */
interface UploadLike {
  readonly filename: string;
  readonly onDisk: boolean;
}

/** A value of a form as the caller may write it: a file is a `Blob`, or a `File` where its name matters. */
type GivenField<V> = V extends UploadLike ? Blob : V extends readonly UploadLike[] ? readonly Blob[] : Given<V>;

type Form<K extends string, T> = [T] extends [never]
  ? unknown
  : { readonly [key in K]: { readonly [name in keyof T]: GivenField<T[name]> } };

/** The input of a route: what it declares. */
export type InputOf<R> = Params<SourceOf<R, "params">> &
  Required<"body", SourceOf<R, "body">> &
  Form<"form", SourceOf<R, "form">> &
  Form<"files", SourceOf<R, "files">> &
  Loose<"query", SourceOf<R, "query">> &
  Loose<"headers", SourceOf<R, "headers">> &
  Loose<"cookies", SourceOf<R, "cookies">>;

type Params<T> = keyof T extends never ? unknown : { readonly params: Given<T> };

type Required<K extends string, T> = [T] extends [never] ? unknown : { readonly [key in K]: Given<T> };

/** Query, headers and cookies may have defaults, which a schema's type does not tell: their keys are optional here. */
type Loose<K extends string, T> = [T] extends [never] ? unknown : { readonly [key in K]?: Partial<Given<T>> };

/** An answer: its status tells the type of its data. */
export interface Answered<S, T> {
  readonly status: S;
  /** Whether the status is a success, 200 to 299. */
  readonly ok: S extends 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226
    ? true
    : number extends S
      ? boolean
      : false;
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
export type AnswerOf<R> = Success<ContractOf<R>, SourceOf<R, "answer">> | Failure<ContractOf<R>>;

type StatusOf<C> = C extends { readonly status: infer S extends number } ? S : 200;

type Success<C, R> = C extends { readonly response: infer S }
  ? S extends { readonly static: infer T }
    ? Answered<StatusOf<C>, Wire<T>>
    : { [Code in keyof S & number]: Answered<Code, Code extends 204 ? undefined : Wire<Static<S[Code]>>> }[keyof S &
        number]
  : Inferred<R, StatusOf<C>>;

type Static<S> = S extends { readonly static: infer T } ? T : never;

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
  | (C extends { readonly errors: readonly (infer E)[] }
      ? E extends { readonly status: infer S }
        ? Answered<S, ErrorBody<unknown>>
        : never
      : never)
  | (C extends
      | { readonly params: unknown }
      | { readonly query: unknown }
      | { readonly headers: unknown }
      | { readonly cookies: unknown }
      | { readonly body: unknown }
      | { readonly form: unknown }
      | { readonly files: unknown }
      ? Answered<422, ErrorBody<readonly InputError[]>>
      : never);
