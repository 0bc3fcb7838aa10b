import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import * as z from "zod";
import { authRoutes } from "./hono-auth.ts";
import type { Entry } from "./raw-order.ts";
import { page, placeById, placesOf, rows } from "./sqlite.ts";

const text = (longest: number) => z.string().min(1).max(longest);

const Order = z.object({
  id: z.int().min(1),
  customer: z.object({ name: text(100), email: z.email() }),
  address: z.object({
    street: text(100),
    city: text(100),
    zip: z.string().regex(/^[0-9]{5}$/),
    country: z.string().length(2),
  }),
  items: z.array(z.object({ sku: text(40), quantity: z.int().min(1), price: z.int().min(0) })).min(1),
  express: z.boolean(),
});

const integer = z
  .string()
  .regex(/^[+-]?\d+$/)
  .transform(Number)
  .pipe(z.int());

function entry(source: string, issue: z.core.$ZodIssue): Entry {
  const loc = [source, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "invalid_type") return { loc, msg: `Expected ${issue.expected}`, type: "type_error" };
  if (issue.code === "too_small" && (issue.origin === "int" || issue.origin === "number")) {
    return { loc, msg: `Expected integer to be greater or equal to ${issue.minimum}`, type: "range" };
  }
  return { loc, msg: issue.message, type: "value_error" };
}

/** The validator of one source, whose failure is answered with the entries. */
const valid = <S extends z.ZodType, T extends "json" | "param" | "query">(target: T, source: string, schema: S) =>
  zValidator(target, schema, (result, c) =>
    result.success ? undefined : c.json({ detail: result.error.issues.map((issue) => entry(source, issue)) }, 422),
  );

type Counted = { Variables: { count: number } };
const addOne = Array.from({ length: 10 }, () =>
  createMiddleware<Counted>(async (c, next) => {
    c.set("count", (c.get("count") ?? 0) + 1);
    await next();
  }),
);

const app = new Hono<Counted>();
for (const step of addOne) app.use("/middleware", step);
app
  .notFound((c) => c.json({ detail: "Not Found" }, 404))
  .get("/constant", (c) => c.text("Hello, World!"))
  .get("/text", (c) => c.text("Hello, World!"))
  .get("/json", (c) => c.json({ message: "Hello, World!" }))
  .get("/json-10k", (c) => c.json(rows))
  .get("/users/:id", valid("param", "params", z.object({ id: integer })), (c) =>
    c.json({ id: c.req.valid("param").id }),
  )
  .get(
    "/search/:category",
    valid(
      "query",
      "query",
      z.object({
        q: z.string().max(100).default(""),
        limit: z.coerce.number().pipe(z.int().min(1).max(100)).default(10),
        exact: z.stringbool().default(false),
      }),
    ),
    (c) => {
      const { q, limit, exact } = c.req.valid("query");
      return c.json({ category: c.req.param("category"), q, limit, exact });
    },
  )
  .post("/orders", valid("json", "body", Order), (c) => {
    const { id, items } = c.req.valid("json");
    return c.json({ id, total: items.reduce((sum, item) => sum + item.quantity * item.price, 0) });
  })
  .get("/middleware", (c) => c.json({ count: c.get("count") }))
  .get("/html", (c) => c.html(page))
  .get("/redirect", (c) => c.redirect("/json", 307))
  .get("/cookie", (c) => {
    const session = getCookie(c, "session");
    const missing = { loc: ["cookies", "session"], msg: "Expected required property", type: "missing" };
    return session === undefined ? c.json({ detail: [missing] }, 422) : c.json({ session });
  })
  .get("/places/:id", valid("param", "params", z.object({ id: integer })), (c) => {
    const row = placeById.get(c.req.valid("param").id);
    return row === null ? c.json({ detail: "Place not found" }, 404) : c.json(row);
  })
  .get("/places", valid("query", "query", z.object({ country: z.string().length(2) })), (c) =>
    c.json(placesOf.all(c.req.valid("query").country)),
  );

app.route("/auth", authRoutes);

Bun.serve({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]), development: false, fetch: app.fetch });
