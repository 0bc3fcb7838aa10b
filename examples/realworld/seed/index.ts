import { password } from "bolide";
import { bulkInsert, exists, type Kysely, progressBar, transaction } from "bolide/data";
import type { Tables } from "../database.ts";
import { Chance } from "./chance.ts";
import { remark, text, userNames } from "./texts.ts";
import { TAGS } from "./words.ts";

const USERS = 500;
const ARTICLES = 4000;
const [FIRST_DAY, LAST_DAY] = [Date.UTC(2025, 0, 1), Date.UTC(2026, 6, 1)];

/** Of every seeded user. Argon2id takes about 150 ms a hash, which is meant to hurt guessers: here all share one. */
const SEED_PASSWORD = "conduit-seed";

/** Fills an empty database with people who write, read, follow and argue: the same ones at every first start. */
export async function seed(db: Kysely<Tables>): Promise<void> {
  if (await exists(db.selectFrom("users"))) return;
  const hash = await password.hash(SEED_PASSWORD);
  await transaction(db, (trx) => fill(trx, hash));
}

async function fill(db: Kysely<Tables>, hash: string): Promise<void> {
  const chance = new Chance(20_261_122);
  const people = userNames(USERS).map((username) => ({
    username,
    email: `${username}@example.com`,
    password: hash,
    bio: `Writes about ${chance.of(TAGS)} and ${chance.of(TAGS)}.`,
    image: `https://api.dicebear.com/9.x/thumbs/svg?seed=${username}`,
  }));
  // Whoever comes second waits here for the first, and then finds nothing to do.
  const [first, ...others] = people;
  const turn = await db
    .insertInto("users")
    .values(first!)
    .onConflict((on) => on.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (turn === undefined) return;

  const show = progressBar("Seeding");
  let rows = 0;
  let total = USERS + ARTICLES;
  function* shown<T>(list: readonly T[]): Generator<T> {
    for (const row of list) {
      if (++rows % 1000 === 0 || rows === total) show({ rows, part: rows / total });
      yield row;
    }
  }

  await bulkInsert(db, "users", shown(others));
  await bulkInsert(
    db,
    "tags",
    TAGS.map((name) => ({ name })),
  );
  const users = await db.selectFrom("users").select("id").orderBy("id").execute();
  const tags = await db.selectFrom("tags").select("id").orderBy("id").execute();
  const userAt = (at: number): number => users[at]!.id;

  const texts = Array.from({ length: ARTICLES }, () => text(chance));
  const step = (LAST_DAY - FIRST_DAY) / ARTICLES;
  await bulkInsert(
    db,
    "articles",
    shown(
      texts.map(({ title, description, body }, n) => {
        const createdAt = new Date(FIRST_DAY + Math.floor((n + chance.next()) * step));
        const slug = `${title.toLowerCase().replaceAll(/[^a-z]+/g, "-")}-${n + 1}`;
        return {
          slug,
          title,
          description,
          body,
          authorId: userAt(chance.below(USERS, 2)),
          createdAt,
          updatedAt: createdAt,
        };
      }),
    ),
  );
  const articles = await db.selectFrom("articles").select(["id", "createdAt"]).orderBy("id").execute();

  const labels = articles.flatMap(({ id }, n) =>
    texts[n]!.tags.map((tag) => ({ articleId: id, tagId: tags[tag]!.id })),
  );
  const favorites = users.flatMap((user) =>
    chance.several(100, ARTICLES, 2).map((at) => ({ userId: user.id, articleId: articles[at]!.id })),
  );
  const follows = users.flatMap((user) =>
    chance
      .several(30, USERS, 2)
      .filter((at) => userAt(at) !== user.id)
      .map((at) => ({ followerId: user.id, followedId: userAt(at) })),
  );
  const comments = articles.flatMap(({ id, createdAt }, n) =>
    Array.from({ length: chance.below(10) }, (_, hours) => {
      const at = new Date(createdAt.getTime() + (hours + chance.next()) * 3_600_000);
      const topic = TAGS[texts[n]!.tags[0]!]!;
      return {
        articleId: id,
        authorId: userAt(chance.below(USERS)),
        body: remark(chance, topic),
        createdAt: at,
        updatedAt: at,
      };
    }),
  );
  total += labels.length + favorites.length + follows.length + comments.length;
  await bulkInsert(db, "articleTags", shown(labels));
  await bulkInsert(db, "favorites", shown(favorites));
  await bulkInsert(db, "follows", shown(follows));
  await bulkInsert(db, "comments", shown(comments));
}
