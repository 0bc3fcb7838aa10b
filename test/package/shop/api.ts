import { Api, created, NotFound, t } from "bolide";
import { readFileSync } from "node:fs";

const Item = t.Object({ id: t.Integer(), name: t.String() });

export const api = new Api({ title: "Shop", version: "1.0.0" });

export const item = api.get("/items/:id", { params: { id: t.Integer() }, response: Item }, ({ params }) =>
  params.id === 404 ? new NotFound("No such item") : { id: params.id, name: `item ${params.id}` },
);

export const addItem = api.post(
  "/items",
  { body: { name: t.String({ minLength: 1 }) }, response: { 201: Item } },
  ({ body }) => created({ id: 1, name: body.name }),
);

/** Which native libraries the process has mapped: the package's own by its name, the one out of a binary by Bun's. */
export const libraries = api.get(
  "/libraries",
  { cookies: { session: t.String() }, response: t.Object({ session: t.String(), mapped: t.Array(t.String()) }) },
  ({ cookies }) => {
    const maps = process.platform === "linux" ? readFileSync("/proc/self/maps", "utf8") : "";
    const paths = maps.match(/\/\S*(?:bolide-|\.bun-|memfd:bolide)\S*/g) ?? [];
    return { session: cookies.session, mapped: [...new Set(paths)] };
  },
);
