import type { PathPattern } from "../route/index.ts";

/** Whether TypeBox made the `$id` up, by counting: it differs from process to process. */
export function isAutomatic($id: string): boolean {
  return /^T\d+$/.test($id);
}

/**
 * A schema's name in the document: a URL's last part, and letters, digits and `._-` only (OpenAPI 3.1, 4.8.7).
 *
 * @example
 * schemaName("https://example.com/schemas/user.json"); // "user"
 * schemaName("New place"); // "NewPlace"
 */
export function schemaName(id: string): string {
  const last = id.includes("/") ? (id.split(/[/#]/).findLast((part) => part !== "") ?? id).replace(/\.json$/, "") : id;
  return last.replaceAll(/[^\w.-]+(\w?)/g, (_, next: string) => next.toUpperCase()) || "Schema";
}

/**
 * An operation's name by its method and path, for routes that do not give one.
 *
 * @example
 * operationName("GET", parsePath("/users/:id/posts")); // "getUsersByIdPosts"
 */
export function operationName(method: string, { segments }: PathPattern): string {
  const words = segments.map((segment) => (segment.kind === "static" ? decode(segment.text) : `by ${segment.name}`));
  return method.toLowerCase() + pascal(words.length === 0 ? "root" : words.join(" "));
}

/** `GetUsersById` of `get users/by id`. */
export function pascal(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join("");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
