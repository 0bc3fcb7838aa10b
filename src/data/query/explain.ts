import { type Compilable, CompiledQuery, type Kysely } from "kysely";
import { dialectOf } from "../dialect.ts";
import type { DialectName } from "../engine/index.ts";
import { type Instance, transaction } from "../transaction/index.ts";

/** What is asked about a query. */
export interface ExplainOptions {
  /** Runs it, to tell times and numbers of rows; what it changes is rolled back. SQLite knows no such thing. Default false. */
  readonly analyze?: boolean;
}

/**
 * How the database means to run a query, as a text: PostgreSQL's and MySQL's own, SQLite's plan indented.
 *
 * @example
 * console.log(await explain(db, db.selectFrom("users").selectAll().where("email", "=", "ada@example.com")));
 * // SEARCH users USING INDEX users_email_unique (email=?)
 */
export async function explain(
  db: Instance<any>,
  query: Compilable,
  { analyze = false }: ExplainOptions = {},
): Promise<string> {
  const { sql, parameters } = query.compile();
  const dialect = dialectOf(db);
  const ask = async (on: Kysely<any>): Promise<Plan> => {
    const word = analyze && dialect === "mysql" ? await analyzing(on) : WORDS[dialect];
    const options = analyze && dialect === "postgres" ? " (analyze, buffers)" : "";
    return (await on.executeQuery<Line>(CompiledQuery.raw(`${word}${options} ${sql}`, [...parameters]))).rows;
  };
  return TEXTS[dialect](analyze && dialect !== "sqlite" ? await undone(db, ask) : await ask(db));
}

type Line = Readonly<Record<string, string | number | bigint | null>>;
type Plan = readonly Line[];

const WORDS: Readonly<Record<DialectName, string>> = {
  sqlite: "explain query plan",
  postgres: "explain",
  mysql: "explain",
};

/** MariaDB has a word of its own, and MySQL does not know it. */
async function analyzing(db: Kysely<any>): Promise<string> {
  const { rows } = await db.executeQuery<{ version: string }>(CompiledQuery.raw("select version() as version"));
  return rows[0]?.version.includes("MariaDB") === true ? "analyze" : "explain analyze";
}

async function undone<T>(db: Instance<any>, act: (trx: Kysely<any>) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  const stop = new Error("Explained");
  try {
    await transaction(db, async (trx) => {
      result = { value: await act(trx) };
      throw stop;
    });
  } catch (error) {
    if (error !== stop) throw error;
  }
  return result!.value;
}

const TEXTS: Readonly<Record<DialectName, (plan: Plan) => string>> = {
  sqlite: (plan) => {
    const depths = new Map<unknown, number>([[0, 0]]);
    const lines = plan.map(({ id, parent, detail }) => {
      const depth = depths.get(parent) ?? 0;
      depths.set(id, depth + 1);
      return `${"  ".repeat(depth)}${String(detail)}`;
    });
    return lines.join("\n");
  },
  postgres: (plan) => plan.map((line) => line["QUERY PLAN"]).join("\n"),
  // A table, or with MySQL's `analyze` one text.
  mysql: (plan) => {
    const names = Object.keys(plan[0] ?? {});
    if (names.length === 1) return plan.map((line) => String(line[names[0]!])).join("\n");
    const lines = [names, ...plan.map((line) => names.map((name) => String(line[name] ?? "")))];
    const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
    return lines
      .map((line) =>
        line
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join("  ")
          .trimEnd(),
      )
      .join("\n");
  },
};
