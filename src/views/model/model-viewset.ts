import type { Kysely } from "kysely";
import type { AnyModel, Columns, Model, Relations } from "../../data/index.ts";
import type { Defaults, RouteSet, SetRoute } from "../../route/index.ts";
import type { Filters } from "../filter/index.ts";
import type { AnyPagination, pageNumber } from "../pagination/index.ts";
import { type Action, actionsIn, setRoute, STANDARD_NAMES, type StandardName } from "../viewset/index.ts";
import { actionsOf, lookupParameter } from "./actions.ts";
import type { AnyModelViewOptions, ModelViewOptions } from "./options.ts";
import type { AnySerializer, Inputs, Outputs } from "./schemas.ts";
import type { ListQuery, ModelRoutes } from "./types.ts";

type DefaultPages = ReturnType<typeof pageNumber<{}>>;

/**
 * All six views of a model: `list`, `create`, `retrieve`, `update`, `partialUpdate`, `destroy`. What is not said otherwise follows
 * from the model: what clients may send and are shown, the primary key in the path, pages by number.
 *
 * Each action reads and writes by statements that are prepared once; a list with nested rows runs as many as one without.
 * Unknown objects are 404 `{"detail":"Not found"}`, unique columns taken 409, unknown query parameters 422. Throws a `TypeError` for
 * what cannot be: a lookup that is not unique, a filter over no column, a version that clients may set.
 *
 * @example
 * export const articles = api.viewset("/articles", modelViewSet(db, Article, {
 *   filter: { authorId: ["exact", "in"], createdAt: "range" },
 *   search: ["title"],
 *   ordering: ["createdAt"],
 *   pagination: pageNumber({ pageSize: 20 }),
 *   actions: (action) => ({ publish: action({}, ({ params }) => publishArticle(params.id)) }), // POST /articles/:id/publish
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
  Z extends AnySerializer = never,
>(
  db: Kysely<DB>,
  model: Model<T, C, R>,
  options?: ModelViewOptions<DB, T, C, A, G, Only, L, O, I, P, F, S, K, X, Z>,
): RouteSet<ModelRoutes<Model<T, C, R>, Z, C, Only, L, O, I, P, ListQuery<C, P, F, K, S>, X, A, G>> {
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
export function readOnlyModelViewSet<
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
  Z extends AnySerializer = never,
>(
  db: Kysely<DB>,
  model: Model<T, C, R>,
  options?: Omit<ModelViewOptions<DB, T, C, A, G, "list" | "retrieve", L, O, {}, P, F, S, K, X, Z>, "only" | "input">,
): RouteSet<ModelRoutes<Model<T, C, R>, Z, C, "list" | "retrieve", L, O, {}, P, ListQuery<C, P, F, K, S>, X, A, G>> {
  const all = { ...options, only: ["list", "retrieve"] } as unknown as AnyModelViewOptions;
  return { routes: routesOf(db, model as unknown as AnyModel, all) } as never;
}

/** The options that are not defaults of the routes' contracts. */
const OWN: ReadonlySet<string> = new Set<keyof AnyModelViewOptions>([
  "only",
  "serializer",
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

function routesOf(db: Kysely<any>, model: AnyModel, options: AnyModelViewOptions): Readonly<Record<string, SetRoute>> {
  const defaults = Object.fromEntries(Object.entries(options).filter(([key]) => !OWN.has(key))) as Defaults;
  const lookup = lookupOf(model, options);
  const actions = actionsOf(db, model, lookup, options);
  const only = options.only ?? STANDARD_NAMES;
  const standard = STANDARD_NAMES.filter((name) => only.includes(name)).map((name) => [name, actions[name]] as const);
  const params = { [lookup]: lookupParameter(model, lookup) };
  const further = actionsIn(options.actions).map(([name, { contract, handler }]) => {
    if (name in actions) throw new TypeError(`modelViewSet: "${name}" is a standard action; choose those with "only"`);
    const implied = contract.detail === false || contract.params !== undefined ? {} : { params };
    return [name, { contract: { ...implied, ...contract }, handler }] as const;
  });
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
