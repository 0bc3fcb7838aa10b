import { get, password, post, put, t, Unauthorized } from "bolide";
import { prepared } from "bolide/data";
import { idOf, members, tokenFor } from "./auth.ts";
import { db } from "./database.ts";
import { refusals } from "./errors.ts";
import { LoginUser, NewUser, UpdateUser, type User, UserAnswer } from "./schemas.ts";

const byEmail = prepared(db, { email: t.String() }, (q, { email }) =>
  q.selectFrom("users").selectAll().where("email", "=", email),
);
const byId = prepared(db, { id: t.Integer() }, (q, { id }) => q.selectFrom("users").selectAll().where("id", "=", id));

/** A user with a new token; that there is none, where the token is of one who is gone. */
const answerOf = (row: (Omit<User, "token"> & { id: number }) | undefined) =>
  row === undefined ? new Unauthorized({ token: ["is invalid"] }) : { user: { ...row, token: tokenFor(row.id) } };

const tags = ["User and Authentication"];
const response = { 200: UserAnswer, ...refusals };

export const register = post(
  "/users",
  { tags, summary: "Register", body: { user: NewUser }, response: { 201: UserAnswer, 422: refusals[422] } },
  async ({ body: { user } }) => {
    const values = { ...user, password: await password.hash(user.password) };
    return answerOf(await db.insertInto("users").values(values).returningAll().executeTakeFirst());
  },
);

export const login = post(
  "/users/login",
  { tags, summary: "Log in", body: { user: LoginUser }, response },
  async ({ body }) => {
    const row = await byEmail.first({ email: body.user.email });
    // Takes as long for an address that nobody has.
    const isRight = await password.verify(body.user.password, row?.password);
    return isRight ? answerOf(row) : new Unauthorized({ credentials: ["invalid"] });
  },
);

export const currentUser = get("/user", { ...members, tags, summary: "Who I am", response }, async ({ user }) =>
  answerOf(await byId.first({ id: idOf(user) })),
);

export const updateUser = put(
  "/user",
  { ...members, tags, summary: "Change my name, password, picture …", body: { user: UpdateUser }, response },
  async ({ user, body }) => {
    const { password: plain, ...changes } = body.user;
    const values = plain === undefined ? changes : { ...changes, password: await password.hash(plain) };
    const update = db.updateTable("users").set(values).where("id", "=", idOf(user));
    if (Object.keys(values).length > 0) await update.execute();
    return answerOf(await byId.first({ id: idOf(user) }));
  },
);
