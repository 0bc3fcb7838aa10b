import { describe, expect, test } from "bun:test";
import { Api, t } from "bolide";
import { prepared } from "../../../src/data/index.ts";
import { notes, write } from "./files.ts";

describe("a handler that waits for nothing but a SQLite read", () => {
  test("answers in the same tick, before any other work of the event loop", async () => {
    await using db = await notes();
    await write(db, "a");
    const api = new Api({ log: () => {} });
    api.get("/", async () => await db.selectFrom("notes").selectAll().execute());
    let others = 0;
    setImmediate(() => void others++);
    setTimeout(() => void others++, 0);
    const response = await api.handle(new Request("http://localhost/"));
    expect([await response.text(), others]).toEqual(['[{"id":1,"text":"a"}]', 0]);
  });

  test("and if the query is prepared, without a promise at all", async () => {
    await using db = await notes();
    await write(db, "a");
    const byId = prepared(db, { id: t.Integer() }, (q, p) => q.selectFrom("notes").selectAll().where("id", "=", p.id));
    const api = new Api({ log: () => {} });
    api.get("/:id", { params: { id: t.Integer() } }, ({ params }) => byId.sync.one(params));
    const found = api.handle(new Request("http://localhost/1"));
    const missing = api.handle(new Request("http://localhost/2"));
    expect([found, missing].map((answer) => answer instanceof Response && answer.status)).toEqual([200, 404]);
    expect(await (found as Response).json()).toEqual({ id: 1, text: "a" });
  });
});
