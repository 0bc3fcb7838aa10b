import type { PathItem, SocketOperation, TagObject } from "./model.ts";
import { shorthand } from "./shorthand.ts";

/**
 * Tags that list their sockets: pages know no `x-websocket`, but Scalar, Swagger UI and Redoc show the description of a tag, whether or
 * not it has operations.
 */
export function tagsWithSockets(
  tags: readonly TagObject[],
  paths: Readonly<Record<string, PathItem>>,
): readonly TagObject[] {
  const sockets = Object.entries(paths).flatMap(([path, { "x-websocket": socket }]) =>
    socket === undefined ? [] : [{ path, socket: socket as SocketOperation }],
  );
  if (sockets.length === 0) return tags;
  return tags.map((tag) => {
    const own = sockets.filter(({ socket }) => socket.tags?.includes(tag.name));
    if (own.length === 0) return tag;
    const lines = own.flatMap(({ path, socket }) => linesOf(path, socket));
    return { ...tag, description: [...(tag.description ? [tag.description] : []), lines.join("\n")].join("\n\n") };
  });
}

/** What somebody needs to open a socket and to talk over it, as a list in Markdown. */
function linesOf(
  path: string,
  { summary, parameters = [], message, send, protocols = [], security = [] }: SocketOperation,
): string[] {
  const query = parameters.filter((one) => "in" in one && one.in === "query");
  const names = query.map((one) => ("name" in one ? `\`${one.name}${one.required === true ? "" : "?"}\`` : ""));
  const credentials = [...new Set(security.flatMap((one) => Object.keys(one)))].map((name) => `\`${name}\``);
  return [
    `- WebSocket \`${path}\`${summary === undefined ? "" : `: ${summary}`}`,
    ...(credentials.length === 0 ? [] : [`  - credentials ${credentials.join(" or ")}`]),
    ...(names.length === 0 ? [] : [`  - query ${names.join(", ")}`]),
    ...(protocols.length === 0 ? [] : [`  - subprotocols ${protocols.map((name) => `\`${name}\``).join(", ")}`]),
    ...(message === undefined ? [] : [`  - takes ${shorthand(message)}`]),
    ...(send === undefined ? [] : [`  - sends ${shorthand(send)}`]),
  ];
}
