import type { JsonSchema, OpenApiDocument, Operation } from "../model.ts";
import type { BreakingChange } from "./change.ts";
import { Lookup, type Resolved } from "./lookup.ts";
import { answerChanges, requestChanges } from "./schema.ts";

/** What breaks for those whom webhooks are sent to: to them a body is what they get, and an answer what they give. */
export function webhookChanges(before: OpenApiDocument, after: OpenApiDocument): readonly BreakingChange[] {
  const [older, newer] = [new Lookup(before), new Lookup(after)];
  return Object.entries(before.webhooks ?? {}).flatMap(([name, item]) => {
    const known = Object.entries(item);
    const now = after.webhooks?.[name];
    const changes =
      now === undefined
        ? ["is gone"]
        : known.flatMap(([method, operation]) => {
            const other = now[method];
            return other === undefined
              ? [`is no longer sent by ${method.replace("x-", "").toUpperCase()}`]
              : sentChanges(older, operation, newer, other);
          });
    return [...new Set(changes)].map((change) => ({ operation: `webhook ${name}`, change }));
  });
}

function sentChanges(older: Lookup, operation: Operation, newer: Lookup, other: Operation): string[] {
  const [before, after] = [older.operation(operation), newer.operation(other)];
  const statuses = Object.keys(before.responses).filter((status) => after.responses[status] === undefined);
  return [
    ...bodyOf(before).flatMap(([type, schema]) => {
      const now = new Map(bodyOf(after)).get(type);
      return now === undefined ? [`${type} is no longer sent`] : answerChanges(older, schema, newer, now, "body");
    }),
    ...statuses.map((status) => `${status} is no longer taken for an answer`),
    ...Object.entries(before.responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).flatMap(([type, { schema = {} }]) => {
        const now = after.responses[status]?.content?.[type];
        return now === undefined ? [] : requestChanges(older, schema, newer, now.schema ?? {}, status);
      }),
    ),
  ];
}

function bodyOf({ body }: Resolved): readonly (readonly [type: string, schema: JsonSchema])[] {
  return Object.entries(body?.content ?? {}).map(([type, { schema = {} }]) => [type, schema] as const);
}
