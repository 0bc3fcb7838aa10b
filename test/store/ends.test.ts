import { afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "bun:sqlite";
import { memoryStore, sqliteStore, StoreFullError, type SyncStore } from "../../src/store/index.ts";
import { clock } from "./stores.ts";

const directory = mkdtempSync(join(tmpdir(), "bolide-store-"));
let files = 0;
const open: SyncStore[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

const freshFile = () => join(directory, `${files++}.db`);
const made = (store: SyncStore) => {
  open.push(store);
  return store;
};

describe.each([
  ["memory", (now: () => number) => made(memoryStore({ now }))],
  ["sqlite", (now: () => number) => made(sqliteStore(freshFile(), { now }))],
] as const)("the %s store, to the millisecond", (_, make) => {
  test.each([1, 2, 999, 1000, 86_400_000, 400 * 86_400_000])("an entry of %p ms", (ttl) => {
    const { now, pass } = clock();
    const store = make(now);
    store.set("a", "1", ttl);
    store.add("b", "1", ttl);
    store.increment("c", ttl);
    store.set("d", "1");
    store.swap("d", "1", "1", ttl);
    pass(ttl - 1);
    expect(["a", "b", "c", "d"].map((key) => store.get(key))).toEqual(["1", "1", "1", "1"]);
    pass(1);
    expect(["a", "b", "c", "d"].map((key) => store.get(key))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("answers without a promise", () => {
    const store = make(Date.now);
    expect(store.set("a", "1")).toBeUndefined();
    expect([store.get("a"), store.add("a", "2"), store.swap("a", "1", "3"), store.increment("a")]).toEqual([
      "1",
      false,
      true,
      4,
    ]);
    expect([store.consume("a"), store.delete("a")]).toEqual(["4", false]);
  });
});

describe("the memory store, full", () => {
  test("refuses by default, and loses nothing", () => {
    const { now } = clock();
    const store = memoryStore({ maxEntries: 2, now });
    store.set("a", "1");
    store.set("b", "1");
    expect(() => store.set("c", "1")).toThrow(new StoreFullError("memoryStore: 2 entries are all it may hold"));
    expect(() => store.add("c", "1")).toThrow(StoreFullError);
    expect(() => store.increment("c")).toThrow(StoreFullError);
    store.set("a", "2");
    expect(store.swap("b", "1", "2")).toBe(true);
    expect(["a", "b", "c"].map((key) => store.get(key))).toEqual(["2", "2", undefined]);
  });

  test("makes room from what has ended", () => {
    const { now, pass } = clock();
    const store = memoryStore({ maxEntries: 100, now });
    for (let at = 0; at < 99; at++) store.set(`short ${at}`, "1", 1000);
    store.set("long", "1");
    pass(1000);
    for (let at = 0; at < 99; at++) store.set(`next ${at}`, "1", 1000);
    expect([store.get("long"), store.get("next 0"), store.get("next 98")]).toEqual(["1", "1", "1"]);
    expect(() => store.set("one more", "1")).toThrow(StoreFullError);
  });

  test("drops the one that was made first, where it may", () => {
    const store = memoryStore({ maxEntries: 2, whenFull: "evict" });
    for (const key of ["a", "b", "a", "c"]) store.set(key, key);
    expect(["a", "b", "c"].map((key) => store.get(key))).toEqual([undefined, "b", "c"]);
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses room for %p entries", (maxEntries) => {
    expect(() => memoryStore({ maxEntries })).toThrow(RangeError);
  });
});

describe("the sqlite store", () => {
  test("survives a restart", () => {
    const path = freshFile();
    const first = sqliteStore(path);
    first.set("kept", "yes", 60_000);
    first.set("spent", "yes");
    first.consume("spent");
    first.increment("count");
    first.close();
    const second = made(sqliteStore(path));
    expect([second.get("kept"), second.get("spent"), second.increment("count")]).toEqual(["yes", undefined, 2]);
  });

  test("is shared with another process", async () => {
    const path = freshFile();
    const store = made(sqliteStore(path));
    store.set("race", "prize");
    const program = `
      import { sqliteStore } from ${JSON.stringify(join(import.meta.dir, "../../src/store/index.ts"))};
      console.log(JSON.stringify(sqliteStore(${JSON.stringify(path)}).consume("race") ?? "nothing"));`;
    const outputs = await Promise.all(
      [1, 2].map(async () => new Response(Bun.spawn([process.execPath, "-e", program]).stdout).text()),
    );
    expect(outputs.toSorted((a, b) => a.localeCompare(b))).toEqual(['"nothing"\n', '"prize"\n']);
    expect(store.get("race")).toBeUndefined();
  });

  test("is readable to its owner alone, journal included", () => {
    const path = freshFile();
    made(sqliteStore(path)).set("a", "1");
    expect([path, `${path}-wal`, `${path}-shm`].map((file) => (statSync(file).mode & 0o777).toString(8))).toEqual([
      "600",
      "600",
      "600",
    ]);
  });

  test("deletes ended rows with later writes", () => {
    const path = freshFile();
    const { now, pass } = clock();
    const store = made(sqliteStore(path, { now }));
    for (let at = 0; at < 1200; at++) store.set(`short ${at}`, "1", 1000);
    store.set("long", "1");
    pass(60_000);
    const rows: number[] = [];
    const reader = new Database(path, { readonly: true });
    for (let at = 0; at < 4; at++) {
      store.set("long", "2");
      rows.push(reader.query<{ n: number }, []>("SELECT count(*) AS n FROM bolide_store").get()!.n);
    }
    reader.close();
    expect(rows).toEqual([701, 201, 1, 1]);
  });

  test("says which file it cannot open", () => {
    expect(() => sqliteStore(join(directory, "no/such/folder.db"))).toThrow("no/such/folder.db");
  });
});
