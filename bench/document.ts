// What the OpenAPI document of 1,000 routes costs: `bun bench/document.ts`. Each figure is the median of processes of its own.
import { Api, t } from "../src/index.ts";
import { isDoubtful } from "../src/openapi/index.ts";
import { machine } from "./machine.ts";
import { median } from "./statistics.ts";

const ROUTES = 1000;
const PROCESSES = 7;

/** Routes with a parameter, a query, a body and an answer each, of schemas of their own. */
function api(): Api {
  const many = new Api({ title: "Many", version: "1.0.0" });
  for (let n = 0; n < ROUTES; n++) {
    const Item = t.Object(
      { name: t.String({ minLength: 1 }), email: t.Email(), age: t.Integer({ minimum: n }), tags: t.Array(t.String()) },
      { $id: `Item${n}` },
    );
    many.post(
      `/items${n}/:id`,
      { params: { id: t.Integer() }, query: { page: t.Optional(t.Integer()) }, body: Item, response: { 201: Item } },
      ({ body }) => body,
    );
  }
  return many;
}

const since = (start: number): number => performance.now() - start;

/** Milliseconds of the look for doubts, of the first request for the document, and of another one. */
async function once(): Promise<readonly number[]> {
  const many = api();
  const { plans } = many.compile();
  const ask = () => many.handle(new Request("http://localhost/openapi.json"));
  let start = performance.now();
  isDoubtful(plans, {});
  const doubts = since(start);
  await many.handle(new Request("http://localhost/health"));
  start = performance.now();
  await ask();
  const first = since(start);
  start = performance.now();
  await ask();
  return [doubts, first, since(start)];
}

if (process.argv.includes("--once")) console.log((await once()).join(" "));
else {
  const runs = Array.from({ length: PROCESSES }, () =>
    Bun.spawnSync([process.execPath, import.meta.path, "--once"])
      .stdout.toString()
      .split(" ")
      .map(Number),
  );
  const of = (at: number): string => median(runs.map((run) => run[at]!)).toFixed(2);
  console.log(`${machine()}. ${ROUTES} routes, ${PROCESSES} processes, ms:`);
  console.log(`the look for doubts ${of(0)}, the document when it is first asked for ${of(1)}, then ${of(2)}`);
}
