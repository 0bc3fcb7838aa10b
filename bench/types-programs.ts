/** The frameworks whose types are measured. */
export const frameworks = ["bolide", "elysia", "hono"] as const;
export type Framework = (typeof frameworks)[number];

/** One program as files of a folder: the server, and a client that calls every second route. */
export interface Program {
  readonly api: string;
  readonly client: string;
}

const PER_SCOPE = 10;

interface Place {
  readonly n: number;
  readonly scope: number;
  /** Even ones read by id, odd ones create from a body. */
  readonly reads: boolean;
}

function places(count: number): readonly (readonly Place[])[] {
  const scopes = Array.from({ length: Math.ceil(count / PER_SCOPE) }, (_, scope) => scope);
  return scopes.map((scope) =>
    Array.from({ length: Math.min(PER_SCOPE, count - scope * PER_SCOPE) }, (_, index) => {
      const n = scope * PER_SCOPE + index;
      return { n, scope, reads: n % 2 === 0 };
    }),
  );
}

/** Groups of ten of `list`: a chain of a hundred is deeper than TypeScript follows. */
const tens = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / 10) }, (_, group) => list.slice(group * 10, group * 10 + 10));

const fields = (n: number) => `id: t.Integer(), name${n}: t.String(), tags: t.Array(t.String())`;
const value = (n: number, id: string) => `({ id: ${id}, name${n}: "x", tags: [] })`;
const body = (n: number) => `{ name${n}: t.String({ minLength: 1 }), size: t.Optional(t.Integer()) }`;
const called = (all: readonly (readonly Place[])[]): readonly Place[] => all.flat().filter(({ n }) => n % 4 < 2);

function bolide(count: number): Program {
  const all = places(count);
  const routes = all.map((scope, s) => {
    const head = `const s${s} = api.with({ prefix: "/v${s}", tags: ["v${s}"], provide: { tenant: () => ({ id: ${s} }) } });`;
    const lines = scope.map(({ n, reads }) =>
      reads
        ? `export const r${n} = s${s}.get("/items${n}/:id", { params: { id: t.Integer() }, query: { page: t.Optional(t.Integer()) }, response: t.Object({ ${fields(n)} }) }, ({ params, tenant }) => ${value(n, "params.id + tenant.id")});`
        : `export const r${n} = s${s}.post("/items${n}", { body: ${body(n)}, response: t.Object({ ${fields(n)} }) }, ({ body, tenant }) => ${value(n, `tenant.id + body.name${n}.length`)});`,
    );
    return [head, ...lines].join("\n");
  });
  const calls = called(all).map(({ n, scope, reads }) =>
    reads
      ? `await api.at("/v${scope}/items${n}/:id").get({ params: { id: 1 } })`
      : `await api.at("/v${scope}/items${n}").post({ body: { name${n}: "x" } })`,
  );
  return {
    api: `import { Api, t } from "bolide";\nconst api = new Api({ title: "Many", version: "1.0.0" });\n${routes.join("\n")}`,
    client: `import { client } from "bolide/client";\nconst api = client<typeof import("./api.ts")>("http://127.0.0.1");\nexport const answers = [\n${calls.join(",\n")}\n];`,
  };
}

function elysia(count: number): Program {
  const all = places(count);
  const routes = all.map((scope, s) => {
    const lines = scope.map(({ n, reads }) =>
      reads
        ? `.get("/items${n}/:id", ({ params, tenant }) => ${value(n, "params.id + tenant.id")}, { params: t.Object({ id: t.Integer() }), query: t.Object({ page: t.Optional(t.Integer()) }), response: t.Object({ ${fields(n)} }) })`
        : `.post("/items${n}", ({ body, tenant }) => ${value(n, `tenant.id + body.name${n}.length`)}, { body: t.Object(${body(n)}), response: t.Object({ ${fields(n)} }) })`,
    );
    return `const s${s} = new Elysia({ prefix: "/v${s}" }).derive(() => ({ tenant: { id: ${s} } }))\n${lines.join("\n")};`;
  });
  const calls = called(all).map(({ n, scope, reads }) =>
    reads
      ? `await api.v${scope}.items${n}({ id: 1 }).get({ query: {} })`
      : `await api.v${scope}.items${n}.post({ name${n}: "x" })`,
  );
  const groups = tens(all.map((_, s) => `.use(s${s})`));
  const grouped = groups.map((uses, g) => `const g${g} = new Elysia()${uses.join("")};`);
  const uses = groups.map((_, g) => `.use(g${g})`).join("");
  return {
    api: `import { Elysia, t } from "elysia";\n${[...routes, ...grouped].join("\n")}\nexport const app = new Elysia()${uses};`,
    client: `import { treaty } from "@elysiajs/eden";\nimport type { app } from "./api.ts";\nconst api = treaty<typeof app>("http://127.0.0.1");\nexport const answers = [\n${calls.join(",\n")}\n];`,
  };
}

function hono(count: number): Program {
  const all = places(count);
  const routes = all.map((scope, s) => {
    const lines = scope.map(({ n, reads }) =>
      reads
        ? `.get("/items${n}/:id", zValidator("param", z.object({ id: z.coerce.number().int() })), zValidator("query", z.object({ page: z.string().optional() })), (c) => c.json(${value(n, 'c.req.valid("param").id + c.get("tenant").id')}))`
        : `.post("/items${n}", zValidator("json", z.object({ name${n}: z.string().min(1), size: z.int().optional() })), (c) => c.json(${value(n, `c.get("tenant").id + c.req.valid("json").name${n}.length`)}))`,
    );
    const tenant = `createMiddleware<{ Variables: { tenant: { id: number } } }>(async (c, next) => { c.set("tenant", { id: ${s} }); await next(); })`;
    return `const s${s} = new Hono().use(${tenant})\n${lines.join("\n")};`;
  });
  const calls = called(all).map(({ n, scope, reads }) =>
    reads
      ? `await api.v${scope}.items${n}[":id"].$get({ param: { id: "1" }, query: {} })`
      : `await api.v${scope}.items${n}.$post({ json: { name${n}: "x" } })`,
  );
  const groups = tens(all.map((_, s) => `.route("/v${s}", s${s})`));
  const grouped = groups.map((mounts, g) => `const g${g} = new Hono()${mounts.join("")};`);
  const mounts = groups.map((_, g) => `.route("/", g${g})`).join("");
  return {
    api: `import { zValidator } from "@hono/zod-validator";\nimport { Hono } from "hono";\nimport { createMiddleware } from "hono/factory";\nimport * as z from "zod";\n${[...routes, ...grouped].join("\n")}\nexport const app = new Hono()${mounts};`,
    client: `import { hc } from "hono/client";\nimport type { app } from "./api.ts";\nconst api = hc<typeof app>("http://127.0.0.1");\nexport const answers = [\n${calls.join(",\n")}\n];`,
  };
}

/** The same routes with the same schemas in each framework's own words, in scopes of ten. */
export const programs: Readonly<Record<Framework, (count: number) => Program>> = { bolide, elysia, hono };
