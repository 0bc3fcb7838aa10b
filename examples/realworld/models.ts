import { t } from "bolide";
import { belongsTo, manyToMany, model } from "bolide/data";

/** Whatever belongs to a row goes with it. */
const cascade = { onDelete: "cascade" } as const;
/** The first column of a primary key needs no index of its own. */
const keyed = { ...cascade, index: false } as const;
const now = () => t.Timestamp({ default: "now", readOnly: true });

/** Who writes and reads. `password` is a hash, and never in an answer. */
export const User = model("users", {
  id: t.PrimaryKey(),
  username: t.String({ minLength: 1, maxLength: 64, unique: true }),
  email: t.String({ format: "email", minLength: 1, maxLength: 254, unique: true }),
  password: t.String({ writeOnly: true }),
  bio: t.String({ default: "" }),
  image: t.String({ default: "" }),
});

export const Article = model(
  "articles",
  {
    id: t.PrimaryKey(),
    slug: t.String({ maxLength: 255, unique: true }),
    title: t.String({ minLength: 1, maxLength: 200 }),
    description: t.String({ minLength: 1 }),
    body: t.String({ minLength: 1 }),
    authorId: t.ForeignKey("users.id", cascade),
    createdAt: now(),
    updatedAt: now(),
  },
  {
    relations: {
      author: belongsTo("users", "authorId"),
      tags: manyToMany("tags", "articleTags", "articleId", "tagId"),
    },
  },
);

export const Comment = model(
  "comments",
  {
    id: t.PrimaryKey(),
    body: t.String({ minLength: 1 }),
    articleId: t.ForeignKey("articles.id", cascade),
    authorId: t.ForeignKey("users.id", cascade),
    createdAt: now(),
    updatedAt: now(),
  },
  { relations: { author: belongsTo("users", "authorId") } },
);

export const Tag = model("tags", { id: t.PrimaryKey(), name: t.String({ maxLength: 100, unique: true }) });

const articleTags = { articleId: t.ForeignKey("articles.id", keyed), tagId: t.ForeignKey("tags.id", cascade) };
export const ArticleTag = model("articleTags", articleTags, { primaryKey: ["articleId", "tagId"] });

const favorites = { userId: t.ForeignKey("users.id", keyed), articleId: t.ForeignKey("articles.id", cascade) };
export const Favorite = model("favorites", favorites, { primaryKey: ["userId", "articleId"] });

const follows = { followerId: t.ForeignKey("users.id", keyed), followedId: t.ForeignKey("users.id", cascade) };
export const Follow = model("follows", follows, { primaryKey: ["followerId", "followedId"] });

export const models = {
  users: User,
  articles: Article,
  comments: Comment,
  tags: Tag,
  articleTags: ArticleTag,
  favorites: Favorite,
  follows: Follow,
};
