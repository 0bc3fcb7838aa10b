import type { PathPattern } from "../route/index.ts";
import { kindName, type TSchema } from "../schema/index.ts";

/** The name that a schema was given, if any: its `$id`, or an object's title. A field's title is a label. */
export function givenName(schema: TSchema): string | undefined {
  const { $id, title } = schema;
  if (typeof $id === "string" && !isAutomatic($id)) return schemaName($id);
  const isObject = kindName(schema) === "Object" || kindName(schema) === "Intersect";
  return typeof title === "string" && (isObject || $id !== undefined) ? schemaName(title) : undefined;
}

/** Whether TypeBox made the `$id` up, by counting: it differs from process to process. */
function isAutomatic($id: string): boolean {
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
  return method.toLowerCase() + pascal(wordsOf(segments));
}

/**
 * The name of a set's action by its own and its path, where the last word of the path is not said twice.
 *
 * @example
 * actionName("list", parsePath("/articles")); // "listArticles"
 * actionName("goLive", parsePath("/articles/:id/go-live")); // "goLiveArticlesById"
 */
export function actionName(action: string, { segments }: PathPattern): string {
  const last = segments.at(-1);
  const isTwice = last?.kind === "static" && pascal(decode(last.text)) === pascal(action);
  return action + pascal(wordsOf(isTwice ? segments.slice(0, -1) : segments));
}

/**
 * What an operation is called of a route that has a name and several methods: the further ones follow it.
 *
 * @example
 * methodId("save", "PATCH", ["PUT", "PATCH"]); // "savePatch"
 */
export function methodId(operationId: string, method: string, methods: readonly string[]): string {
  return method === methods[0] ? operationId : operationId + pascal(method.toLowerCase());
}

/** The tag of a set where none is given: the last word of its path; none where it has no word. */
export function setTag({ segments }: PathPattern): string | undefined {
  const last = segments.findLast((segment) => segment.kind === "static");
  return last === undefined ? undefined : decode(last.text);
}

function wordsOf(segments: PathPattern["segments"]): string {
  if (segments.length === 0) return "root";
  return segments.map((segment) => (segment.kind === "static" ? decode(segment.text) : `by ${segment.name}`)).join(" ");
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
