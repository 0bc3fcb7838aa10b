import { afterAll, beforeAll, expect, spyOn, test } from "bun:test";
import { sql } from "kysely";
import { Api, type RunningServer } from "../../../src/index.ts";
import { csv, database, type Database, ndjson, prepared, transaction } from "../../../src/data/index.ts";
import type { Engine } from "../../../src/data/engine/index.ts";
import { ask, onEach, outcome, until } from "./kinds.ts";

interface Tables {
  things: { id: number };
}

onEach("a client that goes away", (kind, place) => {
  const told: string[] = [];
  const api = new Api({ log: ({ message }) => void told.push(message) });
  let engine: Engine;
  let db: Database<Tables>;
  let server: RunningServer;

  beforeAll(async () => {
    // What was not given back would be missed by the next request.
    db = database<Tables>(kind.source(place.url(), { max: 1, patience: 3000 }));
    engine = place.engine();
    await ask(engine, `create table things as ${kind.series(1000)}`.replace(/ as n\b/, " as id"));
    // Twenty seconds for all rows.
    const sleeping = sql<number | null>`${sql.raw(kind.sleep(0.02).replace("select ", ""))}`;
    const wait = sleeping.as("wait");
    const slow = () => db.selectFrom("things").select("id").select(wait).orderBy("id");
    const kept = prepared(db, () => slow());

    api.get("/execute", ({ signal }) => slow().execute({ signal }));
    api.get("/first", ({ signal }) => slow().executeTakeFirst({ signal }));
    api.get("/raw", ({ signal }) => sql.raw(kind.sleep(20)).execute(db, { signal }));
    api.get("/update", ({ signal }) =>
      db
        .updateTable("things")
        .set("id", 1)
        .where(sleeping, "is not", null)
        .executeTakeFirst({ signal })
        .then(() => "updated"),
    );
    api.get("/transaction", ({ signal }) =>
      transaction(db, (trx) => trx.selectFrom("things").select(wait).execute({ signal })),
    );
    api.get("/prepared/all", ({ signal }) => kept.all({}, { signal }));
    api.get("/prepared/one", ({ signal }) => kept.one({}, { signal }));
    api.get("/prepared/iterate", ({ signal }) => ndjson(kept.iterate({}, { signal })));
    api.get("/stream", ({ signal }) => ndjson(slow().stream({ signal })));
    api.get("/ndjson", () => ndjson(slow()));
    api.get("/csv", () => csv(slow()));
    api.get("/", () => db.selectFrom("things").select("id").where("id", "=", 7).execute());
    server = await api.listen({ host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await server.stop();
    await db.destroy();
  });

  const running = async () => (await ask(engine, kind.running)).length;

  test.each([
    "execute",
    "first",
    "raw",
    "update",
    "transaction",
    "prepared/all",
    "prepared/one",
    "prepared/iterate",
    "stream",
    "ndjson",
    "csv",
  ])("ends what /%s runs; it is no failure, and the next one is served", async (path) => {
    const printed = spyOn(console, "error");
    const client = new AbortController();
    const asked = outcome(fetch(`${server.url}${path}`, { signal: client.signal }).then((response) => response.text()));
    expect(await until(async () => (await running()) === 1)).toBe(true);
    client.abort();
    expect(await asked).toStartWith("AbortError");
    expect(await until(async () => (await running()) === 0)).toBe(true);
    expect(await (await fetch(server.url)).json()).toEqual([{ id: 7 }]);
    expect(told).toEqual([]);
    expect(printed).toHaveBeenCalledTimes(0);
    printed.mockRestore();
  });
});
