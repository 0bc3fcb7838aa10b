// What Fastify's programs on both databases share: the schemas, the routes. Runs on Node, which strips the types.
import Fastify from "fastify";
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

const object = (properties: Readonly<Record<string, object>>) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});
const array = (items: object) => ({ type: "array", items });
const integer = { type: "integer" };
const string = { type: "string" };
const boolean = { type: "boolean" };

const params = object({ id: integer });
const comment = {
  author: { type: "string", minLength: 1, maxLength: 100 },
  body: { type: "string", minLength: 1, maxLength: 2000 },
};
const Article = object({
  id: integer,
  authorId: integer,
  title: string,
  summary: { type: "string", nullable: true },
  views: integer,
  published: boolean,
});
const Joined = object({
  id: integer,
  title: string,
  views: integer,
  published: boolean,
  authorName: string,
  authorEmail: string,
});
const Comment = object({ articleId: { type: "integer", minimum: 1 }, ...comment });

interface ById {
  Params: { id: number };
}

const notFound = { detail: "Not Found" };

export async function serve(blog: Blog): Promise<void> {
  const app = Fastify();
  app.get("/constant", () => "Hello, World!");
  app.get<ById>("/articles/:id", { schema: { params, response: { 200: Article } } }, async ({ params }, reply) => {
    const row = await blog.article(params.id);
    return row ?? reply.status(404).send(notFound);
  });
  app.get<ById>("/articles/after/:id", { schema: { params, response: { 200: array(Article) } } }, ({ params }) =>
    blog.after(params.id),
  );
  app.get<ById>("/articles/after/:id/authors", { schema: { params, response: { 200: array(Joined) } } }, ({ params }) =>
    blog.joinedAfter(params.id),
  );
  app.post<{ Body: CommentRow }>(
    "/comments",
    { schema: { body: Comment, response: { 201: Comment } } },
    async ({ body }, reply) => reply.status(201).send(await blog.insert(body)),
  );
  app.post<ById & { Body: CommentBody }>(
    "/articles/:id/comments",
    { schema: { params, body: object(comment), response: { 201: object({ article: string, ...comment }) } } },
    async ({ params, body }, reply) => {
      const done = await blog.comment(params.id, body);
      return done === undefined ? reply.status(404).send(notFound) : reply.status(201).send(done);
    },
  );
  await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
}
