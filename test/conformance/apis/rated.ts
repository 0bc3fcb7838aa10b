import { allowAny, Api, apiKey, type LogRecord, rateLimit, type RateLimitKey } from "bolide";

/** An api whose every answer is under a limit, one scope for each kind of key: what section 7 says of `rateLimit`. */
export function rated(log: (record: LogRecord) => void): Api {
  const api = new Api({ log, use: [rateLimit({ limit: 1000, window: 3600, store: "memory" })] });
  const auth = apiKey({
    keys: [
      { id: "ada", key: "key-of-ada-1815-12-10" },
      { id: "grace", key: "key-of-grace-1906-12-09" },
    ],
  });
  const scope = (prefix: string, key: RateLimitKey) =>
    api.with({
      prefix,
      auth,
      guards: [allowAny()],
      use: [rateLimit({ limit: 2, window: 3600, key, store: "memory" })],
    });
  scope("/address", "address").get("/hello", () => "hello");
  scope("/user", "user").get("/hello", () => "hello");
  scope("/header", { header: "x-tenant" }).get("/hello", () => "hello");
  scope("/function", ({ url }) => url.searchParams.get("q") ?? undefined).get("/hello", () => "hello");
  scope("/first", "address").get("/", { guards: [] }, () => "hello");
  scope("/skipped", "address").get("/", { skip: ["rateLimit"] }, () => "hello");
  return api;
}

/** The same in RFC 9457. */
export function ratedProblem(log: (record: LogRecord) => void): Api {
  const api = new Api({ log, errors: "problem", use: [rateLimit({ limit: 1, window: 3600, store: "memory" })] });
  api.get("/", () => "hello");
  return api;
}
