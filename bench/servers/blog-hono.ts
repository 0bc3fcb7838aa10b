// What Hono's programs on both databases share: the checks, the routes.
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import * as z from "zod";
import type { ArticleRow, CommentBody, Commented, CommentRow, JoinedRow } from "./blog.ts";

type Eventual<T> = T | Promise<T>;

/** The queries of one database. */
export interface Blog {
  article(id: number): Eventual<ArticleRow | undefined>;
  after(id: number): Eventual<ArticleRow[]>;
  joinedAfter(id: number): Eventual<JoinedRow[]>;
  insert(comment: CommentRow): Eventual<CommentRow | undefined>;
  comment(id: number, comment: CommentBody): Eventual<Commented | undefined>;
}

const id = z.object({
  id: z
    .string()
    .regex(/^[+-]?\d+$/)
    .transform(Number)
    .pipe(z.int()),
});
const comment = { author: z.string().min(1).max(100), body: z.string().min(1).max(2000) };

export function serve(blog: Blog): void {
  const app = new Hono()
    .notFound((c) => c.json({ detail: "Not Found" }, 404))
    .get("/constant", (c) => c.text("Hello, World!"))
    .get("/articles/:id", zValidator("param", id), async (c) => {
      const row = await blog.article(c.req.valid("param").id);
      return row === undefined ? c.notFound() : c.json(row);
    })
    .get("/articles/after/:id", zValidator("param", id), async (c) => c.json(await blog.after(c.req.valid("param").id)))
    .get("/articles/after/:id/authors", zValidator("param", id), async (c) =>
      c.json(await blog.joinedAfter(c.req.valid("param").id)),
    )
    .post("/comments", zValidator("json", z.object({ articleId: z.int().min(1), ...comment })), async (c) =>
      c.json(await blog.insert(c.req.valid("json")), 201),
    )
    .post("/articles/:id/comments", zValidator("param", id), zValidator("json", z.object(comment)), async (c) => {
      const done = await blog.comment(c.req.valid("param").id, c.req.valid("json"));
      return done === undefined ? c.notFound() : c.json(done, 201);
    });
  Bun.serve({ hostname: "127.0.0.1", port: Number(Bun.env["PORT"]), development: false, fetch: app.fetch });
}
