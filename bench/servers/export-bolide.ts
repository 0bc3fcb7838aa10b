// An export of a large table, streamed through a cursor: what `bun bench/queries.ts` looks at while it runs.
import { Api, constant, t } from "bolide";
import { database, model, ndjson, postgres, sqlite } from "bolide/data";

const address = Bun.env["BENCH_DATABASE"] ?? "";
const Reading = model("readings", { id: t.PrimaryKey(), name: t.String(), value: t.Number() });
const models = { readings: Reading };
const db = address.startsWith("postgres:") ? database(postgres(address), models) : database(sqlite(address), models);

const api = new Api({ title: "Export", version: "1.0.0" });
api.get("/constant", constant("Hello, World!"));
api.get("/readings/:limit", { params: { limit: t.Integer() } }, ({ params }) =>
  ndjson(db.selectFrom("readings").selectAll().where("id", "<=", params.limit)),
);
await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
