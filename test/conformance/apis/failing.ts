import {
  type Api,
  BadGateway,
  BadRequest,
  Conflict,
  ContentTooLarge,
  Forbidden,
  GatewayTimeout,
  Gone,
  HttpError,
  type HttpErrorClass,
  InternalServerError,
  Locked,
  MethodNotAllowed,
  NotAcceptable,
  NotFound,
  NotImplemented,
  PaymentRequired,
  PreconditionFailed,
  PreconditionRequired,
  ServiceUnavailable,
  t,
  TooEarly,
  TooManyRequests,
  Unauthorized,
  UnprocessableEntity,
  UnsupportedMediaType,
  ValidationError,
} from "bolide";

/** The named errors, each with the status that section 4 gives it. */
export const NAMED_ERRORS: readonly (readonly [type: HttpErrorClass, status: number])[] = [
  [BadRequest, 400],
  [Unauthorized, 401],
  [PaymentRequired, 402],
  [Forbidden, 403],
  [NotFound, 404],
  [MethodNotAllowed, 405],
  [NotAcceptable, 406],
  [Conflict, 409],
  [Gone, 410],
  [PreconditionFailed, 412],
  [ContentTooLarge, 413],
  [UnsupportedMediaType, 415],
  [UnprocessableEntity, 422],
  [Locked, 423],
  [TooEarly, 425],
  [PreconditionRequired, 428],
  [TooManyRequests, 429],
  [InternalServerError, 500],
  [NotImplemented, 501],
  [BadGateway, 502],
  [ServiceUnavailable, 503],
  [GatewayTimeout, 504],
];

class Missing extends NotFound {}
class Broken extends Error {}
class VeryBroken extends Broken {}
/** Stands for Kysely's, which is known by its name. */
class NoResultError extends Error {}

const violation = (message: string, fields: object) => Object.assign(new Error(message), fields);

/** What section 4 speaks of. */
export function addFailing(api: Api): void {
  for (const [type] of NAMED_ERRORS) api.get(`/error/${type.name}`, () => new type("told"));
  const full = () =>
    new HttpError(
      418,
      { reason: "teapot" },
      { headers: { "x-spout": "short" }, extra: { cups: 2 }, type: "https://example.com/tea" },
    );
  api.get("/error/returned", full);
  api.get("/error/thrown", () => {
    throw full();
  });
  api.get("/error/rejected", async () => {
    throw full();
  });
  api.get("/error/default-detail", () => new NotFound());
  api.get(
    "/error/unauthorized",
    () => new Unauthorized("Who are you?", { headers: { "www-authenticate": 'Basic realm="here"' } }),
  );
  api.get(
    "/error/validation",
    () => new ValidationError([{ loc: ["body", "end"], msg: "Expected a date after start", type: "value_error" }]),
  );
  api.get("/error/plain", { query: { token: t.Optional(t.String()) } }, () => {
    throw new Error("the password is s3cret");
  });
  api.get("/error/later", async () => {
    await Bun.sleep(1);
    throw new TypeError("the password is s3cret");
  });
  api.get("/error/returned-plain", () => new Error("the password is s3cret"));
  api.get("/error/text", () => {
    throw "a string";
  });
  api.get("/error/nothing", () => {
    throw undefined;
  });
  api.post("/error/invalid", { body: t.Object({ a: t.Integer() }) }, ({ body }) => body);

  api.get("/database/missing", () => Promise.reject(new NoResultError("no result")));
  api.get("/database/unique", () => {
    throw violation("UNIQUE constraint failed: users.email", { code: "SQLITE_CONSTRAINT_UNIQUE" });
  });
  api.get("/database/foreign", () => {
    throw violation("insert violates a key", {
      errno: "23503",
      detail: 'Key (author_id)=(7) is not present in table "authors".',
    });
  });
  api.get("/database/not-null", () => {
    throw violation("Column 'name' cannot be null", { errno: 1048 });
  });

  const outer = api.with({
    prefix: "/handled",
    onError: [
      [HttpError, (error: HttpError) => new HttpError(418, `outer: ${error.message}`)],
      [Error, () => new Conflict("outer: any error")],
      [Broken, () => ({ handled: "outer: broken" })],
    ],
  });
  outer.get("/http", () => new Conflict("taken"));
  outer.get("/missing", () => new Missing("gone"));
  outer.get("/very", () => {
    throw new VeryBroken("very");
  });
  outer.get("/other", () => {
    throw new RangeError("other");
  });
  outer.get("/invalid", { query: { n: t.Integer() } }, () => 1);
  const inner = outer.with({
    prefix: "/inner",
    onError: [[Broken, () => new Response("inner: broken", { status: 503 })]],
  });
  inner.get("/broken", () => {
    throw new Broken("b");
  });
  inner.get("/http", () => new Conflict("taken"));
  const failing = api.with({
    prefix: "/failing",
    onError: [
      [NotFound, () => Promise.reject(new Error("the handler's own secret"))],
      [
        Error,
        () => {
          throw new ServiceUnavailable("never told");
        },
      ],
    ],
  });
  failing.get("/later", () => new NotFound());
  failing.get("/now", () => {
    throw new Error("first");
  });
}
