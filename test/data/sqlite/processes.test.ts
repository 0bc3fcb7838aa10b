import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { prepared } from "../../../src/data/index.ts";
import { newFile, notes, texts, write } from "./files.ts";

function start(program: string, ...parameters: readonly string[]) {
  const path = join(import.meta.dir, "programs", `${program}.ts`);
  return Bun.spawn([process.execPath, path, ...parameters], { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
}

/** Another process that has the lock for writing. */
async function holder(path: string) {
  const child = start("holder", path);
  await child.stdout.getReader().read();
  return {
    letGo: async (): Promise<void> => {
      await child.stdin.end();
      await child.exited;
    },
  };
}

/** How often a timer ticks until a promise settles. */
async function ticksUntil(settled: Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => void ticks++, 5);
  await settled.catch(() => {});
  clearInterval(timer);
  return ticks;
}

describe("while another process has the lock", () => {
  test("a write and a transaction wait for it beside the event loop, and a read does not wait", async () => {
    const path = newFile();
    await using db = await notes(path);
    await write(db, "first");
    const { letGo } = await holder(path);
    const all = prepared(db, (q) => q.selectFrom("notes").select("text"));
    expect(all.all()).toEqual([{ text: "first" }]);
    const writes = Promise.all([
      write(db, "second"),
      db.transaction().execute((trx) => trx.insertInto("notes").values({ text: "third" }).execute()),
      write(db, "fourth"),
    ]);
    const letting = Bun.sleep(150).then(letGo);
    expect(await ticksUntil(writes)).toBeGreaterThan(5);
    await letting;
    const [first, theirs, ...ours] = await texts(db);
    expect([first, theirs, ours.sort()]).toEqual(["first", "of the other process", ["fourth", "second", "third"]]);
  });

  test("for longer than the patience, both are a 503, and the database goes on when it is free", async () => {
    const path = newFile();
    await using db = await notes(path, { busyTimeout: 120 });
    const { letGo } = await holder(path);
    const busy = { status: 503, detail: "The database is busy", cause: { code: "SQLITE_BUSY" } };
    const late = write(db, "too late");
    expect(await ticksUntil(late)).toBeGreaterThan(3);
    expect(late).rejects.toMatchObject(busy);
    expect(db.transaction().execute(async () => {})).rejects.toMatchObject(busy);
    await letGo();
    await write(db, "in time");
    expect(await texts(db)).toEqual(["of the other process", "in time"]);
  });
});

test("two processes that count in one file lose nothing", async () => {
  const path = newFile();
  await using db = await notes(path);
  await write(db, "0", "0");
  const counters = [start("counter", path, "1000"), start("counter", path, "1000")];
  expect(await Promise.all(counters.map(({ exited }) => exited))).toEqual([0, 0]);
  expect(await texts(db)).toEqual(["2000", "2000"]);
}, 60_000);

test("several processes may open a new file at the same moment", async () => {
  const path = newFile();
  const programs = Array.from({ length: 4 }, () => start("opener", path));
  expect(await Promise.all(programs.map(({ exited }) => exited))).toEqual([0, 0, 0, 0]);
  await using db = await notes(path);
  expect(await texts(db)).toEqual(["opened", "opened", "opened", "opened"]);
}, 30_000);

test("a process that is killed in the middle leaves all that was committed and nothing that was not", async () => {
  const path = newFile();
  await using db = await notes(path);
  let committed = -1;
  for (const pairs of [3, 8, 17]) {
    await db.deleteFrom("notes").execute();
    const child = start("pairs", path);
    let said = "";
    for await (const chunk of child.stdout) {
      said += new TextDecoder().decode(chunk);
      if (said.split("\n").length > pairs) child.kill("SIGKILL");
    }
    await child.exited;
    committed = said.trim().split("\n").length;
    const found = await texts(db);
    // The last commit may have been on the disk before it was told of.
    expect([committed, committed + 1]).toContain(found.length / 2);
    expect(found).toEqual(
      found.flatMap((_, index) => (index % 2 === 0 ? [`${index / 2} left`, `${index / 2} right`] : [])),
    );
    await write(db, "usable");
    await db.deleteFrom("notes").where("text", "=", "usable").execute();
  }
  expect(committed).toBeGreaterThanOrEqual(17);
}, 30_000);
