// Runs on Node, which strips the types.
import { createPublicKey, hash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import cookie from "@fastify/cookie";
import jwt from "@fastify/jwt";
import session, { type FastifySessionOptions } from "@fastify/session";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  caller,
  denied,
  ecPublic,
  invalidKey,
  invalidToken,
  permission,
  rsaPublic,
  secret,
  sessionEnded,
} from "../credentials.ts";
import { ownersBy } from "./owners.ts";

type Claims = typeof caller & { permissions: string[] };

const Caller = {
  type: "object",
  properties: { sub: { type: "string" }, role: { type: "string" }, exp: { type: "integer" } },
  required: ["sub", "role", "exp"],
};
const schema = { response: { 200: Caller } };

const refuse = (reply: FastifyReply, status: number, detail: string) => reply.status(status).send({ detail });

async function verified(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  try {
    await request.jwtVerify();
  } catch {
    return refuse(reply, 401, invalidToken);
  }
  return undefined;
}

const claimsOf = (request: FastifyRequest): Claims => request.user as Claims;

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
const isAdmin: Hook = (request, reply, done) =>
  claimsOf(request).role === "admin" ? done() : void refuse(reply, 403, denied);
const isPermitted: Hook = (request, reply, done) =>
  claimsOf(request).permissions.includes(permission) ? done() : void refuse(reply, 403, denied);

/** One key and one algorithm, in a scope of its own. */
function tokens(algorithm: "HS256" | "RS256" | "ES256", key: string | { public: string }) {
  return async (app: FastifyInstance): Promise<void> => {
    // The private half is asked for by the type alone.
    await app.register(jwt, {
      secret: key as string,
      verify: { algorithms: [algorithm], clockTolerance: 60_000 },
    });
    const path = `/auth/jwt-${algorithm.toLowerCase()}`;
    app.get(path, { onRequest: verified, schema }, (request) => claimsOf(request));
    app.get(`${path}-guards`, { onRequest: verified, preHandler: [isAdmin, isPermitted], schema }, (request) =>
      claimsOf(request),
    );
  };
}

const pem = (jwk: JsonWebKey) => ({
  public: createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }) as string,
});

const hashed = (key: string): string => hash("sha256", key, "hex");
const owners = ownersBy(hashed);

const isKnown: Hook = (request, reply, done) => {
  const key = request.headers["x-api-key"];
  const owner = typeof key === "string" ? owners.get(hashed(key)) : undefined;
  if (owner === undefined) {
    refuse(reply, 401, invalidKey);
    return;
  }
  (request as { owner?: typeof caller }).owner = owner;
  done();
};

async function keyed(app: FastifyInstance): Promise<void> {
  app.decorateRequest("owner", null);
  app.get("/auth/api-key", { onRequest: isKnown, schema }, (request) => (request as { owner?: typeof caller }).owner);
}

type Store = NonNullable<FastifySessionOptions["store"]>;

function inSqlite(): Store {
  const db = new DatabaseSync(join(process.env["BENCH_DATA"] ?? "", "sessions-fastify.db"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  db.exec("CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, session TEXT NOT NULL) WITHOUT ROWID");
  const insert = db.prepare("INSERT OR REPLACE INTO sessions VALUES (?, ?)");
  const select = db.prepare("SELECT session FROM sessions WHERE hash = ?");
  const remove = db.prepare("DELETE FROM sessions WHERE hash = ?");
  return {
    set(id, value, callback) {
      insert.run(hashed(id), JSON.stringify(value));
      callback();
    },
    get(id, callback) {
      const row = select.get(hashed(id)) as { session: string } | undefined;
      callback(null, row === undefined ? null : JSON.parse(row.session));
    },
    destroy(id, callback) {
      remove.run(hashed(id));
      callback();
    },
  };
}

function held(kind: string, store: Store | undefined) {
  return async (app: FastifyInstance): Promise<void> => {
    await app.register(cookie);
    await app.register(session, {
      secret,
      saveUninitialized: false,
      rolling: false,
      // Over plain HTTP a secure cookie would not be sent at all.
      cookie: { secure: false, maxAge: 14 * 86_400_000, sameSite: "lax" },
      ...(store === undefined ? {} : { store }),
    });
    app.post(`/auth/sign-in/${kind}`, (request, reply) => {
      request.session.set("user" as never, caller as never);
      return reply.status(204).send();
    });
    app.get(`/auth/session-${kind}`, { schema }, (request, reply) => {
      const user = request.session.get("user" as never) as typeof caller | undefined;
      return user ?? refuse(reply, 401, sessionEnded);
    });
  };
}

/** The routes of the auth workloads. */
export async function addAuthRoutes(app: FastifyInstance): Promise<void> {
  app.get("/auth/open", { schema }, () => caller);
  await app.register(tokens("HS256", secret));
  await app.register(tokens("RS256", pem(rsaPublic)));
  await app.register(tokens("ES256", pem(ecPublic)));
  await app.register(keyed);
  await app.register(held("memory", undefined));
  await app.register(held("sqlite", inSqlite()));
}
