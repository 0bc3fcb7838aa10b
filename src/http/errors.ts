import type { Entry } from "../schema/index.ts";

/** What an {@link HttpError} may carry beside its status and detail. */
export interface HttpErrorOptions {
  /** Headers added to the answer, for example `{ "retry-after": "30" }`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything JSON, sent beside `detail` as `extra`. */
  readonly extra?: unknown;
  /** Members of the body beside `detail`, for programs: extension members of RFC 9457, 3.2. Those of the envelope itself win. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** A URI that names the kind of problem: `type` of RFC 9457, default `about:blank`. */
  readonly type?: string;
  /** What led here; logged, never sent. */
  readonly cause?: unknown;
}

/** What the envelope's `detail` may be. */
export type Detail = string | readonly unknown[] | Readonly<Record<string, unknown>>;

/**
 * An error that is an answer: returned or thrown from a handler, it becomes a response with this status.
 *
 * The body is `{"detail": …}`, plus `"extra"` where given. Errors under 500 carry no stack: they are answers, not faults.
 *
 * @example
 * ```ts
 * api.get("/tea", () => new HttpError(418, "I'm a teapot", { extra: { spout: "short" } }));
 * ```
 */
export class HttpError<S extends number = number> extends Error {
  readonly status: S;
  readonly detail: Detail;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly extra: unknown;
  readonly members: Readonly<Record<string, unknown>> | undefined;
  readonly type: string | undefined;

  constructor(status: S, detail?: Detail, options?: HttpErrorOptions) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new RangeError(`HttpError takes a status from 400 to 599, not ${status}`);
    }
    const told = detail ?? reasonPhrase(status);
    const text = typeof told === "string" ? told : reasonPhrase(status);
    // A captured stack doubles the price of an error (217 ns against 96): an answer under 500 has no use for one.
    const limit = Error.stackTraceLimit;
    if (status < 500) Error.stackTraceLimit = 0;
    super(text, options?.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = limit;
    this.status = status;
    this.detail = told;
    this.headers = options?.headers;
    this.extra = options?.extra;
    this.members = options?.members;
    this.type = options?.type;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** A named error class with its status fixed, as {@link NotFound}. */
export interface HttpErrorClass<S extends number = number> {
  new (detail?: Detail, options?: HttpErrorOptions): HttpError<S>;
  readonly status: S;
  readonly prototype: HttpError<S>;
  readonly name: string;
}

function named<S extends number>(name: string, status: S): HttpErrorClass<S> {
  const Named = class extends HttpError<S> {
    static readonly status = status;
    constructor(detail?: Detail, options?: HttpErrorOptions) {
      super(status, detail, options);
    }
  };
  Object.defineProperty(Named, "name", { value: name });
  return Named;
}

/** 400: the request cannot be understood (RFC 9110 15.5.1). */
export const BadRequest: HttpErrorClass<400> = named("BadRequest", 400);
export type BadRequest = HttpError<400>;
/** 401: no or invalid credentials (RFC 9110 15.5.2). */
export const Unauthorized: HttpErrorClass<401> = named("Unauthorized", 401);
export type Unauthorized = HttpError<401>;
/** 402: payment required (RFC 9110 15.5.3). */
export const PaymentRequired: HttpErrorClass<402> = named("PaymentRequired", 402);
export type PaymentRequired = HttpError<402>;
/** 403: known, and not allowed (RFC 9110 15.5.4). */
export const Forbidden: HttpErrorClass<403> = named("Forbidden", 403);
export type Forbidden = HttpError<403>;
/** 404: nothing here (RFC 9110 15.5.5). */
export const NotFound: HttpErrorClass<404> = named("NotFound", 404);
export type NotFound = HttpError<404>;
/** 405: the path exists, the method does not (RFC 9110 15.5.6). */
export const MethodNotAllowed: HttpErrorClass<405> = named("MethodNotAllowed", 405);
export type MethodNotAllowed = HttpError<405>;
/** 406: no representation that the client accepts (RFC 9110 15.5.7). */
export const NotAcceptable: HttpErrorClass<406> = named("NotAcceptable", 406);
export type NotAcceptable = HttpError<406>;
/** 409: in conflict with the state of the resource (RFC 9110 15.5.10). */
export const Conflict: HttpErrorClass<409> = named("Conflict", 409);
export type Conflict = HttpError<409>;
/** 410: was here, is gone for good (RFC 9110 15.5.11). */
export const Gone: HttpErrorClass<410> = named("Gone", 410);
export type Gone = HttpError<410>;
/** 412: a precondition such as `If-Match` is false (RFC 9110 15.5.13). */
export const PreconditionFailed: HttpErrorClass<412> = named("PreconditionFailed", 412);
export type PreconditionFailed = HttpError<412>;
/** 413: the body is larger than allowed (RFC 9110 15.5.14). */
export const ContentTooLarge: HttpErrorClass<413> = named("ContentTooLarge", 413);
export type ContentTooLarge = HttpError<413>;
/** 415: a content type that this route does not read (RFC 9110 15.5.16). */
export const UnsupportedMediaType: HttpErrorClass<415> = named("UnsupportedMediaType", 415);
export type UnsupportedMediaType = HttpError<415>;
/** 422: understood, and not acceptable (RFC 9110 15.5.21). */
export const UnprocessableEntity: HttpErrorClass<422> = named("UnprocessableEntity", 422);
export type UnprocessableEntity = HttpError<422>;
/** 423: locked (RFC 4918 11.3). */
export const Locked: HttpErrorClass<423> = named("Locked", 423);
export type Locked = HttpError<423>;
/** 425: too early to risk a replay (RFC 8470 5.2). */
export const TooEarly: HttpErrorClass<425> = named("TooEarly", 425);
export type TooEarly = HttpError<425>;
/** 428: a conditional request is required (RFC 6585 3). */
export const PreconditionRequired: HttpErrorClass<428> = named("PreconditionRequired", 428);
export type PreconditionRequired = HttpError<428>;
/** 429: too many requests (RFC 6585 4). */
export const TooManyRequests: HttpErrorClass<429> = named("TooManyRequests", 429);
export type TooManyRequests = HttpError<429>;
/** 500: our fault (RFC 9110 15.6.1). */
export const InternalServerError: HttpErrorClass<500> = named("InternalServerError", 500);
export type InternalServerError = HttpError<500>;
/** 501: not implemented (RFC 9110 15.6.2). */
export const NotImplemented: HttpErrorClass<501> = named("NotImplemented", 501);
export type NotImplemented = HttpError<501>;
/** 502: the server behind us answered badly (RFC 9110 15.6.3). */
export const BadGateway: HttpErrorClass<502> = named("BadGateway", 502);
export type BadGateway = HttpError<502>;
/** 503: not now (RFC 9110 15.6.4). */
export const ServiceUnavailable: HttpErrorClass<503> = named("ServiceUnavailable", 503);
export type ServiceUnavailable = HttpError<503>;
/** 504: the server behind us did not answer in time (RFC 9110 15.6.5). */
export const GatewayTimeout: HttpErrorClass<504> = named("GatewayTimeout", 504);
export type GatewayTimeout = HttpError<504>;

/**
 * 422 with one entry for each thing that is wrong; what the framework answers when a declared input does not fit.
 *
 * @example
 * ```ts
 * throw new ValidationError([{ loc: ["body", "end"], msg: "Expected a date after start", type: "value_error" }]);
 * ```
 */
export class ValidationError extends HttpError<422> {
  static readonly status = 422;
  readonly entries: readonly Entry[];

  constructor(entries: readonly Entry[], options?: HttpErrorOptions) {
    super(422, entries, options);
    this.entries = entries;
  }
}

const PHRASES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  414: "URI Too Long",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  417: "Expectation Failed",
  418: "I'm a Teapot",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  423: "Locked",
  424: "Failed Dependency",
  425: "Too Early",
  426: "Upgrade Required",
  428: "Precondition Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  451: "Unavailable For Legal Reasons",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
  511: "Network Authentication Required",
};

/** The registered reason phrase of a status from 400 to 599 (IANA HTTP status code registry), else `Error`. */
export function reasonPhrase(status: number): string {
  return PHRASES[status] ?? "Error";
}
