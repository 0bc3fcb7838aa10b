import { type Expression, sql } from "kysely";
import {
  type AnyModel,
  dialectOf,
  type DialectName,
  executorOf,
  type ParameterValues,
  type Prepared,
} from "../../data/index.ts";
import { type CursorOrder, hiddenColumns, ordered, reading, tableOf } from "./cursor-order.ts";
import type { AnyQuery } from "./count.ts";
import { dialectOfQuery } from "../dialect.ts";
import { andThen, type Eventual } from "./eventual.ts";
import { partsBehind, type Position } from "./seek.ts";
import { type Given, type Kind, type Row, statementOf } from "./statement.ts";
import { type Cursor, type CursorTokens, kindOf } from "./token.ts";

/** Reads the rows behind a position, in the direction of the cursor. */
export interface Source {
  readonly order: CursorOrder;
  readonly hidden: ReadonlySet<number>;
  readonly tokens: CursorTokens;
  rows(at: Cursor | undefined, limit: number): Eventual<Row[]>;
}

/** What sources ask of their pagination. */
interface Host {
  /** The order, by the model that was given or else the one that was found. */
  orderFor(found: AnyModel | undefined): CursorOrder;
  tokensOf(order: CursorOrder): CursorTokens;
  /** The query as it is; throws a `TypeError` for one that cannot be divided. */
  checked(query: AnyQuery): AnyQuery;
}

/** Where a cursor stands, with its values as expressions. */
const positionOf = (at: Cursor, value: Position["value"]): Position => ({
  value,
  isNull: (column) => at.values[column] === null,
  fewTies: at.values[0] instanceof Date,
  inclusive: at.inclusive,
});

/** Reads part after part until there are enough rows. */
function gather(parts: readonly ((limit: number) => Eventual<Row[]>)[], limit: number): Eventual<Row[]> {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  return andThen(first(limit), (rows) =>
    rows.length >= limit || rest.length === 0
      ? rows
      : andThen(gather(rest, limit - rows.length), (more) => [...rows, ...more]),
  );
}

/** A builder, built and compiled anew each time. */
export class BuilderSource implements Source {
  readonly order: CursorOrder;
  readonly hidden: ReadonlySet<number>;
  readonly tokens: CursorTokens;
  readonly #query: AnyQuery;
  readonly #dialect: DialectName;

  constructor(query: AnyQuery, model: AnyModel | undefined, host: Host) {
    this.#query = query;
    this.#dialect = dialectOfQuery(query);
    this.order = host.orderFor(model);
    this.hidden = hiddenColumns(this.order, query, this.#dialect);
    this.tokens = host.tokensOf(this.order);
  }

  rows(at: Cursor | undefined, limit: number): Eventual<Row[]> {
    const backward = at?.backward === true;
    const query = (fixed: number): AnyQuery =>
      ordered(this.order, this.#query, this.hidden, { dialect: this.#dialect, backward, fixed });
    if (at === undefined) return query(0).limit(limit).execute();
    const position = positionOf(at, (column) => sql`${at.values[column]}`);
    const parts = partsBehind(this.#dialect, reading(this.order, backward), position);
    return gather(
      parts.map(
        ({ where, fixed }) =>
          (most) =>
            query(fixed).where(where).limit(most).execute(),
      ),
      limit,
    );
  }
}

/** Statements are made by what a cursor's values are: a database without models could be made to keep any number. */
const MOST_VARIANTS = 100;

/** Statements that are made once: for the first page, and for each direction and pattern of nulls. */
export class StatementSource {
  readonly order: CursorOrder;
  readonly hidden: ReadonlySet<number>;
  readonly tokens: CursorTokens;
  readonly #given: Given;
  readonly #dialect: DialectName;
  readonly #start: Prepared<Row, ParameterValues>;
  readonly #variants = new Map<string, readonly Prepared<Row, ParameterValues>[]>();

  constructor(given: Given, host: Host) {
    this.#given = given;
    this.#dialect = dialectOf(given.db);
    let built: AnyQuery | undefined;
    // The query is built for its looks, before there are statements: its table leads to the model.
    statementOf(given, {}, (query) => (built = host.checked(query)));
    const table = tableOf(built!);
    const model = table === undefined ? undefined : executorOf(given.db)?.core.models[table];
    this.order = host.orderFor(model);
    this.hidden = hiddenColumns(this.order, built!, this.#dialect);
    this.tokens = host.tokensOf(this.order);
    this.#start = statementOf(given, LIMIT, (query, p) => this.#ordered(query, false, 0).limit(p["bolide_limit"]!));
  }

  with(values: ParameterValues | undefined): Source {
    const { order, hidden, tokens } = this;
    const read = (statement: Prepared<Row, ParameterValues>, own: ParameterValues): Eventual<Row[]> =>
      statement.all({ ...values, ...own });
    return {
      order,
      hidden,
      tokens,
      rows: (at, limit) => {
        if (at === undefined) return read(this.#start, { bolide_limit: limit });
        const own: Record<string, unknown> = {};
        at.values.forEach((value, column) => {
          if (value !== null) own[`bolide_${column}`] = value;
        });
        return gather(
          this.#behind(at).map((statement) => (most) => read(statement, { ...own, bolide_limit: most })),
          limit,
        );
      },
    };
  }

  #ordered(query: AnyQuery, backward: boolean, fixed: number): AnyQuery {
    return ordered(this.order, query, this.hidden, { dialect: this.#dialect, backward, fixed });
  }

  /** One statement for each part behind the position. */
  #behind(at: Cursor): readonly Prepared<Row, ParameterValues>[] {
    const kinds = at.values.map(kindOf);
    const variant = `${at.backward} ${at.inclusive} ${kinds.join()}`;
    const known = this.#variants.get(variant);
    if (known !== undefined) return known;
    if (this.#variants.size >= MOST_VARIANTS) this.#variants.clear();
    const columns = reading(this.order, at.backward);
    const parts = (value: (column: number) => Expression<unknown>) =>
      partsBehind(this.#dialect, columns, positionOf(at, value));
    const added: Record<string, Kind> = { ...LIMIT };
    kinds.forEach((kind, column) => {
      if (kind !== undefined) added[`bolide_${column}`] = kind;
    });
    const statements = parts(() => sql`0`).map(({ fixed }, part) =>
      statementOf(this.#given, added, (query, p) =>
        this.#ordered(query, at.backward, fixed)
          .where(parts((column) => p[`bolide_${column}`]!)[part]!.where)
          .limit(p["bolide_limit"]!),
      ),
    );
    this.#variants.set(variant, statements);
    return statements;
  }
}

const LIMIT = { bolide_limit: "integer" } as const;
