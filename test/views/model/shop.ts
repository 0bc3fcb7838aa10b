import { belongsTo, hasMany, manyToMany, model } from "bolide/data";
import { t } from "bolide";

/** Writers, their articles, and the articles' tags. */
export const Writer = model(
  "writers",
  {
    id: t.PrimaryKey(),
    name: t.String({ minLength: 1, maxLength: 50, unique: true }),
    password: t.String({ writeOnly: true }),
  },
  { name: "Writer", relations: { articles: hasMany("articles", "writerId") } },
);

export const Article = model(
  "articles",
  {
    id: t.PrimaryKey(),
    writerId: t.ForeignKey("writers.id"),
    title: t.String({ minLength: 1, maxLength: 100 }),
    note: t.Nullable(t.String({ maxLength: 100 })),
    rating: t.Integer({ default: 3, minimum: 1, maximum: 5 }),
    published: t.Boolean({ default: false }),
    version: t.Integer({ default: 1, readOnly: true }),
    writtenAt: t.Timestamp({ default: "now", readOnly: true }),
  },
  {
    name: "Article",
    relations: {
      writer: belongsTo("writers", "writerId"),
      tags: manyToMany("tags", "articleTags", "articleId", "tagId"),
    },
  },
);

export const Tag = model("tags", { id: t.PrimaryKey(), name: t.String({ unique: true }) }, { name: "Tag" });

const ArticleTag = model(
  "articleTags",
  { articleId: t.ForeignKey("articles.id"), tagId: t.ForeignKey("tags.id") },
  { primaryKey: ["articleId", "tagId"] },
);

export const models = { writers: Writer, articles: Article, tags: Tag, articleTags: ArticleTag };
