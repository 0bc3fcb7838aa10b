import { afterAll, describe, expect, test } from "bun:test";
import { Api } from "bolide";
import { api as places } from "../../examples/places/api.ts";
import { forms } from "../conformance/apis/forms.ts";
import { addReading } from "../conformance/apis/reading.ts";
import { openForEachTest } from "../examples/asking.ts";
import { ask, served } from "../examples/realworld-ways.ts";
import { kitchen, token } from "./kitchen.ts";
import { pantry } from "./pantry.ts";
import { shop } from "./shop.ts";
import { faultsOf, requestOf, Stranger, type Task } from "./stranger.ts";

/** Another one by `BOLIDE_FUZZ_SEED=7 bun test test/openapi/contract.test.ts`. */
const SEED = Number(Bun.env["BOLIDE_FUZZ_SEED"] ?? 2026);
/** Requests of each sort, over all operations of all apis. */
const REQUESTS = 2000;

openForEachTest();

const reading = new Api({ title: "Reading", openapi: { pages: false } });
addReading(reading);
/** Who is asked, and the token of somebody who may. */
interface Known {
  readonly name: string;
  readonly stranger: Stranger;
  readonly authorization: string;
  answer(request: Request): Promise<Response> | Response;
}

const here = {
  places,
  kitchen: kitchen(),
  pantry: pantry(),
  reading,
  shop: await shop(),
  forms: forms(() => {}),
} as unknown as Readonly<Record<string, Api>>;
const strangers: Known[] = await Promise.all(
  Object.entries(here).map(async ([name, api]) => {
    const document = await api.handle(new Request("http://localhost/openapi.json"));
    const stranger = new Stranger(await document.json());
    return { name, stranger, authorization: `Bearer ${token()}`, answer: (request) => api.handle(request) };
  }),
);

/** A program of its own, as what it reads of the environment it reads once. */
const realworld = await served();
afterAll(() => realworld.stop());
const { origin } = new URL(realworld.base);
const registered = await ask(realworld, "POST", "/users", {
  body: { user: { username: "stranger", email: "stranger@example.com", password: "a stranger's password" } },
});
strangers.push({
  name: "realworld",
  stranger: new Stranger(await (await fetch(`${origin}/openapi.json`)).json()),
  authorization: `Token ${registered.body.user.token}`,
  answer: (request) => fetch(new Request(request.url.replace("http://localhost", origin), request)),
});

const each = Math.ceil(REQUESTS / strangers.reduce((sum, { stranger }) => sum + stranger.tasks.length, 0));

/** Passwords are hashed by them: 40 ms each. */
const SLOW: ReadonlySet<string> = new Set(["POST /api/users", "POST /api/users/login", "PUT /api/user"]);
const countOf = ({ name }: Task) => (SLOW.has(name) ? 5 : each);

const headersOf = ({ secured }: Task, { authorization }: Known) => (secured ? { authorization } : {});

/** Operations that succeed by chance, where what the path or the body names is there, or never. */
const isRare = (operation: string) =>
  /^(?:places|shop) \w+ .*\{id\}$|^realworld \w+ .*\{\w+\}/.test(operation) ||
  ["kitchen GET /dishes/{id}", "shop POST /articles", "realworld POST /api/users/login"].includes(operation) ||
  // Nobody has these credentials.
  operation.startsWith("pantry POST /as/") ||
  /^forms POST \/(?:checked|sniffed|json|small|scoped|secured)$/.test(operation);

/**
 * Operations that refuse by what no schema says: a latitude that is one of a pair, a cursor that was not written here, leading bytes,
 * more bytes than the fewest that a form takes.
 */
const BY_HAND: ReadonlySet<string> = new Set([
  "places GET /places",
  "shop GET /tags",
  "forms POST /checked",
  "forms POST /json",
  "forms POST /small",
  "forms POST /scoped",
  "forms POST /secured",
  "forms POST /note",
  "forms POST /sniffed",
]);

describe(`whoever knows an api by its document alone (seed ${SEED})`, () => {
  test("is never surprised by what a valid request is answered", async () => {
    const faults: string[] = [];
    const seen = new Map<string, number>();
    let sent = 0;
    for (const known of strangers) {
      const { name, stranger } = known;
      for (const task of stranger.tasks) {
        for (const filled of stranger.valid(task, countOf(task), SEED)) {
          const request = requestOf(task, filled, headersOf(task, known), stranger.resolve);
          const shown = `${request.method} ${request.url} ${JSON.stringify(filled.body)}`;
          const response = await known.answer(request);
          sent++;
          if (response.status < 300) seen.set(`${name} ${task.name}`, response.status);
          const refused = response.status === 422 || response.status === 400 || response.status === 413;
          const found = await faultsOf(stranger, task, response);
          faults.push(...found.map((fault) => `${shown}: ${fault}`));
          if (refused && !BY_HAND.has(`${name} ${task.name}`))
            faults.push(`${shown}: ${task.name} refused it with ${response.status}`);
        }
      }
    }
    expect(faults.slice(0, 10)).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(REQUESTS);
    const unseen = strangers.flatMap(({ name, stranger }) =>
      stranger.tasks.map((task) => `${name} ${task.name}`).filter((one) => !seen.has(one)),
    );
    expect(unseen.filter((one) => !isRare(one))).toEqual([]);
  }, 60_000);

  test("is refused, as the document says, for every request that it does not allow", async () => {
    const faults: string[] = [];
    let sent = 0;
    for (let round = 0; sent < REQUESTS; round++) {
      for (const known of strangers) {
        const { stranger } = known;
        for (const task of stranger.tasks) {
          for (const filled of stranger.invalid(task, countOf(task), SEED + round)) {
            const request = requestOf(task, filled, headersOf(task, known), stranger.resolve);
            const shown = `${request.method} ${request.url} ${JSON.stringify(filled.body)} ${filled.raw?.text.slice(0, 20) ?? ""}`;
            const response = await known.answer(request);
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
    const { answer, stranger } = strangers.find(({ name }) => name === "kitchen")!;
    const secured = stranger.tasks.filter((task) => task.secured);
    expect(secured.map(({ name }) => name)).toEqual([
      "POST /dishes",
      "PUT /dishes/{id}",
      "GET /dishes/{id}",
      "DELETE /dishes/{id}",
    ]);
    for (const task of secured) {
      for (const filled of stranger.valid(task, 5, SEED)) {
        const response = await answer(requestOf(task, filled));
        expect(response.status).toBe(401);
        expect(await faultsOf(stranger, task, response)).toEqual([]);
      }
    }
  });
});
