import type { Kysely } from "kysely";
import { type AnyModel, type Columns, executorOf, type Model, type Relations } from "../../data/index.ts";
import { Forbidden, HttpError, json, NotFound, PreconditionFailed, type RequestContext } from "../../http/index.ts";
import type { Contract, Defaults, RouteSet, SetRoute } from "../../route/index.ts";
import { t, type TObject } from "../../schema/index.ts";
import { filterParameters, type Filters, orderOf } from "../filter/index.ts";
import { type AnyPagination, pageNumber } from "../pagination/index.ts";
import { type Action, setRoute, STANDARD_NAMES, type StandardName } from "../viewset/index.ts";
import type { AnyModelViewOptions, Inputs, ModelViewOptions, Outputs } from "./options.ts";
import { refusalsOf } from "./refusals.ts";
import { type Asking, Listing, listQuery, listSchema } from "./reading.ts";
import { type AnySelect, selectionOf, withColumns } from "./selection.ts";
import { type Row, Table } from "./table.ts";
import type { ListQuery, ModelRoutes } from "./types.ts";
import { entityTag } from "./version.ts";
import { canReturn, notFound, permitted, Writing } from "./writing.ts";

type DefaultPages = ReturnType<typeof pageNumber<{}>>;

/**
 * All six views of a model: `list`, `create`, `retrieve`, `update`, `partialUpdate`, `destroy`. What is not said otherwise follows
 * from the model: what clients may send and are shown, the primary key in the path, pages by number.
 *
 * Each action reads and writes by statements that are prepared once; a list with nested rows is one query more for none of them.
 * Unknown objects are 404 `{"detail":"Not found"}`, unique columns taken 409, unknown query parameters 422.
 *
 * @example
 * export const articles = api.viewset("/articles", modelViewSet(db, Article, {
 *   filter: { authorId: ["exact", "in"], createdAt: "range" },
 *   search: ["title"],
 *   ordering: ["createdAt"],
 *   pagination: pageNumber({ pageSize: 20 }),
 * }));
 */
export function modelViewSet<
  DB,
  const T extends keyof DB & string,
  C extends Columns,
  R extends Relations,
  const A extends Defaults["auth"] = never,
  const G extends Defaults["guards"] = never,
  const Only extends StandardName = StandardName,
  const L extends keyof C & string = "id" extends keyof C ? "id" : keyof C & string,
  const O extends Outputs = {},
  const I extends Inputs = {},
  P extends AnyPagination | false = DefaultPages,
  const F extends Filters = {},
  const S extends keyof C & string = never,
  const K extends keyof C & string = never,
  const X extends Readonly<Record<string, Action>> = {},
>(
  db: Kysely<DB>,
  model: Model<T, C, R>,
  options?: ModelViewOptions<DB, T, C, A, G, Only, L, O, I, P, F, S, K, X>,
): RouteSet<ModelRoutes<Model<T, C, R>, C, Only, L, O, I, P, ListQuery<C, P, F, K, S>, X, A, G>> {
  return {
    routes: routesOf(db, model as unknown as AnyModel, (options ?? {}) as unknown as AnyModelViewOptions),
  } as never;
}

/**
 * `modelViewSet` with `list` and `retrieve` alone.
 *
 * @example
 * api.viewset("/countries", readOnlyModelViewSet(db, Country, { pagination: false }));
 */
export const readOnlyModelViewSet: typeof readOnly = readOnly;

function readOnly<
  DB,
  const T extends keyof DB & string,
  C extends Columns,
  R extends Relations,
  const A extends Defaults["auth"] = never,
  const G extends Defaults["guards"] = never,
  const L extends keyof C & string = "id" extends keyof C ? "id" : keyof C & string,
  const O extends Outputs = {},
  P extends AnyPagination | false = DefaultPages,
  const F extends Filters = {},
  const S extends keyof C & string = never,
  const K extends keyof C & string = never,
  const X extends Readonly<Record<string, Action>> = {},
>(
  db: Kysely<DB>,
  model: Model<T, C, R>,
  options?: Omit<ModelViewOptions<DB, T, C, A, G, "list" | "retrieve", L, O, {}, P, F, S, K, X>, "only" | "input">,
): RouteSet<ModelRoutes<Model<T, C, R>, C, "list" | "retrieve", L, O, {}, P, ListQuery<C, P, F, K, S>, X, A, G>> {
  const all = { ...options, only: ["list", "retrieve"] } as unknown as AnyModelViewOptions;
  return { routes: routesOf(db, model as unknown as AnyModel, all) } as never;
}

/** The options that are not defaults of the routes' contracts. */
const OWN: ReadonlySet<string> = new Set<keyof AnyModelViewOptions>([
  "only",
  "lookup",
  "output",
  "input",
  "queryset",
  "pagination",
  "filter",
  "search",
  "ordering",
  "orderBy",
  "permission",
  "version",
  "actions",
  "beforeCreate",
  "afterCreate",
  "beforeUpdate",
  "afterUpdate",
  "beforeDestroy",
  "afterDestroy",
]);

/** A request of any of the actions. */
interface Ctx extends RequestContext {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Row;
}

function routesOf(db: Kysely<any>, model: AnyModel, options: AnyModelViewOptions): Readonly<Record<string, SetRoute>> {
  const defaults = Object.fromEntries(Object.entries(options).filter(([key]) => !OWN.has(key))) as Defaults;
  const lookup = lookupOf(model, options);
  const actions = actionsOf(db, model, lookup, options);
  const only = options.only ?? STANDARD_NAMES;
  const standard = STANDARD_NAMES.filter((name) => only.includes(name)).map((name) => [name, actions[name]] as const);
  const further = Object.entries(options.actions ?? {});
  for (const [name] of further)
    if (name in actions) throw new TypeError(`modelViewSet: "${name}" is a standard action; choose those with "only"`);
  return Object.freeze(
    Object.fromEntries(
      [...standard, ...further].map(([name, { contract, handler }]) => [
        name,
        setRoute(name, contract, handler, defaults, lookup),
      ]),
    ),
  );
}

/** The unique column that the path names objects by. */
function lookupOf(model: AnyModel, { lookup }: AnyModelViewOptions): string {
  const [key, ...rest] = model.primaryKey;
  const name = (lookup as string | undefined) ?? key!;
  const unique = model.indexes.some((index) => index.unique && index.columns.length === 1 && index.columns[0] === name);
  if (!model.columns.has(name))
    throw new TypeError(`modelViewSet: "${model.table}" has no column "${name}" to look up by`);
  if (!unique && (name !== key || rest.length > 0))
    throw new TypeError(`modelViewSet: "${model.table}.${name}" is not unique, so it names no single object`);
  return name;
}

function actionsOf(
  db: Kysely<any>,
  model: AnyModel,
  lookup: string,
  options: AnyModelViewOptions,
): Readonly<Record<StandardName, { contract: Contract; handler: (ctx: Ctx) => unknown }>> {
  const { output = {}, input = {}, queryset, version, permission } = options;
  const models = new Map(
    Object.values(executorOf(db)?.core.models ?? {}).map((known) => [known.table, known] as const),
  ).set(model.table, model);
  const shown: TObject = output.retrieve ?? model.public;
  const item: TObject = output.list ?? model.public;
  const written: TObject = output.write ?? shown;
  const pagination = options.pagination === false ? undefined : (options.pagination ?? pageNumber());
  const asking = askingOf(model, models, options);
  const table = new Table(db, model, lookup, canReturn(db));
  const versioned = version === undefined ? undefined : model.columns.get(version as string);
  if (version !== undefined && versioned === undefined)
    throw new TypeError(`modelViewSet: "${model.table}" has no column "${String(version)}" for a version`);

  const more = [lookup, ...(versioned === undefined ? [] : [versioned.name])];
  const allColumns = [...model.columns.keys()];
  const read = withColumns(selectionOf(model, shown, models), permission === undefined ? more : allColumns);
  const writing = new Writing(table, options, withColumns(selectionOf(model, written, models), more));
  const listing = new Listing(table, selectionOf(model, item, models), asking, pagination);
  const narrow = (ctx: Ctx) =>
    queryset === undefined ? undefined : (query: AnySelect): AnySelect => queryset(query, ctx as never);

  const params = { [lookup]: withoutFlags(model, lookup) };
  const refusals = permission === undefined ? [] : [Forbidden];
  const lost = versioned === undefined ? [] : [PreconditionFailed];
  const tag = versioned === undefined ? {} : { etag: t.String({ description: "The version, for If-Match" }) };
  const located = { location: t.String({ description: "Where the new object is" }) };
  const answers = versioned === undefined ? {} : { answers: { 200: { headers: tag } } };
  const refused = refusalsOf(model, models.values());
  const tagged = (row: Row): unknown =>
    versioned === undefined ? row : json(row, { headers: { etag: entityTag(versioned, row) } });
  const answered = (outcome: Row | HttpError): unknown => (outcome instanceof HttpError ? outcome : tagged(outcome));

  return {
    list: {
      contract: {
        query: t.Object({ ...pagination?.query, ...listQuery(asking) }, { additionalProperties: false }),
        response: listSchema(pagination, item),
      },
      handler: (ctx) => listing.page(ctx, narrow(ctx)),
    },
    create: {
      contract: {
        body: input.create ?? model.create,
        response: { 201: written },
        errors: refused.write,
        answers: { 201: { headers: { ...located, ...tag } } },
      },
      handler: async (ctx) => {
        const outcome = await writing.create(ctx, ctx.body);
        if (outcome instanceof HttpError) return outcome;
        const location = `${ctx.path.replace(/\/$/, "")}/${encodeURIComponent(String(outcome[lookup]))}`;
        const etag = versioned === undefined ? {} : { etag: entityTag(versioned, outcome) };
        return json(outcome, { status: 201, headers: { location, ...etag } });
      },
    },
    retrieve: {
      contract: { params, response: shown, errors: [NotFound, ...refusals], ...answers },
      handler: (ctx) => {
        const found = table.one(read, ctx.params[lookup], narrow(ctx));
        if (permission === undefined && !(found instanceof Promise))
          return found === undefined ? notFound() : tagged(found);
        return shownIf(found, ctx);
      },
    },
    update: {
      contract: {
        params,
        body: input.update ?? input.create ?? model.create,
        response: written,
        errors: [NotFound, ...refusals, ...refused.write, ...lost],
        ...answers,
      },
      handler: async (ctx) =>
        answered(await writing.update(ctx, "update", ctx.params[lookup], replaced(model, ctx.body), narrow(ctx))),
    },
    partialUpdate: {
      contract: {
        params,
        body: input.partialUpdate ?? model.update,
        response: written,
        errors: [NotFound, ...refusals, ...refused.write, ...lost],
        ...answers,
      },
      handler: async (ctx) =>
        answered(await writing.update(ctx, "partialUpdate", ctx.params[lookup], ctx.body, narrow(ctx))),
    },
    destroy: {
      contract: {
        params,
        response: { 204: t.Undefined() },
        errors: [NotFound, ...refusals, ...refused.destroy, ...lost],
      },
      handler: (ctx) => writing.destroy(ctx, ctx.params[lookup], narrow(ctx)),
    },
  };

  async function shownIf(found: unknown, ctx: Ctx): Promise<unknown> {
    const row = (await found) as Row | undefined;
    if (row === undefined) return notFound();
    return (await permitted(options, row, ctx, "retrieve")) ?? tagged(row);
  }
}

function askingOf(model: AnyModel, models: ReadonlyMap<string, AnyModel>, options: AnyModelViewOptions): Asking {
  const { filter = {}, search = [], ordering = [], orderBy = [] } = options;
  for (const name of [...search, ...ordering, ...orderOf(orderBy).map(({ column }) => column)])
    if (!model.columns.has(name)) throw new TypeError(`modelViewSet: "${model.table}" has no column "${String(name)}"`);
  return {
    filters: filterParameters(model, filter, models),
    search,
    ordering,
    orderBy: orderOf(orderBy),
  };
}

/** PUT replaces: what the client leaves out becomes what it would be in a new row. */
function replaced(model: AnyModel, body: Row): Row {
  const row: Row = {};
  for (const column of model.columns.values()) {
    if (column.readOnly || column.generated !== undefined) continue;
    if (column.name in body) row[column.name] = body[column.name];
    else if (column.default !== undefined) row[column.name] = column.default;
    else if (column.nullable && column.name in model.create.properties) row[column.name] = null;
  }
  return { ...body, ...row };
}

/** The column's schema as a path parameter: it is neither read-only nor filled in there. */
function withoutFlags(model: AnyModel, name: string) {
  const { readOnly: _, default: __, ...schema } = model.columns.get(name)!.schema;
  return schema as (typeof model.public.properties)[string];
}
