import type { DatabaseName } from "./databases.ts";
import type { Workload } from "./workloads.ts";

const json = { "content-type": "application/json" };
const comment = { author: "Ada Lovelace", body: "It was seen from both sides of the river, and heard a minute later." };

type Declared = Omit<Workload, "name" | "section" | "database" | "group">;

/** Under load each request is for another article: many writers of one row would wait for each other, in PostgreSQL. */
const paths = Array.from({ length: 1000 }, (_, index) => `/articles/${index * 7 + 1}/comments`);

/** One request each of what a service does with its database. */
const declared: Readonly<Record<string, Declared>> = {
  "db-1": { about: "one row by its key", method: "GET", path: "/articles/4711", status: 200 },
  "db-10": { about: "10 rows", method: "GET", path: "/articles/after/4711", status: 200 },
  "db-10-joined": {
    about: "10 rows, each with two columns of its author",
    method: "GET",
    path: "/articles/after/4711/authors",
    status: 200,
  },
  "db-insert": {
    about: "a validated body becomes a row, which is read back",
    method: "POST",
    path: "/comments",
    status: 201,
    headers: json,
    body: JSON.stringify({ articleId: 4711, ...comment }),
    writes: { comments: 1, counted: 0 },
  },
  "db-transaction": {
    about: "a row is read, updated, and another inserted, all or nothing",
    method: "POST",
    path: "/articles/4711/comments",
    paths,
    status: 201,
    headers: json,
    body: JSON.stringify(comment),
    writes: { comments: 1, counted: 1 },
  },
};

/** Each on SQLite and on PostgreSQL. */
export const dataWorkloads: readonly Workload[] = (["sqlite", "postgres"] as const).flatMap((database: DatabaseName) =>
  Object.entries(declared).map(([group, one]) => ({
    ...one,
    name: `${group}-${database}`,
    group,
    section: "data" as const,
    rows: "blog" as const,
    database,
  })),
);
