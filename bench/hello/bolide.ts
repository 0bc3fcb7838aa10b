import { Api, t } from "bolide";

const api = new Api({ title: "Hello", version: "1.0.0" });
api.get("/", { response: t.Object({ message: t.String() }) }, () => ({ message: "Hello, World!" }));
await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
