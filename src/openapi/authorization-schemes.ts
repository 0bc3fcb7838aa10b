import type { SecurityScheme } from "../auth/index.ts";

/** The schemes of `Authorization` that everybody knows (IANA HTTP authentication scheme registry), in lower case. */
const REGISTERED: ReadonlySet<string> = new Set(
  "basic bearer concealed digest dpop gnap hoba mutual negotiate oauth privatetoken scram-sha-1 scram-sha-256 vapid".split(
    " ",
  ),
);

/**
 * A scheme as readers of the document can use it. One of the api's own, `Authorization: Token …`, is written as a header: Swagger UI
 * refuses an `http` scheme that it does not know, and RapiDoc sends `Bearer` for it.
 *
 * @example
 * presentable({ type: "http", scheme: "token" }); // { type: "apiKey", in: "header", name: "Authorization", description: "…" }
 */
export function presentable(scheme: SecurityScheme): SecurityScheme {
  if (scheme.type !== "http" || REGISTERED.has(scheme.scheme.toLowerCase())) return scheme;
  const spelled = `\`${scheme.scheme}\`, a blank, and the credentials.`;
  return {
    type: "apiKey",
    in: "header",
    name: "Authorization",
    description: scheme.description === undefined ? spelled : `${scheme.description}\n\n${spelled}`,
  };
}
