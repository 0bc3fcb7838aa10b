import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Engine } from "../../../src/data/engine/index.ts";
import type { ServerOptions } from "../../../src/data/sql/index.ts";
import type { DatabaseServer } from "../servers/index.ts";
import { ask, change, first, KINDS, outcome, reserve, STARTING, until } from "./kinds.ts";

const AWAY = "ServiceUnavailable: The database cannot be reached";
const SLOW = "ServiceUnavailable: The database took too long";

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("when something fails (%s)", (_, kind) => {
  describe.skipIf(kind.missing)("", () => {
    const maria = kind.name === "MariaDB";
    let own: Promise<DatabaseServer> | undefined;
    const engines: Engine[] = [];

    /** An engine for a server that nobody else uses. */
    const open = async (options?: ServerOptions): Promise<[Engine, DatabaseServer, string]> => {
      const server = await (own ??= kind.start());
      const url = await server.database();
      const engine = kind.source(url, options).open();
      engines.push(engine);
      return [engine, server, url];
    };
    beforeAll(async () => void (await (own ??= kind.start())), STARTING);
    afterEach(async () => void (await Promise.all(engines.splice(0).map((engine) => engine.close()))));
    afterAll(async () => (await own)?.stop());

    test(
      "a server that is killed under load and comes back: all statements end, and the pool recovers",
      async () => {
        const [db, server] = await open({ connectTimeout: 2000 });
        await change(db, `create table kept (id ${kind.identity}, n int)`);
        const insert = `insert into kept (n) values (${kind.mark(1)})`;
        const ended: Record<string, number> = {};
        const over = new AbortController();
        let acknowledged = 0;
        const client = async (n: number): Promise<void> => {
          while (!over.signal.aborted) {
            const how = await outcome(
              n % 2 === 0 ? change(db, insert, [n]) : ask(db, "select count(*) as count from kept"),
            );
            ended[how] = (ended[how] ?? 0) + 1;
            if (how === "done" && n % 2 === 0) acknowledged++;
            if (how !== "done") await Bun.sleep(5);
          }
        };
        const transactions = async (): Promise<void> => {
          while (!over.signal.aborted) {
            const session = await reserve(db).catch(() => undefined);
            if (session === undefined) {
              await Bun.sleep(5);
              continue;
            }
            const how = await outcome(
              (async () => {
                await session.begin({});
                await change(session, insert, [-1]);
                await change(session, insert, [-1]);
                await session.commit();
              })(),
            );
            ended[how] = (ended[how] ?? 0) + 1;
            session.release();
          }
        };
        const load = [...Array.from({ length: 20 }, (_, n) => client(n)), transactions(), transactions()];
        for (let times = 0; times < 2; times++) {
          await Bun.sleep(200);
          await server.kill();
          await Bun.sleep(100);
          await server.start();
          expect(await until(async () => (await outcome(ask(db, "select 1 as one"))) === "done")).toBe(true);
        }
        await Bun.sleep(100);
        over.abort();
        await Promise.all(load);
        expect(Object.keys(ended).sort()).toEqual([AWAY, "done"]);
        // Nothing acknowledged is lost, no transaction is there in part.
        const count = async (where: string) =>
          Number((await first(db, `select count(*) as c from kept where ${where}`))?.["c"]);
        expect(await count("n >= 0")).toBeGreaterThanOrEqual(acknowledged);
        expect((await count("n = -1")) % 2).toBe(0);
      },
      STARTING,
    );

    test("a server that is shut down and comes back", async () => {
      const [db, server] = await open();
      const before = await first(db, kind.connection);
      const running = outcome(ask(db, kind.sleep(10)));
      await Bun.sleep(50);
      await server.shutdown();
      expect([AWAY, SLOW]).toContain(await running);
      expect(await outcome(ask(db, "select 1 as one"))).toBe(AWAY);
      expect(await outcome(db.reserve())).toBe(AWAY);
      await server.start();
      expect(await outcome(ask(db, "select 1 as one"))).toBe("done");
      expect(before).toBeDefined();
    });

    test("a statement past its time ends, with what it held", async () => {
      const [db] = await open({ statementTimeout: 100 });
      expect(await outcome(ask(db, kind.sleep(10)))).toBe(SLOW);
      expect(await ask(db, kind.running)).toBeEmpty();
      const session = await db.reserve();
      expect(await outcome(ask(session, kind.sleep(10)))).toBe(SLOW);
      expect(await outcome(ask(session, "select 1 as one"))).toBe("done");
      session.release();
    });

    test("a server that has no more connections: those that are open go on", async () => {
      const [db, , url] = await open({ max: 5 });
      await ask(db, "select 1 as one");
      const others = Array.from({ length: 100 }, () => new Bun.SQL(url, { max: 1 }));
      await Promise.allSettled(others.map((other) => other.unsafe("select 1 as one")));
      const work = Array.from({ length: 20 }, () => outcome(ask(db, kind.sleep(0.01))));
      expect(new Set(await Promise.all(work))).toEqual(new Set(["done"]));
      const late = kind.source(url, { max: 1 }).open();
      expect(await outcome(ask(late, "select 1 as one"))).toBe(
        "ServiceUnavailable: The database has no connection to spare",
      );
      await Promise.all(others.map((other) => other.close({ timeout: 0 })));
      expect(await until(async () => (await outcome(ask(late, "select 1 as one"))) === "done")).toBe(true);
      await late.close();
    });

    test("a process that is killed in the middle of a transaction leaves nothing of it", async () => {
      const [db, , url] = await open();
      await change(db, "create table accounts (id int primary key, amount int)");
      await change(db, "insert into accounts values (1, 100), (2, 0)");
      const program = join(import.meta.dir, "programs", "transfer.ts");
      const child = Bun.spawn([process.execPath, program, url], { stdout: "pipe", stderr: "inherit" });
      const told = await child.stdout.getReader().read();
      expect(new TextDecoder().decode(told.value)).toBe("taken\n");
      child.kill("SIGKILL");
      await child.exited;
      // Neither its row nor its lock is held any more.
      expect(await change(db, "update accounts set amount = amount + 1 where id = 1")).toMatchObject({ affected: 1 });
      expect([...(await ask(db, "select id, amount from accounts order by id"))]).toEqual([
        { id: 1, amount: 101 },
        { id: 2, amount: 0 },
      ]);
    });

    test("a server that is not there is a 503 at once, a wrong password or database the driver's own error", async () => {
      const [, server, url] = await open();
      const gone = kind.source(url.replace(`:${server.port}/`, ":1/")).open();
      engines.push(gone);
      expect(await outcome(ask(gone, "select 1 as one"))).toBe(AWAY);
      const wrong = kind.source(url.replace(/[^/]+$/, "nowhere")).open();
      engines.push(wrong);
      const error: unknown = await ask(wrong, "select 1 as one").catch((error: unknown) => error);
      expect(error).toMatchObject({ errno: maria ? 1049 : "3D000" });
    });
  });
});

describe("a server that says nothing", () => {
  test.each(KINDS.map((kind) => [kind.name, kind] as const))("while a connection opens (%s)", async (_, kind) => {
    const mute = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const scheme = kind.name === "MariaDB" ? "mysql" : "postgres";
    const db = kind.source(`${scheme}://someone@127.0.0.1:${mute.port}/x`, { connectTimeout: 1000 }).open();
    expect(await outcome(ask(db, "select 1 as one"))).toBe(AWAY);
    await db.close();
    mute.stop(true);
  });
});

describe.skipIf(KINDS.some((kind) => kind.missing))("servers that freeze in the middle of a statement", () => {
  test(
    "it fails, and what comes after works again",
    async () => {
      const frozen = async (kind: (typeof KINDS)[number]): Promise<string[]> => {
        const server = await kind.start();
        const db = kind.source(await server.database(), { statementTimeout: 100, connectTimeout: 1000, max: 1 }).open();
        await ask(db, "select 1 as one");
        await server.freeze();
        const session = await db.reserve();
        const outcomes = [await outcome(ask(session, "select 1 as one"))];
        session.release();
        outcomes.push(await outcome(ask(db, "select 1 as one")));
        server.thaw();
        outcomes.push(await outcome(ask(db, "select 1 as one")));
        await db.close();
        await server.stop();
        return outcomes;
      };
      expect(await Promise.all(KINDS.map(frozen))).toEqual(KINDS.map(() => [AWAY, AWAY, "done"]));
    },
    STARTING,
  );
});
