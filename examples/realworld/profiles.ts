import { t } from "bolide";
import { getOrCreate, prepared } from "bolide/data";
import { action, viewset } from "bolide/views";
import { type Expression, sql } from "kysely";
import { everybody, idOf, members } from "./auth.ts";
import { db } from "./database.ts";
import { notFound, refusals } from "./errors.ts";
import { ProfileAnswer } from "./schemas.ts";

/** That `me` follows the user whose id stands in a column of the query around. */
export const follow = (me: Expression<number>, user: string) =>
  db
    .selectFrom("follows")
    .select("followerId")
    .where("followerId", "=", me)
    .where("followedId", "=", sql.ref<number>(user));

const byName = prepared(db, { me: t.Integer(), name: t.String() }, (q, { me, name }) =>
  q
    .selectFrom("users")
    .select(["id", "username", "bio", "image"])
    .select(({ exists }) => exists(follow(me, "users.id")).as("following"))
    .where("username", "=", name),
);

/** A user as another one sees them. Throws a 404 for a name that nobody has. */
async function profileOf(name: string, me: number) {
  const row = await byName.first({ me, name });
  if (row === undefined) throw notFound("profile");
  return { ...row, following: Boolean(row.following) };
}

const params = { username: t.String() };
const response = { 200: ProfileAnswer, ...refusals };

export const profiles = viewset({
  lookup: "username",
  tags: ["Profile"],
  retrieve: action(
    { ...everybody, summary: "A profile", params, response },
    async ({ params: { username }, user }) => ({
      profile: await profileOf(username, idOf(user)),
    }),
  ),
  actions: {
    follow: action(
      { ...members, summary: "Follow a user", params, response },
      async ({ params: { username }, user }) => {
        const profile = await profileOf(username, idOf(user));
        await getOrCreate(db, "follows", { followerId: idOf(user), followedId: profile.id }, {});
        return { profile: { ...profile, following: true } };
      },
    ),
    unfollow: action(
      { ...members, summary: "Follow a user no more", params, response, method: "DELETE", path: "/follow" },
      async ({ params: { username }, user }) => {
        const profile = await profileOf(username, idOf(user));
        const follows = db.deleteFrom("follows").where("followerId", "=", idOf(user));
        await follows.where("followedId", "=", profile.id).execute();
        return { profile: { ...profile, following: false } };
      },
    ),
  },
});
