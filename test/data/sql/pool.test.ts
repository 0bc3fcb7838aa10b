import { expect, test } from "bun:test";
import { ask, change, first, onEach, outcome, until } from "./kinds.ts";

onEach("the pool", (kind, { server }) => {
  const maria = kind.name === "MariaDB";

  /** An engine for a database that nobody else uses. */
  const alone = async (options: Parameters<typeof kind.source>[1]) =>
    kind.source(await server().database(), options).open();

  test("opens connections as they are needed, up to its most", async () => {
    const db = await alone({ max: 3 });
    const open = async () => Number((await first(db, kind.connections))?.["count"]);
    expect(await open()).toBe(1);
    await Promise.all(Array.from({ length: 40 }, () => ask(db, kind.sleep(0.02))));
    expect(await open()).toBe(3);
    await db.close();
  });

  test("sends quick statements behind each other on one connection, without waiting for answers", async () => {
    const db = await alone({ max: 1, patience: 5 });
    const text = `select ${maria ? kind.mark(1) : `${kind.mark(1)}::int`} as n`;
    // Each that had to wait for an answer before it was sent would have run out of patience while this holds up the process. Only
    // what was quick the last time is sent like that, and on a busy machine nothing may be.
    const together = async (): Promise<unknown[]> => {
      await ask(db, text, [0]);
      const answers = Array.from({ length: 20 }, (_, n) => first(db, text, [n]));
      Bun.sleepSync(20);
      return Promise.all(answers);
    };
    let answers: unknown[] = [];
    await until(async () => (await outcome(together().then((all) => (answers = all)))) === "done");
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })));
    await db.close();
  });

  test("answers quick statements while slow ones run beside them", async () => {
    const db = await alone({ max: 4 });
    await Promise.all(Array.from({ length: 4 }, () => ask(db, kind.sleep(0.02))));
    const order: string[] = [];
    const slow = Array.from({ length: 3 }, () => ask(db, kind.sleep(0.5)).then(() => order.push("slow")));
    const quick = Array.from({ length: 50 }, (_, n) => ask(db, `select ${n} as n`).then(() => order.push("quick")));
    await Promise.all([...slow, ...quick]);
    expect(order).toEqual([...Array(50).fill("quick"), ...Array(3).fill("slow")]);
    await db.close();
  });

  test("lets a statement wait as long as its patience lasts, then it is a 503 that was never sent", async () => {
    // Within it a busy machine has to open two connections.
    const db = await alone({ max: 2, patience: 300 });
    await change(db, "create table late (n int)");
    const sessions = [await db.reserve(), await db.reserve()];
    expect(await outcome(change(db, "insert into late values (1)"))).toBe(
      "ServiceUnavailable: No database connection became free in 300 ms",
    );
    expect(await outcome(db.reserve())).toBe("ServiceUnavailable: No database connection became free in 300 ms");
    for (const session of sessions) session.release();
    expect(Number((await first(db, "select count(*) as count from late"))?.["count"])).toBe(0);
    await db.close();
  });

  test("serves those who wait in the order in which they came", async () => {
    const db = await alone({ max: 1 });
    await change(db, `create table served (id ${kind.identity}, who varchar(20))`);
    const session = await db.reserve();
    const work = [
      change(db, "insert into served (who) values ('first')"),
      (async () => {
        const held = await db.reserve();
        await change(held, "insert into served (who) values ('second')");
        held.release();
      })(),
      change(db, "insert into served (who) values ('third')"),
    ];
    session.release();
    await Promise.all(work);
    expect((await ask(db, "select who from served order by id")).map(({ who }) => who)).toEqual([
      "first",
      "second",
      "third",
    ]);
    await db.close();
  });

  test("finds a free connection under a load that never pauses", async () => {
    const db = await alone({ max: 2 });
    const done = new AbortController();
    const load = Array.from({ length: 20 }, async () => {
      while (!done.signal.aborted) await ask(db, "select 1 as one");
    });
    for (let n = 0; n < 10; n++) (await db.reserve()).release();
    done.abort();
    expect(await outcome(Promise.all(load))).toBe("done");
    await db.close();
  });

  test("lets what runs end when it is closed, and takes nothing new", async () => {
    const db = await alone({ max: 1 });
    const running = first(db, "select 1 as one");
    await Bun.sleep(30);
    const slow = outcome(ask(db, kind.sleep(0.1)));
    await Bun.sleep(30);
    const closing = db.close();
    expect(await outcome(ask(db, "select 2 as two"))).toBe("Error: The database was closed");
    expect(await outcome(db.reserve())).toBe("Error: The database was closed");
    await closing;
    expect(await running).toEqual({ one: 1 });
    expect(await slow).toBe("done");
  });

  test("replaces connections by age and idleness only between statements", async () => {
    const db = await alone({ max: 1, maxLifetime: 1000, idleTimeout: 1000 });
    const before = await first(db, kind.connection);
    expect(await outcome(ask(db, kind.sleep(1.5)))).toBe("done");
    await Bun.sleep(50);
    expect(await first(db, kind.connection)).not.toEqual(before);
    await db.close();
  });
});
