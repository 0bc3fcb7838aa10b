import { describe, expect, test } from "bun:test";
import { Api, type Contract, depends, type Entry, type LogRecord, NotFound, type Provider, t } from "bolide";

const request = (path = "/a") => new Request(`http://localhost${path}`);

/** Answers `GET /a` with the contract given, and tells what happened on the way. */
async function run(contract: Contract, handler: (ctx: never) => unknown, path?: string) {
  const logged: LogRecord[] = [];
  const api = new Api({ log: (record) => void logged.push(record) });
  api.get("/a", contract, handler as never);
  const response = await api.handle(request(path));
  // Disposal starts with the answer; each step of it takes a turn.
  await Bun.sleep(1);
  return { status: response.status, body: (await response.json()) as unknown, logged };
}

/** A dependency that notes when it is made and when it is disposed of. */
function traced(
  name: string,
  trace: string[],
  options: { later?: boolean; needs?: Record<string, Provider>; fail?: boolean; sync?: boolean } = {},
) {
  const make = () => {
    if (options.fail === true) throw new NotFound(name);
    trace.push(`make ${name}`);
    const key = options.sync === true ? Symbol.dispose : Symbol.asyncDispose;
    return { name, [key]: () => void trace.push(`dispose ${name}`) };
  };
  return depends({ provide: options.needs ?? {} }, options.later === true ? () => Bun.sleep(1).then(make) : make);
}

describe("dependencies are resolved", () => {
  test("nested, those needed first", async () => {
    const trace: string[] = [];
    const a = traced("a", trace);
    const b = traced("b", trace, { needs: { a } });
    const c = traced("c", trace, { needs: { b, a }, later: true });
    const { body } = await run({ provide: { c } }, ({ c }: { c: { name: string } }) => ({
      got: c.name,
      trace: [...trace],
    }));
    expect(body).toEqual({ got: "c", trace: ["make a", "make b", "make c"] });
  });

  test("once for each request, however many name them", async () => {
    let count = 0;
    const counter = depends(() => ++count);
    const left = depends({ provide: { counter } }, ({ counter }) => counter);
    const right = depends({ provide: { again: counter } }, ({ again }) => again);
    const contract = { provide: { left, right, counter, same: counter } };
    const handler = ({ left, right, counter, same }: Record<string, number>) => [left, right, counter, same];
    expect((await run(contract, handler)).body).toEqual([1, 1, 1, 1]);
    expect((await run(contract, handler)).body).toEqual([2, 2, 2, 2]);
  });

  test("once where depends(f) is written twice, and where f is given plainly", async () => {
    let count = 0;
    const make = () => ++count;
    const { body } = await run(
      { provide: { a: depends(make), b: depends(make), c: make } },
      ({ a, b, c }: Record<string, number>) => [a, b, c],
    );
    expect(body).toEqual([1, 1, 1]);
  });

  test("anew at every place with cache: false", async () => {
    let count = 0;
    const fresh = depends({ cache: false }, () => ++count);
    const { body } = await run({ provide: { a: fresh, b: fresh } }, ({ a, b }: Record<string, number>) => [a, b]);
    expect(body).toEqual([1, 2]);
  });

  test("side by side where they are independent", async () => {
    const both = Promise.withResolvers<void>();
    let started = 0;
    // Each waits for the other to have started: one after the other, neither would end.
    const meet = async () => {
      if (++started === 2) both.resolve();
      await both.promise;
      return started;
    };
    const { body } = await run(
      { provide: { a: depends(() => meet()), b: depends(() => meet()) } },
      ({ a, b }: Record<string, number>) => [a, b],
    );
    expect(body).toEqual([2, 2]);
  });

  test("from the api inwards; an inner one of the same name stands in for the outer one", async () => {
    const api = new Api({ provide: { who: () => "api", only: () => "api's" } });
    api
      .with({ provide: { who: () => "scope" } })
      .get("/a", { provide: { who: () => "route" } }, ({ who, only }) => [who, only]);
    expect(await (await api.handle(request())).json()).toEqual(["route", "api's"]);
  });

  test("with what they declare to read, and validated in the same answer as the route's own input", async () => {
    const paging = depends({ query: { limit: t.Integer({ default: 20 }) } }, ({ query }) => query.limit);
    const contract = { query: { q: t.Integer() }, provide: { limit: paging } };
    const handler = ({ limit, query }: { limit: number; query: object }) => ({ limit, query });
    expect((await run(contract, handler, "/a?q=1")).body).toEqual({ limit: 20, query: { q: 1 } });
    expect((await run(contract, handler, "/a?q=1&limit=5")).body).toEqual({ limit: 5, query: { q: 1 } });
    const { status, body } = await run(contract, handler, "/a?q=x&limit=y");
    expect(status).toBe(422);
    expect((body as { detail: Entry[] }).detail.map(({ loc }) => loc.join("."))).toEqual(["query.q", "query.limit"]);
  });

  test("not at all where the input is wrong", async () => {
    const trace: string[] = [];
    const { status } = await run({ query: { q: t.Integer() }, provide: { a: traced("a", trace) } }, () => 1, "/a?q=x");
    expect([status, trace]).toEqual([422, []]);
  });
});

describe("dependencies are disposed of", () => {
  test("after the answer, last made first, synchronous and asynchronous alike", async () => {
    const trace: string[] = [];
    const a = traced("a", trace);
    const b = traced("b", trace, { needs: { a }, sync: true });
    const c = traced("c", trace, { needs: { b }, later: true });
    await run({ provide: { c } }, () => {
      trace.push("answer");
      return 1;
    });
    expect(trace).toEqual(["make a", "make b", "make c", "answer", "dispose c", "dispose b", "dispose a"]);
  });

  test.each([
    ["threw", () => raise()],
    ["rejected", async () => raise()],
    ["returned an error", () => new NotFound()],
  ])("where the handler %s", async (_, handler) => {
    const trace: string[] = [];
    await run({ provide: { a: traced("a", trace), b: traced("b", trace) } }, handler);
    expect(trace).toEqual(["make a", "make b", "dispose b", "dispose a"]);
  });

  test.each([
    ["at once", false],
    ["later", true],
  ])("where another one failed, %s", async (_, later) => {
    const trace: string[] = [];
    const a = traced("a", trace, { later });
    const broken = traced("broken", trace, { fail: true, later });
    const { status, body } = await run({ provide: { a, broken } }, () => 1);
    expect([status, body]).toEqual([404, { detail: "broken" }]);
    expect(trace).toEqual(["make a", "dispose a"]);
  });

  test("where the one that failed at once came after one that takes its time", async () => {
    const trace: string[] = [];
    const slow = traced("slow", trace, { later: true });
    const { status } = await run({ provide: { slow, broken: traced("broken", trace, { fail: true }) } }, () => 1);
    expect([status, trace]).toEqual([404, ["make slow", "dispose slow"]]);
  });

  test("all of them, where the disposal of one fails: that is logged, with the route", async () => {
    const trace: string[] = [];
    const a = traced("a", trace);
    const bad = depends(() => ({ [Symbol.asyncDispose]: () => Promise.reject(new Error("stuck")) }));
    const { status, logged } = await run({ provide: { a, bad } }, () => 1);
    expect([status, trace]).toEqual([200, ["make a", "dispose a"]]);
    expect(logged).toMatchObject([{ level: "error", route: "GET /a", error: { message: "stuck" } }]);
  });
});

describe("overrides stand in for dependencies, at any depth:", () => {
  const database = depends(() => "the real one");
  const users = depends({ provide: { database } }, ({ database }) => `users of ${database}`);
  const plain = () => "plain";
  const api = new Api();
  api.get("/a", { provide: { users, database, plain } }, ({ users, database, plain }) => [users, database, plain]);
  const answer = async (overrides: readonly (readonly [Provider, Provider])[]) =>
    (await api.compile({ overrides: new Map(overrides) }).dispatch(request(), undefined)).json() as Promise<unknown>;

  test("none", async () => {
    expect(await answer([])).toEqual(["users of the real one", "the real one", "plain"]);
  });
  test("one that others need", async () => {
    expect(await answer([[database, () => "a fake"]])).toEqual(["users of a fake", "a fake", "plain"]);
  });
  test("an asynchronous one", async () => {
    expect(await answer([[users, async () => "nobody"]])).toEqual(["nobody", "the real one", "plain"]);
  });
  test("a plain function", async () => {
    expect(await answer([[plain, () => "other"]])).toEqual(["users of the real one", "the real one", "other"]);
  });
});

function raise(): never {
  throw new Error("thrown");
}

test.each(["body", "form", "files"])("a dependency that declares a %s is refused: it is its route's", (key) => {
  const needs = { [key]: { a: t.String() } } as object;
  expect(() => depends(needs, () => "never")).toThrow(
    new TypeError(
      `depends takes params, query, headers, cookies, provide, cache, not ${key}: a request has one body, which its route declares`,
    ),
  );
});

test("a dependency that declares what there is not is refused", () => {
  expect(() => depends({ querry: {} } as object, () => "never")).toThrow(
    new TypeError("depends takes params, query, headers, cookies, provide, cache, not querry"),
  );
});
