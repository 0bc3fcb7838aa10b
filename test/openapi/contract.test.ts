import { describe, expect, test } from "bun:test";
import { Api } from "bolide";
import { api as places } from "../../examples/places/api.ts";
import { addReading } from "../conformance/apis/reading.ts";
import { openForEachTest } from "../examples/asking.ts";
import { kitchen, token } from "./kitchen.ts";
import { faultsOf, requestOf, Stranger, type Task } from "./stranger.ts";

/** Another one by `BOLIDE_FUZZ_SEED=7 bun test test/openapi/contract.test.ts`. */
const SEED = Number(Bun.env["BOLIDE_FUZZ_SEED"] ?? 2026);
/** Requests of each sort, over all operations of all apis. */
const REQUESTS = 2000;

openForEachTest();

const reading = new Api({ title: "Reading", openapi: { pages: false } });
addReading(reading);
const apis = { places, kitchen: kitchen(), reading } as unknown as Readonly<Record<string, Api>>;

const strangers = await Promise.all(
  Object.entries(apis).map(async ([name, api]) => {
    const served = await api.handle(new Request("http://localhost/openapi.json"));
    return { name, api, stranger: new Stranger(await served.json()) };
  }),
);
const each = Math.ceil(REQUESTS / strangers.reduce((sum, { stranger }) => sum + stranger.tasks.length, 0));

const headers = (task: Task) => (task.secured ? { authorization: `Bearer ${token()}` } : {});

/** Operations that succeed by chance, where a random id is that of a place, or never. */
const RARE: ReadonlySet<string> = new Set([
  "places GET /places/{id}",
  "places PUT /places/{id}",
  "places PATCH /places/{id}",
  "places DELETE /places/{id}",
  "kitchen GET /dishes/{id}",
]);

describe(`whoever knows an api by its document alone (seed ${SEED})`, () => {
  test("is never surprised by what a valid request is answered", async () => {
    const faults: string[] = [];
    const seen = new Map<string, number>();
    let sent = 0;
    for (const { name, api, stranger } of strangers) {
      for (const task of stranger.tasks) {
        for (const filled of stranger.valid(task, each, SEED)) {
          const request = requestOf(task, filled, headers(task));
          const shown = `${request.method} ${request.url} ${JSON.stringify(filled.body)}`;
          const response = await api.handle(request);
          sent++;
          if (response.status < 300) seen.set(`${name} ${task.name}`, response.status);
          const refused = response.status === 422 || response.status === 400 || response.status === 413;
          const found = await faultsOf(stranger, task, response);
          faults.push(...found.map((fault) => `${shown}: ${fault}`));
          // Only a latitude that is one of a pair is checked by hand.
          if (refused && task.name !== "GET /places")
            faults.push(`${shown}: ${task.name} refused it with ${response.status}`);
        }
      }
    }
    expect(faults.slice(0, 10)).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(REQUESTS);
    const unseen = strangers.flatMap(({ name, stranger }) =>
      stranger.tasks.map((task) => `${name} ${task.name}`).filter((one) => !seen.has(one)),
    );
    expect(unseen.filter((one) => !RARE.has(one))).toEqual([]);
  }, 60_000);

  test("is refused, as the document says, for every request that it does not allow", async () => {
    const faults: string[] = [];
    let sent = 0;
    for (let round = 0; sent < REQUESTS; round++) {
      for (const { api, stranger } of strangers) {
        for (const task of stranger.tasks) {
          for (const filled of stranger.invalid(task, each, SEED + round)) {
            const request = requestOf(task, filled, headers(task));
            const shown = `${request.method} ${request.url} ${JSON.stringify(filled.body)} ${filled.raw?.text.slice(0, 20) ?? ""}`;
            const response = await api.handle(request);
            sent++;
            const found = await faultsOf(stranger, task, response);
            if (response.status < 400) found.push(`${task.name} took it: ${response.status}`);
            faults.push(...found.map((fault) => `${shown}: ${fault}`));
          }
        }
      }
    }
    expect(faults.slice(0, 10)).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(REQUESTS);
  }, 60_000);

  test("needs credentials where it says so", async () => {
    const { api, stranger } = strangers.find(({ name }) => name === "kitchen")!;
    const secured = stranger.tasks.filter((task) => task.secured);
    expect(secured.map(({ name }) => name)).toEqual([
      "POST /dishes",
      "PUT /dishes/{id}",
      "GET /dishes/{id}",
      "DELETE /dishes/{id}",
    ]);
    for (const task of secured) {
      for (const filled of stranger.valid(task, 5, SEED)) {
        const response = await api.handle(requestOf(task, filled));
        expect(response.status).toBe(401);
        expect(await faultsOf(stranger, task, response)).toEqual([]);
      }
    }
  });
});
