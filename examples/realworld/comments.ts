import { Forbidden, t } from "bolide";
import { type Kysely, prepared, related } from "bolide/data";
import { action, viewset } from "bolide/views";
import type { Expression } from "kysely";
import { articleKeys } from "./articles.ts";
import { everybody, idOf, members } from "./auth.ts";
import { db, type Tables } from "./database.ts";
import { notFound, refusals } from "./errors.ts";
import { follow } from "./profiles.ts";
import { CommentAnswer, CommentsAnswer, NewComment } from "./schemas.ts";

/** Comments as one reader sees them, the newest first. */
const commentRows = (q: Kysely<Tables>, me: Expression<number>) =>
  q
    .selectFrom("comments")
    .selectAll("comments")
    .select(related(db, "comments", "author", { columns: ["username", "bio", "image"] }).as("author"))
    .select(({ exists }) => exists(follow(me, "comments.authorId")).as("following"))
    .orderBy("id", "desc");

type Row = Awaited<ReturnType<ReturnType<typeof commentRows>["execute"]>>[number];

const commentOf = ({ author, following, ...comment }: Row) => ({
  ...comment,
  author: { ...author!, following: Boolean(following) },
});

const byArticle = prepared(db, { me: t.Integer(), article: t.Integer() }, (q, { me, article }) =>
  commentRows(q, me).where("articleId", "=", article),
);
const byId = prepared(db, { me: t.Integer(), id: t.Integer() }, (q, { me, id }) =>
  commentRows(q, me).where("id", "=", id),
);

const params = { slug: t.String() };
const response = { 200: CommentAnswer, ...refusals };

export const comments = viewset({
  tags: ["Comments"],
  list: action(
    { ...everybody, summary: "Comments on an article", params, response: { 200: CommentsAnswer, ...refusals } },
    async ({ params, user }) => {
      const article = await articleKeys(params.slug);
      const rows = await byArticle.all({ me: idOf(user), article: article.id });
      return { comments: rows.map(commentOf) };
    },
  ),
  create: action(
    { ...members, summary: "Comment on an article", params, body: { comment: NewComment }, status: 200, response },
    async ({ params, body, user }) => {
      const [article, me] = [await articleKeys(params.slug), idOf(user)];
      const insert = db.insertInto("comments").values({ ...body.comment, articleId: article.id, authorId: me });
      const { id } = await insert.returning("id").executeTakeFirstOrThrow();
      return { comment: commentOf(await byId.one({ me, id })) };
    },
  ),
  destroy: action(
    {
      ...members,
      summary: "Delete a comment of mine",
      params: { ...params, id: t.Integer() },
      response: { 204: t.Null(), ...refusals },
    },
    async ({ params, user }) => {
      const article = await articleKeys(params.slug);
      const comment = await byId.first({ me: idOf(user), id: params.id });
      if (comment?.articleId !== article.id) throw notFound("comment");
      if (comment.authorId !== idOf(user)) throw new Forbidden({ comment: ["forbidden"] });
      await db.deleteFrom("comments").where("id", "=", comment.id).execute();
    },
  ),
});
