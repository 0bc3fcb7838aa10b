import { expect, test } from "bun:test";
import { Api, t } from "bolide";
import { database, model, sqlite } from "bolide/data";
import { testClient } from "bolide/testing";
import { modelViewSet } from "bolide/views";

const Tile = model("tiles", {
  id: t.PrimaryKey(),
  x: t.Integer({ format: "int32" }),
  y: t.Nullable(t.Integer({ format: "int32", minimum: 0 })),
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
