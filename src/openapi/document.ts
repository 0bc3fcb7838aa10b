import { type Plan, planRoute, stepOf, type TrailingSlash } from "../compile/index.ts";
import type { ErrorFormat } from "../http/index.ts";
import { makeRoute, RouteError } from "../route/index.ts";
import { isSchema, t } from "../schema/index.ts";
import { Components } from "./components.ts";
import { errorSchemas, ownErrors } from "./errors.ts";
import { ExampleCheck } from "./examples.ts";
import { writeSchema } from "./json-schema.ts";
import type { OpenApiDocument, Operation, PathItem, ResponseObject, TagObject } from "./model.ts";
import { actionName, methodId, operationName, pascal } from "./names.ts";
import { operationOf, type Tools, type WriteSchema } from "./operation.ts";
import type { OpenApiOptions, Webhook } from "./options.ts";
import { Templates } from "./paths.ts";
import { Schemes } from "./security.ts";
import { socketOperation } from "./sockets.ts";
import { tagsWithSockets } from "./socket-tags.ts";

/** What a document is made of. */
export interface DocumentSource {
  readonly title: string;
  readonly version: string;
  readonly description: string | undefined;
  readonly plans: readonly Plan[];
  readonly errors: ErrorFormat;
  readonly trailingSlash: TrailingSlash;
}

/**
 * Writes the OpenAPI document of an api; routes with `hidden` are left out.
 *
 * Errors: `RouteError` that names the route, for two schemas or operations of one name, and for an example that does not match its schema.
 */
export function buildDocument(source: DocumentSource, options: OpenApiOptions): OpenApiDocument {
  const version = options.version ?? "3.1.1";
  const components = new Components();
  const checks = new ExampleCheck();
  const write: WriteSchema = (schema, direction, place) =>
    writeSchema(schema, components, {
      direction,
      place,
      example: (one, examples, at) => checks.check(one, examples, at),
    });
  const errors =
    options.errors === undefined
      ? errorSchemas(source.errors)
      : ownErrors(write(options.errors, "response", "openapi.errors"));
  const responses = new Map<string, ResponseObject>();
  const schemes = new Schemes();
  const tools: Tools = { errors, responses, schemes, write };
  const ids = new OperationIds();
  const plans = source.plans.filter(({ route }) => route.contract.hidden !== true);
  const templates = new Templates(
    source.trailingSlash,
    plans.map(({ pattern }) => pattern),
  );
  const webhookPlans = plansOf(options.webhooks ?? {});
  for (const plan of [...plans, ...webhookPlans.values()]) ids.claim(plan);

  const paths: Record<string, PathItem> = {};
  for (const plan of plans) {
    checkExamples(plan, checks);
    const { path, names } = templates.of(plan.pattern);
    const item = (paths[path] ??= {});
    if (plan.route.socket !== undefined) item["x-websocket"] = socketOperation(plan, ids.of(plan, "GET"), names, tools);
    else
      for (const method of plan.route.methods)
        item[methodKey(method, version)] = operationOf(plan, method, ids.of(plan, method), names, tools);
  }
  const webhooks = webhooksOf(webhookPlans, version, { ...tools, ids });
  const named = components.finish(Object.keys(errors.schemas));
  const usesErrors = responses.size > 0 || plans.length > 0;
  const schemas = { ...named, ...(usesErrors ? errors.schemas : {}) };
  const securitySchemes = schemes.finish();
  const tags = tagsOf(
    options.tags ?? [],
    Object.values({ ...paths, ...webhooks }).flatMap((item) => Object.values(item)),
  );
  return {
    openapi: version,
    info: infoOf(source, options),
    ...(options.externalDocs === undefined ? {} : { externalDocs: options.externalDocs }),
    ...(options.servers === undefined ? {} : { servers: options.servers }),
    ...(tags.length === 0 ? {} : { tags: tagsWithSockets(tags, paths) }),
    ...(options.tagGroups === undefined ? {} : { "x-tagGroups": groupsOf(options.tagGroups, tags) }),
    paths,
    ...(Object.keys(webhooks).length === 0 ? {} : { webhooks }),
    components: {
      ...(Object.keys(schemas).length === 0 ? {} : { schemas }),
      ...(responses.size === 0 ? {} : { responses: sorted(responses) }),
      ...(Object.keys(securitySchemes).length === 0 ? {} : { securitySchemes }),
    },
  };
}

function infoOf({ title, version, description }: DocumentSource, options: OpenApiOptions): OpenApiDocument["info"] {
  const { summary, termsOfService, contact, license } = options;
  const all = { title, summary, description, termsOfService, contact, license, version };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as OpenApiDocument["info"];
}

function sorted<T>(named: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...named].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** OpenAPI 3.1 knows no QUERY; 3.2 does. */
function methodKey(method: string, version: string): string {
  return method === "QUERY" && version < "3.2" ? "x-query" : method.toLowerCase();
}

/** Gives every operation a name of its own; those that routes ask for come first. */
class OperationIds {
  readonly #owners = new Map<string, string>();

  /** Errors: `RouteError` for a name that two operations ask for. */
  claim({ name, route: { contract, methods } }: Plan): void {
    const { operationId } = contract;
    if (operationId === undefined) return;
    for (const method of methods) {
      const id = methodId(operationId, method, methods);
      const owner = this.#owners.get(id);
      if (owner !== undefined) throw new RouteError(name, `has the operationId "${id}", which ${owner} has too`);
      this.#owners.set(id, name);
    }
  }

  of({ name, pattern, route: { contract, methods, set, socket } }: Plan, method: string): string {
    if (contract.operationId !== undefined) return methodId(contract.operationId, method, methods);
    return this.free(
      set === undefined
        ? operationName(socket === undefined ? method : "WS", pattern)
        : methodId(actionName(set.action, pattern), method, methods),
      name,
    );
  }

  /** The name, or with a number after it where another operation has it. */
  free(base: string, name: string): string {
    let id = base;
    for (let count = 2; this.#owners.has(id); count++) id = `${base}${count}`;
    this.#owners.set(id, name);
    return id;
  }
}

function checkExamples(plan: Plan, checks: ExampleCheck): void {
  const { examples } = plan.route.contract;
  if (examples === undefined) return;
  const { answer } = stepOf(plan, "answer")!;
  for (const [key, values] of Object.entries(examples as Readonly<Record<string, object>>)) {
    const shape =
      key === "body"
        ? plan.route.contract.body
        : key === "form"
          ? stepOf(plan, "form")?.texts
          : answer.schemas?.get(Number(key));
    if (shape === undefined) throw new RouteError(plan.name, `has examples for ${key}, of which it declares no schema`);
    checks.check(isSchema(shape) ? shape : t.Object(shape), Object.values(values), `${plan.name} (${key})`);
  }
}

/** A webhook is planned as a route of ours would be. */
function plansOf(webhooks: Readonly<Record<string, Webhook>>): ReadonlyMap<string, Plan> {
  return new Map(
    Object.entries(webhooks).map(([name, { method = "POST", ...contract }]) => {
      const route = makeRoute([method], "/", contract, () => undefined);
      return [name, { ...planRoute({ route, prefix: "", scopes: [] }), name: `webhook "${name}"` }];
    }),
  );
}

/** Webhooks are written as routes are, without the errors that are ours alone. */
function webhooksOf(
  plans: ReadonlyMap<string, Plan>,
  version: string,
  { ids, ...tools }: Tools & { readonly ids: OperationIds },
): Record<string, PathItem> {
  return Object.fromEntries(
    [...plans].map(([name, plan]) => {
      const { contract, methods } = plan.route;
      const method = methods[0]!;
      const id = contract.operationId ?? ids.free(`webhook${pascal(name)}`, plan.name);
      const { responses, ...operation } = operationOf(plan, method, id, [], { ...tools, responses: new Map() });
      const declared = Object.keys(isSchema(contract.response ?? {}) ? { 200: 1 } : (contract.response ?? { 200: 1 }));
      const kept = Object.entries(responses).filter(([status]) => declared.includes(status));
      return [name, { [methodKey(method, version)]: { ...operation, responses: Object.fromEntries(kept) } }];
    }),
  );
}

/** The tags that are described, in their order, then those that operations name. */
function tagsOf(described: readonly TagObject[], operations: readonly Operation[]): readonly TagObject[] {
  const names = new Set(described.map(({ name }) => name));
  const used = new Set(operations.flatMap(({ tags = [] }) => tags));
  return [...described, ...[...used].filter((name) => !names.has(name)).map((name) => ({ name }))];
}

/** Where tags without a group are shown: Scalar and Redoc leave out what is in none. */
const REST = "Other";

/** Errors: `RouteError` for a tag that there is not. */
function groupsOf(
  groups: Readonly<Record<string, readonly string[]>>,
  tags: readonly TagObject[],
): readonly { readonly name: string; readonly tags: readonly string[] }[] {
  const names = tags.map(({ name }) => name);
  const grouped = new Set(Object.values(groups).flat());
  for (const name of grouped)
    if (!names.includes(name)) throw new RouteError("openapi.tagGroups", `names the tag "${name}", which nothing has`);
  const rest = names.filter((name) => !grouped.has(name));
  const all = rest.length === 0 ? groups : { ...groups, [REST]: [...(groups[REST] ?? []), ...rest] };
  return Object.entries(all).map(([name, of]) => ({ name, tags: of }));
}
