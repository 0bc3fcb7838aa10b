import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { introspect } from "../../../src/data/migrate/introspect/introspect.ts";
import { migrateUp, type Migrations, migrationStatus, resolveMigration } from "../../../src/data/migrate/index.ts";
import { openAddress } from "../../../src/data/migrate/open.ts";
import { mariadbServer, noMariadb, noPostgres, postgresServer } from "../servers/index.ts";

setDefaultTimeout(60_000);

const directory = mkdtempSync(join(tmpdir(), "bolide-migrate-"));
let files = 0;

const ADDRESSES = [
  { name: "SQLite", missing: false, address: async () => join(directory, `${++files}.db`) },
  { name: "PostgreSQL", missing: noPostgres, address: async () => (await postgresServer()).database() },
  { name: "MariaDB", missing: noMariadb, address: async () => (await mariadbServer()).database() },
].filter(({ missing }) => !missing);

process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

const start = (address: string, pace: "slow" | "stuck") =>
  Bun.spawn([process.execPath, join(import.meta.dir, "programs/runner.ts"), address, pace], { stdout: "pipe" });

type Runner = ReturnType<typeof start>;

async function said(runner: Runner, word: string): Promise<void> {
  let text = "";
  for await (const bytes of runner.stdout) if ((text += new TextDecoder().decode(bytes)).includes(word)) return;
  throw new Error(`the process ended and said only ${JSON.stringify(text)}`);
}

const migrations: Migrations = {
  "0001_first": { up: (db) => db.schema.createTable("counts").addColumn("id", "integer").execute() },
};

describe.each(ADDRESSES)("$name:", ({ name, address }) => {
  test("of two runners that start together one applies everything, the other waits and finds nothing to do", async () => {
    const place = await address();
    const runners = [start(place, "slow"), start(place, "slow")];
    const outputs = await Promise.all(runners.map(({ stdout }) => new Response(stdout).text()));
    // SQLite's engine is patient for seconds before anybody is told that there is something to wait for.
    const lines = outputs.map((output) => output.replace("waits\n", "")).toSorted();
    expect(lines).toEqual(["applied 0\n", "half\napplied 1\n"]);
    await using db = openAddress(place);
    expect(await db.selectFrom("counts").selectAll().execute()).toEqual([{ id: 1 }]);
  });

  test("a runner that is killed in the middle of a migration leaves nothing, or says what it left", async () => {
    const place = await address();
    const runner = start(place, "stuck");
    await said(runner, "half");
    runner.kill("SIGKILL");
    await runner.exited;
    await using db = openAddress(place);
    if (name === "MariaDB") {
      await expect(migrateUp(db, migrations)).rejects.toThrow(
        "Migration 0001_first began and was interrupted at its statement 2, which may be done or not: insert into `counts` (`id`) values (?). " +
          'Do the rest by hand and run "bolide migrate resolve 0001_first --applied", or undo by hand what it did and run "bolide migrate resolve 0001_first --undone".',
      );
      await db.schema.dropTable("counts").execute();
      await resolveMigration(db, migrations, "0001_first", "undone");
    }
    expect((await introspect(db)).tables).toEqual({});
    expect(await migrationStatus(db, migrations)).toEqual([
      { name: "0001_first", appliedAt: undefined, missing: false },
    ]);
    expect(await migrateUp(db, migrations)).toEqual(["0001_first"]);
  });
});
