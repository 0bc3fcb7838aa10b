import { SignJWT } from "jose";
import { PAGES_BEFORE } from "./archive.ts";
import { caller, secret } from "./credentials.ts";
import type { DatabaseName } from "./databases.ts";
import type { Workload } from "./workloads.ts";

/** A token of the first user that the example's seed makes. */
const token = await new SignJWT({ sub: "1", iat: 1_700_000_000, exp: caller.exp })
  .setProtectedHeader({ alg: "HS256", typ: "JWT" })
  .sign(Buffer.from(secret));

const article = {
  authorId: 7,
  title: "A bolide over the quiet town",
  summary: "It was seen from both sides of the river, and heard a minute later.",
  views: 0,
  published: true,
};

type Declared = Omit<Workload, "name" | "section" | "database" | "group">;

const get = (about: string, path: string, rest: Partial<Declared> = {}): Declared => ({
  about,
  method: "GET",
  path,
  status: 200,
  rows: "archive",
  ...rest,
});

const cursors = ["next_cursor", "previous_cursor"];

/** One request each of what views do. */
const declared: Readonly<Record<string, Declared>> = {
  "list-page": get("page 3 of 20 of an author's articles, with their count", "/articles?authorId=7&page=3"),
  "list-cursor": get("the 20 newest articles, and a cursor", "/feed", { generated: cursors }),
  "list-cursor-deep": get("the same 10,000 pages deep", "/feed", { generated: cursors, pagesBefore: PAGES_BEFORE }),
  retrieve: get("one article by its key", "/articles/4711"),
  create: {
    about: "a validated body becomes an article, which is answered with its key and location",
    method: "POST",
    path: "/articles",
    status: 201,
    rows: "archive",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(article),
    generated: ["id", "createdAt"],
    writes: { articles: 1 },
  },
  "realworld-articles": get(
    "RealWorld's list of 20 articles with author, tags and favourites, as one user sees it",
    "/api/articles?limit=20",
    { rows: "conduit", headers: { authorization: `Token ${token}` }, credential: "authorization" },
  ),
};

/** Each on SQLite and on PostgreSQL. */
export const viewWorkloads: readonly Workload[] = (["sqlite", "postgres"] as const).flatMap((database: DatabaseName) =>
  Object.entries(declared).map(([group, one]) => ({
    ...one,
    name: `${group}-${database}`,
    group,
    section: "views" as const,
    database,
  })),
);
