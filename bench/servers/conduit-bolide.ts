// Bolide's example as it is: only its database and its secret are told to it, by the environment.
import { secret } from "../credentials.ts";
import { address } from "./blog.ts";

Bun.env[address.startsWith("postgres:") ? "DATABASE_URL" : "REALWORLD_DB"] = address;
Bun.env["JWT_SECRET"] = secret;
const { api } = await import("../../examples/realworld/api.ts");

await api.listen({ host: "127.0.0.1", port: Number(Bun.env["PORT"]) });
