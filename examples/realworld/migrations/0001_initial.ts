import { type AnyDatabase, columnTypes } from "bolide/data";

export async function up(db: AnyDatabase): Promise<void> {
  const type = columnTypes(db);
  await db.schema
    .createTable("users")
    .addColumn("id", type.integer, type.identity)
    .addColumn("username", type.text(64), (column) => column.notNull())
    .addColumn("email", type.text(254), (column) => column.notNull())
    .addColumn("password", type.text(), (column) => column.notNull())
    .addColumn("bio", type.text(), (column) => column.notNull().defaultTo(type.literal("")))
    .addColumn("image", type.text(), (column) => column.notNull().defaultTo(type.literal("")))
    .execute();
  await db.schema
    .createTable("articles")
    .addColumn("id", type.integer, type.identity)
    .addColumn("slug", type.text(255), (column) => column.notNull())
    .addColumn("title", type.text(200), (column) => column.notNull())
    .addColumn("description", type.text(), (column) => column.notNull())
    .addColumn("body", type.text(), (column) => column.notNull())
    .addColumn("authorId", type.integer, (column) => column.notNull())
    .addColumn("createdAt", type.timestamp, (column) => column.notNull().defaultTo(type.now))
    .addColumn("updatedAt", type.timestamp, (column) => column.notNull().defaultTo(type.now))
    .addForeignKeyConstraint("articles_authorId_foreign", ["authorId"], "users", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .execute();
  await db.schema
    .createTable("tags")
    .addColumn("id", type.integer, type.identity)
    .addColumn("name", type.text(100), (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("articleTags")
    .addColumn("articleId", type.integer, (column) => column.notNull())
    .addColumn("tagId", type.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("articleTags_pkey", ["articleId", "tagId"])
    .addForeignKeyConstraint("articleTags_articleId_foreign", ["articleId"], "articles", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .addForeignKeyConstraint("articleTags_tagId_foreign", ["tagId"], "tags", ["id"], (key) => key.onDelete("cascade"))
    .execute();
  await db.schema
    .createTable("comments")
    .addColumn("id", type.integer, type.identity)
    .addColumn("body", type.text(), (column) => column.notNull())
    .addColumn("articleId", type.integer, (column) => column.notNull())
    .addColumn("authorId", type.integer, (column) => column.notNull())
    .addColumn("createdAt", type.timestamp, (column) => column.notNull().defaultTo(type.now))
    .addColumn("updatedAt", type.timestamp, (column) => column.notNull().defaultTo(type.now))
    .addForeignKeyConstraint("comments_articleId_foreign", ["articleId"], "articles", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .addForeignKeyConstraint("comments_authorId_foreign", ["authorId"], "users", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .execute();
  await db.schema
    .createTable("favorites")
    .addColumn("userId", type.integer, (column) => column.notNull())
    .addColumn("articleId", type.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("favorites_pkey", ["userId", "articleId"])
    .addForeignKeyConstraint("favorites_userId_foreign", ["userId"], "users", ["id"], (key) => key.onDelete("cascade"))
    .addForeignKeyConstraint("favorites_articleId_foreign", ["articleId"], "articles", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .execute();
  await db.schema
    .createTable("follows")
    .addColumn("followerId", type.integer, (column) => column.notNull())
    .addColumn("followedId", type.integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("follows_pkey", ["followerId", "followedId"])
    .addForeignKeyConstraint("follows_followerId_foreign", ["followerId"], "users", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .addForeignKeyConstraint("follows_followedId_foreign", ["followedId"], "users", ["id"], (key) =>
      key.onDelete("cascade"),
    )
    .execute();
  await db.schema.createIndex("users_username_unique").unique().on("users").column("username").execute();
  await db.schema.createIndex("users_email_unique").unique().on("users").column("email").execute();
  await db.schema.createIndex("articles_slug_unique").unique().on("articles").column("slug").execute();
  await db.schema.createIndex("articles_authorId_index").on("articles").column("authorId").execute();
  await db.schema.createIndex("tags_name_unique").unique().on("tags").column("name").execute();
  await db.schema.createIndex("articleTags_tagId_index").on("articleTags").column("tagId").execute();
  await db.schema.createIndex("comments_articleId_index").on("comments").column("articleId").execute();
  await db.schema.createIndex("comments_authorId_index").on("comments").column("authorId").execute();
  await db.schema.createIndex("favorites_articleId_index").on("favorites").column("articleId").execute();
  await db.schema.createIndex("follows_followedId_index").on("follows").column("followedId").execute();
}

export async function down(db: AnyDatabase): Promise<void> {
  await db.schema.dropTable("follows").execute();
  await db.schema.dropTable("favorites").execute();
  await db.schema.dropTable("comments").execute();
  await db.schema.dropTable("articleTags").execute();
  await db.schema.dropTable("tags").execute();
  await db.schema.dropTable("articles").execute();
  await db.schema.dropTable("users").execute();
}
