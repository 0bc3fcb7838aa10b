import type { Kysely } from "kysely";
import { type AnyModel, type DialectName, executorOf } from "../../data/index.ts";
import { Forbidden, HttpError, json, NotFound, PreconditionFailed, type RequestContext } from "../../http/index.ts";
import type { Contract } from "../../route/index.ts";
import { t } from "../../schema/index.ts";
import { filterParameters, hasParts, orderOf } from "../filter/index.ts";
import { type AnyPagination, pageNumber } from "../pagination/index.ts";
import type { StandardName } from "../viewset/index.ts";
import { formsOf, type Shown, type Taken } from "./forms.ts";
import { NestedRows } from "./nested.ts";
import type { AnyModelViewOptions } from "./options.ts";
import { type Asking, Listing, listQuery, listSchema } from "./reading.ts";
import { refusalsOf } from "./refusals.ts";
import { type AnySelect, withColumns } from "./selection.ts";
import { type Row, Table } from "./table.ts";
import { changeOfVersion, endOfVersion, entityTag, isUnchanged, readOfVersion, versionTag } from "./version.ts";
import { canReturn, notFound, permitted, Writing } from "./writing.ts";

/** A request of any of the actions. */
interface Ctx extends RequestContext {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Row;
}

/** What a standard action declares, and what it does. */
interface ModelAction {
  readonly contract: Contract;
  readonly handler: (ctx: Ctx) => unknown;
}

/** The standard actions of a model. */
export function actionsOf(
  db: Kysely<any>,
  model: AnyModel,
  lookup: string,
  options: AnyModelViewOptions,
): Readonly<Record<StandardName, ModelAction>> {
  const { queryset, version, permission } = options;
  const known = Object.values(executorOf(db)?.core.models ?? {});
  const models = new Map(known.map((one) => [one.table, one] as const)).set(model.table, model);
  const pagination = options.pagination === false ? undefined : (options.pagination ?? pageNumber());
  const table = new Table(db, model, lookup, canReturn(db));
  const asking = askingOf(model, models, pagination, options, table.dialect);
  const forms = formsOf(model, options);
  const versioned = version === undefined ? undefined : model.columns.get(version as string);
  if (version !== undefined && versioned === undefined)
    throw new TypeError(`modelViewSet: "${model.table}" has no column "${String(version)}" for a version`);
  for (const { names } of [forms.create, forms.update, forms.partialUpdate])
    if (versioned !== undefined && names.includes(versioned.name))
      throw new TypeError(`modelViewSet: clients could set the version "${versioned.name}"; make the column readOnly`);

  const own = [lookup, ...model.primaryKey, ...(versioned === undefined ? [] : [versioned.name])];
  const read = withColumns(forms.retrieve.needs, permission === undefined ? own : [...model.columns.keys()]);
  const output = withColumns(forms.written.needs, own);
  const writing = new Writing(table, options, output, new NestedRows(model, models));
  const listing = new Listing(table, forms.list, asking, pagination);
  const narrow = (ctx: Ctx) =>
    queryset === undefined ? undefined : (query: AnySelect): AnySelect => queryset(query, ctx as never);

  const tagOf = (row: Row) => (versioned === undefined ? {} : { etag: entityTag(versioned, row) });
  const shown = ({ write }: Shown, row: Row): unknown => {
    const value = write === undefined ? row : write(row);
    return versioned === undefined ? value : json(value, { headers: tagOf(row) });
  };
  const changed = async (ctx: Ctx, action: "update" | "partialUpdate", form: Taken): Promise<unknown> => {
    const sent = form.read(ctx.body);
    const changes = action === "update" ? replaced(model, form, sent) : sent;
    const check = action === "update" ? undefined : form.check;
    const outcome = await writing.update(ctx, action, ctx.params[lookup], changes, narrow(ctx), check);
    return outcome instanceof HttpError ? outcome : shown(forms.written, outcome);
  };
  const got = (ctx: Ctx, row: Row): unknown => {
    if (versioned !== undefined && isUnchanged(ctx, versioned, row))
      return new Response(null, { status: 304, headers: tagOf(row) });
    return shown(forms.retrieve, row);
  };
  const found = async (ctx: Ctx, reading: unknown): Promise<unknown> => {
    const row = (await reading) as Row | undefined;
    if (row === undefined) return notFound();
    return (await permitted(options, row, ctx, "retrieve")) ?? got(ctx, row);
  };

  const params = { [lookup]: lookupParameter(model, lookup) };
  const tag = versioned === undefined ? {} : versionTag;
  const located = { location: t.String({ description: "Where the new object is" }), ...tag };
  const refused = refusalsOf(model, models.values());
  const one = [NotFound, ...(permission === undefined ? [] : [Forbidden])];
  const lost = versioned === undefined ? [] : [PreconditionFailed];
  const changing = (form: Taken): Contract => ({
    params,
    body: form.schema,
    response: forms.written.schema,
    errors: [...one, ...refused.write, ...lost],
    ...(versioned === undefined ? {} : changeOfVersion),
  });

  return {
    list: {
      contract: {
        query: t.Object(listQuery(model, pagination?.query ?? {}, asking), { additionalProperties: false }),
        response: listSchema(pagination, forms.list.schema),
        errors: refused.read,
      },
      handler: (ctx) => listing.page(ctx, narrow(ctx)),
    },
    create: {
      contract: {
        body: forms.create.schema,
        response: { 201: forms.written.schema },
        errors: refused.write,
        answers: { 201: { headers: located } },
      },
      handler: async (ctx) => {
        const row = await writing.create(ctx, forms.create.read(ctx.body));
        if (row instanceof HttpError) return row;
        const { write } = forms.written;
        const location = `${ctx.path.replace(/\/$/, "")}/${encodeURIComponent(String(row[lookup]))}`;
        return json(write === undefined ? row : write(row), { status: 201, headers: { location, ...tagOf(row) } });
      },
    },
    retrieve: {
      contract: {
        params,
        response: forms.retrieve.schema,
        errors: [...one, ...refused.read],
        ...(versioned === undefined ? {} : readOfVersion),
      },
      handler: (ctx) => {
        const row = table.one(read, ctx.params[lookup], narrow(ctx));
        if (permission !== undefined || row instanceof Promise) return found(ctx, row);
        return row === undefined ? notFound() : got(ctx, row);
      },
    },
    update: {
      contract: changing(forms.update),
      handler: (ctx) => changed(ctx, "update", forms.update),
    },
    partialUpdate: {
      contract: changing(forms.partialUpdate),
      handler: (ctx) => changed(ctx, "partialUpdate", forms.partialUpdate),
    },
    destroy: {
      contract: {
        params,
        response: { 204: t.Undefined() },
        errors: [...one, ...refused.destroy, ...lost],
        ...(versioned === undefined ? {} : endOfVersion),
      },
      handler: (ctx) => writing.destroy(ctx, ctx.params[lookup], narrow(ctx)),
    },
  };
}

function askingOf(
  model: AnyModel,
  models: ReadonlyMap<string, AnyModel>,
  pagination: AnyPagination | undefined,
  options: AnyModelViewOptions,
  dialect: DialectName,
): Asking {
  const { filter = {}, search = [], ordering = [], orderBy = [] } = options;
  for (const name of [...search, ...ordering, ...orderOf(orderBy).map(({ column }) => column)])
    if (!model.columns.has(name)) throw new TypeError(`modelViewSet: "${model.table}" has no column "${String(name)}"`);
  for (const name of search)
    if (!hasParts(model.columns.get(name)!))
      throw new TypeError(`modelViewSet: "${model.table}.${String(name)}" is no text to search in`);
  if (pagination?.orders === true && (ordering.length > 0 || orderBy.length > 0))
    throw new TypeError(`modelViewSet: pages of "${model.table}" have their own order; leave out ordering and orderBy`);
  return { filters: filterParameters(model, filter, models, dialect), search, ordering, orderBy: orderOf(orderBy) };
}

/** PUT replaces: what the client may set and leaves out becomes what it would be in a new row. */
function replaced(model: AnyModel, { names }: Taken, sent: Row): Row {
  const row = { ...sent };
  for (const name of names) {
    const column = model.columns.get(name);
    if (column === undefined || name in sent || column.generated !== undefined) continue;
    if (column.default !== undefined) row[name] = column.default;
    else if (column.nullable) row[name] = null;
  }
  return row;
}

/** The column's schema as a path parameter: it is neither read-only nor filled in there. */
export function lookupParameter(model: AnyModel, name: string) {
  const { readOnly: _, default: __, ...schema } = model.columns.get(name)!.schema;
  return schema as (typeof model.public.properties)[string];
}
