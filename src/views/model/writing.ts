import type { Kysely, Transaction } from "kysely";
import { type Column, transaction } from "../../data/index.ts";
import { Forbidden, HttpError, NotFound, type RequestContext } from "../../http/index.ts";
import type { StandardName } from "../viewset/index.ts";
import { apart, type NestedRows } from "./nested.ts";
import type { AnyModelViewOptions } from "./options.ts";
import { type AnySelect, type Selection, withColumns } from "./selection.ts";
import type { Row, Table } from "./table.ts";
import { checkVersion, isConditional } from "./version.ts";

/** The 404 of every view. */
export const notFound = (): HttpError => new NotFound("Not found");

type Narrow = ((query: AnySelect) => AnySelect) | undefined;

/**
 * The actions on one object that change something. Without hooks, permissions, a narrowed query and preconditions, each is one
 * statement; with any of them it is a transaction that locks the row, looks, writes, and reads what is answered.
 */
export class Writing {
  readonly #table: Table;
  readonly #options: AnyModelViewOptions;
  readonly #output: Selection;
  readonly #nested: NestedRows;
  /** The column that rows of other tables refer to. */
  readonly #key: string;
  /** All columns: what hooks and permissions see. */
  readonly #whole: Selection;
  readonly #version: Column | undefined;
  readonly #touched: readonly string[];

  constructor(table: Table, options: AnyModelViewOptions, output: Selection, nested: NestedRows) {
    this.#table = table;
    this.#nested = nested;
    this.#key = table.model.primaryKey[0]!;
    this.#options = options;
    this.#output = output;
    const columns = [...table.model.columns.values()];
    this.#whole = { columns: columns.map(({ name }) => name), relations: {} };
    this.#version = options.version === undefined ? undefined : table.model.columns.get(options.version);
    const isTouched = ({ name, kind, touched }: Column) =>
      touched || (name === options.version && kind === "timestamp");
    this.#touched = columns.filter(isTouched).map(({ name }) => name);
  }

  create(ctx: RequestContext, body: Row): Promise<Row | HttpError> {
    const { beforeCreate, afterCreate } = this.#options;
    const values = { ...body, ...this.#first() };
    const nests = Object.keys(apart(this.#table.model, values).related).length > 0;
    if (beforeCreate === undefined && afterCreate === undefined && !nests)
      return this.#table.insert(this.#output, values);
    return transaction(this.#table.db, async (trx) => {
      const at = { ctx: ctx as never, trx, action: "create" } as const;
      const given = (await beforeCreate?.(values as never, at)) ?? values;
      if (given instanceof HttpError) return given;
      const { own, related } = apart(this.#table.model, given as Row);
      const output = afterCreate === undefined ? this.#output : this.#both();
      const referred = await this.#nested.before(related, trx);
      let row = await this.#table.insert(nests ? this.#whole : output, { ...own, ...referred }, trx);
      if (nests) {
        await this.#nested.after(related, row[this.#key], true, trx);
        row = await this.#table.again(output, row, trx);
      }
      const verdict = await afterCreate?.(row as never, at);
      return verdict instanceof HttpError ? verdict : row;
    });
  }

  /** `check` looks at the row as it would be. */
  async update(
    ctx: RequestContext,
    action: "update" | "partialUpdate",
    value: unknown,
    changes: Row,
    narrow: Narrow,
    check: ((row: Row) => void) | undefined,
  ): Promise<Row | HttpError> {
    const { beforeUpdate, afterUpdate } = this.#options;
    const next = { ...changes, ...this.#next() };
    const nests = Object.keys(apart(this.#table.model, next).related).length > 0;
    const hooked = beforeUpdate !== undefined || afterUpdate !== undefined;
    if (!this.#mustLook(ctx, narrow) && !hooked && !nests && check === undefined)
      return (await this.#table.update(this.#output, value, next)) ?? notFound();
    return transaction(this.#table.db, async (trx) => {
      const row = await this.#looked(ctx, action, value, narrow, trx);
      if (row instanceof HttpError) return row;
      const at = { ctx: ctx as never, trx, action };
      const given = (await beforeUpdate?.(next as never, row as never, at)) ?? next;
      if (given instanceof HttpError) return given;
      check?.({ ...row, ...given });
      const { own, related } = apart(this.#table.model, given as Row);
      const referred = await this.#nested.before(related, trx);
      if (nests) await this.#nested.after(related, row[this.#key], false, trx);
      const output = afterUpdate === undefined ? this.#output : this.#both();
      const written = await this.#table.update(output, value, { ...own, ...referred, ...this.#counted(row) }, trx);
      if (written === undefined) return notFound();
      const verdict = await afterUpdate?.(written as never, at);
      return verdict instanceof HttpError ? verdict : written;
    });
  }

  async destroy(ctx: RequestContext, value: unknown, narrow: Narrow): Promise<HttpError | undefined> {
    const { beforeDestroy, afterDestroy } = this.#options;
    if (!this.#mustLook(ctx, narrow) && beforeDestroy === undefined && afterDestroy === undefined)
      return (await this.#table.delete(value)) ? undefined : notFound();
    return transaction(this.#table.db, async (trx) => {
      const row = await this.#looked(ctx, "destroy", value, narrow, trx);
      if (row instanceof HttpError) return row;
      const at = { ctx: ctx as never, trx, action: "destroy" } as const;
      const refused = await beforeDestroy?.(row as never, at);
      if (refused instanceof HttpError) return refused;
      if (!(await this.#table.delete(value, trx))) return notFound();
      const verdict = await afterDestroy?.(row as never, at);
      return verdict instanceof HttpError ? verdict : undefined;
    });
  }

  #mustLook(ctx: RequestContext, narrow: Narrow): boolean {
    return (
      narrow !== undefined ||
      this.#options.permission !== undefined ||
      (this.#version !== undefined && this.#looksAtVersion(ctx))
    );
  }

  /** A counted version has to be known to be counted on. */
  #looksAtVersion(ctx: RequestContext): boolean {
    return this.#version?.kind !== "timestamp" || isConditional(ctx);
  }

  /** The row, locked, once all that may stand in the way has been asked. */
  async #looked(
    ctx: RequestContext,
    action: Exclude<StandardName, "list" | "create">,
    value: unknown,
    narrow: Narrow,
    trx: Transaction<any>,
  ): Promise<Row | HttpError> {
    const row = (await this.#table.locked(this.#whole, value, narrow, trx)) as Row | undefined;
    if (row === undefined) return notFound();
    const refused = await permitted(this.#options, row, ctx, action);
    if (refused !== undefined) return refused;
    if (this.#version !== undefined) checkVersion(ctx, this.#version, row);
    return row;
  }

  /** What is answered, and all that a hook may look at. */
  #both(): Selection {
    return withColumns(this.#output, this.#whole.columns);
  }

  #first(): Row {
    return this.#version !== undefined && this.#version.kind !== "timestamp" ? { [this.#version.name]: 1 } : {};
  }

  #next(): Row {
    return this.#touched.length === 0 ? {} : Object.fromEntries(this.#touched.map((name) => [name, new Date()]));
  }

  #counted(row: Row): Row {
    const version = this.#version;
    if (version === undefined) return {};
    const current = row[version.name];
    // Two writes within a millisecond are two versions.
    if (current instanceof Date) return { [version.name]: new Date(Math.max(Date.now(), current.getTime() + 1)) };
    return { [version.name]: typeof current === "bigint" ? current + 1n : Number(current) + 1 };
  }
}

/** What the permission of an object says against it; undefined where nothing does. */
export async function permitted(
  { permission }: AnyModelViewOptions,
  row: Row,
  ctx: RequestContext,
  action: Exclude<StandardName, "list" | "create">,
): Promise<HttpError | undefined> {
  const verdict = permission === undefined ? true : await permission(row as never, ctx as never, action);
  if (verdict instanceof HttpError) return verdict;
  return verdict ? undefined : new Forbidden("Permission denied");
}

/** MySQL has no `returning`. */
export const canReturn = (db: Kysely<any>): boolean => db.getExecutor().adapter.supportsReturning === true;
