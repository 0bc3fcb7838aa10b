import { t } from "../../../src/index.ts";
import { belongsTo, hasMany, hasOne, manyToMany, model, type TablesOf } from "../../../src/data/index.ts";

const User = model(
  "users",
  {
    id: t.PrimaryKey(),
    email: t.String({ unique: true }),
    name: t.String({ default: "nobody" }),
    password: t.String({ writeOnly: true, default: "secret" }),
    active: t.Boolean({ default: true }),
    updatedAt: t.Nullable(t.Timestamp({ onUpdate: "now" })),
  },
  {
    relations: {
      articles: hasMany("articles", "authorId"),
      profile: hasOne("profiles", "userId"),
      friends: manyToMany("users", "friendships", "userId", "friendId"),
    },
  },
);

const Profile = model("profiles", { id: t.PrimaryKey(), userId: t.ForeignKey("users.id"), about: t.String() });

const Article = model(
  "articles",
  {
    id: t.PrimaryKey(),
    authorId: t.Nullable(t.ForeignKey("users.id")),
    title: t.String(),
    published: t.Boolean({ default: false }),
    views: t.BigInt({ default: 0 }),
    rating: t.Nullable(t.Number()),
    price: t.Nullable(t.Decimal({ precision: 12, scale: 2 })),
    day: t.Nullable(t.Day()),
    at: t.Nullable(t.Timestamp()),
    meta: t.Nullable(t.Json()),
    cover: t.Nullable(t.Bytes()),
    key: t.Nullable(t.Uuid()),
  },
  {
    relations: {
      author: belongsTo("users", "authorId"),
      comments: hasMany("comments", "articleId"),
      tags: manyToMany("tags", "articleTags", "articleId", "tagId"),
    },
  },
);

const Comment = model(
  "comments",
  { id: t.PrimaryKey(), articleId: t.ForeignKey("articles.id"), authorId: t.ForeignKey("users.id"), body: t.String() },
  { relations: { article: belongsTo("articles", "articleId"), author: belongsTo("users", "authorId") } },
);

const Tag = model(
  "tags",
  { id: t.PrimaryKey(), name: t.String({ unique: true }) },
  { relations: { articles: manyToMany("articles", "articleTags", "tagId", "articleId") } },
);

const ArticleTag = model(
  "articleTags",
  { articleId: t.ForeignKey("articles.id"), tagId: t.ForeignKey("tags.id") },
  { primaryKey: ["articleId", "tagId"] },
);

const Friendship = model(
  "friendships",
  { userId: t.ForeignKey("users.id"), friendId: t.ForeignKey("users.id") },
  { primaryKey: ["userId", "friendId"] },
);

const Category = model(
  "categories",
  { id: t.PrimaryKey(), parentId: t.Nullable(t.ForeignKey("categories.id")), name: t.String() },
  { relations: { parent: belongsTo("categories", "parentId"), children: hasMany("categories", "parentId") } },
);

/** A blog: every kind of relation, and of column that a relation may have to bring along. */
export const blog = {
  users: User,
  profiles: Profile,
  articles: Article,
  comments: Comment,
  tags: Tag,
  articleTags: ArticleTag,
  friendships: Friendship,
  categories: Category,
};

export type Blog = TablesOf<typeof blog>;
