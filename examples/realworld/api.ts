import { Api } from "bolide";
import { migrateUp, prepared } from "bolide/data";
import { articles } from "./articles.ts";
import { keepSecret } from "./auth.ts";
import { comments } from "./comments.ts";
import { db } from "./database.ts";
import { Errors, inRealWorldsForm } from "./errors.ts";
import { migrations } from "./migrations/index.ts";
import { profiles } from "./profiles.ts";
import { tags, TagsAnswer } from "./schemas.ts";
import { seed } from "./seed/index.ts";
import { currentUser, login, register, updateUser } from "./users.ts";

export { db, migrations, seed };

/** RealWorld's "Conduit", a place to write and read articles: realworld-docs.netlify.app. */
export const api = new Api({
  title: "Conduit",
  version: "1.0.0",
  description: "A place to write and read articles: [RealWorld](https://realworld-docs.netlify.app), made with Bolide.",
  prefix: "/api",
  onError: [inRealWorldsForm],
  openapi: { errors: Errors, tags },
  lifespan: async () => {
    keepSecret();
    await migrateUp(db, migrations);
    if (Bun.env["REALWORLD_SEED"] !== "0") await seed(db);
    return () => db.destroy();
  },
});

api.add(register, login, currentUser, updateUser);
export const profileRoutes = api.viewset("/profiles", profiles);
export const articleRoutes = api.viewset("/articles", articles);
export const commentRoutes = api.viewset("/articles/:slug/comments", comments);

const tagNames = prepared(db, (q) =>
  q
    .selectFrom("tags")
    .select("name")
    .where(({ exists, selectFrom }) =>
      exists(selectFrom("articleTags").select("tagId").whereRef("tagId", "=", "tags.id")),
    )
    .orderBy("name"),
);

export const listTags = api.get("/tags", { tags: ["Tags"], summary: "All tags", response: TagsAnswer }, async () => ({
  tags: (await tagNames.all()).map(({ name }) => name),
}));
