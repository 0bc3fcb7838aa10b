import { expect, test } from "bun:test";
import { sql } from "kysely";
import { Api, t } from "bolide";
import { database, model, sqlite } from "bolide/data";
import { testClient } from "bolide/testing";
import { modelViewSet } from "bolide/views";

const Tile = model("tiles", {
  id: t.PrimaryKey(),
  x: t.Integer({ format: "int32" }),
  y: t.Nullable(t.Integer({ format: "int32", minimum: 0 })),
});

const Account = model("accounts", {
  id: t.PrimaryKey(),
  balance: t.BigInt(),
  limit: t.Nullable(t.BigInt({ minimum: 0n })),
});

test("a bigint beyond 64 bits is 422, and one at the bound is kept", async () => {
  const db = database(sqlite(":memory:"), { accounts: Account });
  await sql`create table accounts (id integer primary key, balance bigint not null, "limit" bigint)`.execute(db);
  const api = new Api();
  api.viewset("/accounts", modelViewSet(db, Account));
  const client = testClient(api);
  const send = (balance: bigint, limit: bigint) =>
    client.post("/accounts", { json: { balance: String(balance), limit: String(limit) } });
  const refused = await send(2n ** 63n, -1n);
  const { detail } = await refused.json();
  expect([refused.status, detail.map(({ loc }: { loc: unknown[] }) => loc)]).toEqual([
    422,
    [
      ["body", "balance"],
      ["body", "limit"],
    ],
  ]);
  const kept = await send(-(2n ** 63n), 2n ** 63n - 1n);
  expect([kept.status, await kept.json()]).toEqual([
    201,
    { id: 1, balance: "-9223372036854775808", limit: "9223372036854775807" },
  ]);
});

test("an integer of 32 bits that has more of them is 422, in every write", async () => {
  const api = new Api();
  api.viewset("/tiles", modelViewSet(database(sqlite(":memory:"), { tiles: Tile }), Tile));
  const client = testClient(api);
  for (const [method, path] of [
    ["POST", "/tiles"],
    ["PUT", "/tiles/1"],
    ["PATCH", "/tiles/1"],
  ] as const) {
    const response = await client.request(method, path, { json: { x: 2 ** 31, y: -1 } });
    const { detail } = await response.json();
    const told = detail.map(({ loc, type }: { loc: unknown[]; type: string }) => `${loc.join(".")} ${type}`);
    expect([response.status, told]).toEqual([422, ["body.x range", "body.y range"]]);
  }
});
