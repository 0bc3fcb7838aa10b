import { describe, expect, test } from "bun:test";
import type { Session } from "../../../src/data/engine/index.ts";
import { ask, change, first, onEach, outcome, until } from "./kinds.ts";

onEach("a session", (kind, { engine }) => {
  const maria = kind.name === "MariaDB";
  const count = async (db: Parameters<typeof first>[0], table: string) =>
    Number((await first(db, `select count(*) as count from ${table}`))?.["count"]);

  test("keeps one connection, which goes back when it is released", async () => {
    const db = engine({ max: 1 });
    const session = await db.reserve();
    const id = await first(session, kind.connection);
    expect(await first(session, kind.connection)).toEqual(id);
    session.release();
    expect(await first(db, kind.connection)).toEqual(id);
    expect(await outcome(ask(session, "select 1 as one"))).toBe("Error: The session was released");
  });

  test("commits what it did, or takes it back", async () => {
    const db = engine();
    await change(db, "create table done (n int)");
    const session = await db.reserve();
    await session.begin({});
    await change(session, "insert into done values (1)");
    expect(await count(db, "done")).toBe(0);
    await session.commit();
    expect(await count(db, "done")).toBe(1);
    await session.begin({});
    await change(session, "insert into done values (2)");
    await session.rollback();
    session.release();
    expect(await count(db, "done")).toBe(1);
  });

  /** What a transaction sees of another's row before that is committed, and after; InnoDB's serializable keeps the other from writing. */
  const LEVELS = [
    { isolation: "read uncommitted", sees: maria ? [1, 1] : [0, 1] },
    { isolation: "read committed", sees: [0, 1] },
    { isolation: "repeatable read", sees: [0, 0] },
    { isolation: "serializable", sees: maria ? [0] : [0, 0] },
  ] as const;
  test.each(LEVELS.map(({ isolation, sees }) => [isolation, sees] as const))(
    "begins a transaction that is %s",
    async (isolation, sees) => {
      const db = engine();
      const table = isolation.replace(" ", "_");
      await change(db, `create table ${table} (n int)`);
      const [session, other] = [await db.reserve(), await db.reserve()];
      const seen: number[] = [];
      await session.begin({ isolation });
      await count(session, table);
      await other.begin({});
      const wrote = await outcome(
        change(
          other,
          `${maria ? "set statement innodb_lock_wait_timeout = 0 for " : ""}insert into ${table} values (1)`,
        ),
      );
      seen.push(await count(session, table));
      await other.commit();
      if (wrote === "done") seen.push(await count(session, table));
      expect(seen).toEqual([...sees]);
      await session.rollback();
      for (const each of [session, other]) each.release();
    },
  );

  test("refuses writes in a transaction that only reads, and an isolation level that is not there", async () => {
    const db = engine();
    await change(db, "create table untouched (n int)");
    const session = await db.reserve();
    await session.begin({ readOnly: true });
    const error: unknown = await change(session, "insert into untouched values (1)").catch((error: unknown) => error);
    expect(error).toMatchObject({ errno: maria ? 1792 : "25006" });
    await session.rollback();
    expect(await outcome(session.begin({ isolation: "snapshot" }))).toContain('has no isolation level "snapshot"');
    session.release();
  });

  test("says so when a commit has rolled back", async () => {
    if (maria) return;
    const session = await engine().reserve();
    await session.begin({});
    await outcome(ask(session, "select 1 / 0"));
    expect(await outcome(session.commit())).toBe(
      "Error: A statement of the transaction had failed: it was rolled back, not committed",
    );
    session.release();
  });

  test("that is released in a transaction leaves nothing of it", async () => {
    const db = engine({ max: 1 });
    await change(db, "create table forgotten (n int)");
    const session = await db.reserve();
    await session.begin({});
    await change(session, "insert into forgotten values (1)");
    session.release();
    expect(await count(db, "forgotten")).toBe(0);
  });

  test("that loses its connection in a transaction does not go on in another", async () => {
    const db = engine();
    await change(db, "create table halves (n int)");
    const session = await db.reserve();
    await session.begin({});
    await change(session, "insert into halves values (1)");
    const id = Number((await first(session, kind.connection))?.["id"]);
    await ask(db, maria ? `kill ${id}` : `select pg_terminate_backend(${id})`);
    await until(async () => !(await stillThere(id)));
    expect(await outcome(change(session, "insert into halves values (2)"))).toBe(
      "ServiceUnavailable: The database cannot be reached",
    );
    expect(await outcome(session.rollback())).toBe("done");
    session.release();
    expect(await count(db, "halves")).toBe(0);

    async function stillThere(id: number): Promise<boolean> {
      const text = maria
        ? `select id from information_schema.processlist where id = ${id}`
        : `select pid from pg_stat_activity where pid = ${id}`;
      return (await first(db, text)) !== undefined;
    }
  });

  describe("cancel", () => {
    const running = async (db: Parameters<typeof first>[0]) =>
      (await ask(db, kind.running)).some(({ text }) => String(text).includes("sleep"));

    test("ends what runs, in the server too, and leaves the connection", async () => {
      const db = engine();
      const session = await db.reserve();
      const id = await first(session, kind.connection);
      const slept = outcome(ask(session, kind.sleep(20)));
      expect(await until(() => running(db))).toBe(true);
      await session.cancel();
      expect(await slept).toBe("ServiceUnavailable: The database took too long");
      expect(await running(db)).toBe(false);
      expect(await first(session, kind.connection)).toEqual(id);
      session.release();
    });

    test("works when every connection is taken", async () => {
      const db = engine({ max: 2 });
      const sessions: Session[] = [await db.reserve(), await db.reserve()];
      const slept = sessions.map((session) => outcome(ask(session, kind.sleep(20))));
      await Bun.sleep(50);
      await Promise.all(sessions.map((session) => session.cancel()));
      expect(await Promise.all(slept)).toEqual(Array(2).fill("ServiceUnavailable: The database took too long"));
      for (const session of sessions) session.release();
    });

    test("does nothing where nothing runs", async () => {
      const db = engine({ max: 1 });
      const session = await db.reserve();
      await session.cancel();
      expect(await outcome(ask(session, "select 1 as one"))).toBe("done");
      session.release();
      await session.cancel();
      expect(await outcome(ask(db, kind.sleep(0.05)))).toBe("done");
    });
  });
});
