import { describe, expect, test } from "bun:test";
import { mysql, postgres } from "../../../src/data/sql/index.ts";
import { noPostgres, postgresServer } from "../servers/index.ts";
import { ask, change, first, onEach, outcome, until } from "./kinds.ts";

describe("a source", () => {
  test.each([
    [
      "a URL of another database",
      () => postgres("mysql://localhost/a"),
      "postgres: the URL begins with postgres:// or postgresql://, not mysql://",
    ],
    [
      "a URL of another database",
      () => mysql("postgres://localhost/a"),
      "mysql: the URL begins with mysql:// or mariadb://, not postgres://",
    ],
    ["no URL", () => postgres("not a url of:secret@x"), "postgres: the URL cannot be parsed"],
    ["no connections", () => postgres({ max: 0 }), "postgres: max is a number of connections from 1, not 0"],
    ["half a connection", () => mysql({ max: 1.5 }), "mysql: max is a number of connections from 1, not 1.5"],
    [
      "no time",
      () => postgres({ patience: Number.NaN }),
      "postgres: patience is a number of milliseconds from 0, not NaN",
    ],
    [
      "less than no time",
      () => mysql({ statementTimeout: -1 }),
      "mysql: statementTimeout is a number of milliseconds from 0, not -1",
    ],
  ])("is refused for %s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  test("opens nothing before it is used", async () => {
    const engine = postgres("postgres://nobody@127.0.0.1:1/nowhere").open();
    expect(engine.dialect).toBe("postgres");
    expect(mysql("mariadb://nobody@127.0.0.1:1/nowhere").open().dialect).toBe("mysql");
    await engine.close();
  });
});

onEach("an address", (kind, { url, engine }) => {
  const text = kind.name === "MariaDB" ? "select database() as name" : "select current_database() as name";
  const open = kind.name === "MariaDB" ? mysql : postgres;
  const variable = kind.name === "MariaDB" ? "MYSQL_DATABASE" : "PGDATABASE";

  test("in parts is the same as in a URL, and both are stronger than the environment", async () => {
    const { hostname, port, username, pathname } = new URL(url());
    const before = process.env[variable];
    process.env[variable] = "elsewhere";
    try {
      const parts = open({ hostname, port: Number(port), username, database: pathname.slice(1) }).open();
      const whole = open(new URL(url())).open();
      expect(await first(parts, text)).toEqual({ name: pathname.slice(1) });
      expect(await first(whole, text)).toEqual({ name: pathname.slice(1) });
      await Promise.all([parts.close(), whole.close()]);
    } finally {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
    }
  });

  test("takes a password, or a function that is asked for it", async () => {
    const db = engine();
    const name = new URL(url()).pathname.slice(1);
    if (kind.name === "MariaDB") {
      await ask(db, `grant all on ${name}.* to 'visitor'@'127.0.0.1' identified by 'p@ss:/word'`);
    } else {
      await ask(db, "create role visitor login password 'p@ss:/word'");
      const file = String((await first(db, "select current_setting('hba_file') as file"))?.["file"]);
      const rules = ["host all visitor 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"];
      await ask(db, `copy (values ${rules.map((rule) => `('${rule}')`).join(", ")}) to '${file}'`);
      await ask(db, "select pg_reload_conf()");
    }
    const address = new URL(url());
    address.username = "visitor";
    const attempt = async (password: string | (() => Promise<string>)): Promise<unknown> => {
      const visitor = open(address, { password }).open();
      const error: unknown = await ask(visitor, "select 1 as one").catch((error: unknown) => error);
      await visitor.close();
      return error instanceof Error ? (error as Error & { errno?: unknown }).errno : "in";
    };
    const refused = kind.name === "MariaDB" ? 1045 : "28P01";
    await until(async () => (await attempt("wrong")) === refused);
    expect(await attempt("wrong")).toBe(refused);
    expect(await attempt("p@ss:/word")).toBe("in");
    expect(await attempt(async () => "p@ss:/word")).toBe("in");
    address.password = encodeURIComponent("p@ss:/word");
    const written = open(address).open();
    expect(await outcome(ask(written, "select 1 as one"))).toBe("done");
    await written.close();
  });
});

describe.skipIf(noPostgres)("a PostgreSQL session", () => {
  test("starts with the name and the settings that were asked for", async () => {
    const url = await (await postgresServer()).database();
    const parameters = { search_path: "pg_catalog", TimeZone: "Europe/Berlin" };
    const db = postgres(url, { applicationName: "shop", parameters, statementTimeout: 1234 }).open();
    const settings = ["application_name", "search_path", "TimeZone", "statement_timeout"];
    const text = `select ${settings.map((name) => `current_setting('${name}') as "${name}"`).join(", ")}`;
    expect(await first(db, text)).toEqual({
      application_name: "shop",
      search_path: "pg_catalog",
      TimeZone: "Europe/Berlin",
      statement_timeout: "1234ms",
    });
    await db.close();
  });

  test("keeps no prepared statements where it must not", async () => {
    const url = await (await postgresServer()).database();
    const db = postgres(url, { prepare: false, max: 1 }).open();
    await change(db, "create table plain (n int, data jsonb)");
    await change(db, "insert into plain values ($1, $2)", [1, Bun.sql.json("text")]);
    expect(await first(db, "select n, data from plain where n = $1", [1])).toEqual({ n: 1, data: "text" });
    expect(await first(db, "select count(*)::int as count from pg_prepared_statements")).toEqual({ count: 0 });
    await db.close();
  });
});
