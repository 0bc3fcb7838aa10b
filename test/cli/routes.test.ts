import { expect, test } from "bun:test";
import { BOLIDE, run } from "./program.ts";
import { Project } from "./project.ts";

const API = `import { Api, t } from "bolide";
export const api = new Api({ health: false });
const place = { params: { id: t.Integer() }, response: t.Object({ id: t.Integer() }) };
export const getPlace = api.get("/places/:id", { ...place, tags: ["places"] }, ({ params }) => params);
export const dropPlace = api.delete("/places/:id", { ...place, summary: "Forgets a place", tags: ["places", "admin"] }, ({ params }) => params);
api.get("/named", function named() { return 1; });
api.get("/nameless", () => 1);
`;

const routes = async (...words: readonly string[]) => {
  using project = new Project({ "api.ts": API });
  return await run([...BOLIDE, "routes", "api.ts", ...words], { cwd: project.directory });
};

test("bolide routes prints a table: what each route is exported as, or its summary, or its handler's name", async () => {
  expect(await routes()).toEqual({
    code: 0,
    signal: null,
    err: "",
    out: [
      "  METHOD  PATH         HANDLER          TAGS",
      "  GET     /places/:id  getPlace         places",
      "  DELETE  /places/:id  Forgets a place  places, admin",
      "  GET     /named       named",
      "  GET     /nameless",
      "",
    ].join("\n"),
  });
});

test("a route of a set goes by its name in the set", async () => {
  const API = `import { Api, t } from "bolide";
import { action, viewset } from "bolide/views";
export const api = new Api({ health: false });
const set = () => viewset({ list: () => [], actions: { top: action({ method: "GET", detail: false }, () => []) } });
export const notes = api.viewset("/notes", set());
api.viewset("/others", set());
`;
  using project = new Project({ "api.ts": API });
  const told = await run([...BOLIDE, "routes", "api.ts"], { cwd: project.directory });
  expect(told.out).toBe(
    [
      "  METHOD  PATH         HANDLER",
      "  GET     /notes       notes.list",
      "  GET     /notes/top   notes.top",
      "  GET     /others      list",
      "  GET     /others/top  top",
      "",
    ].join("\n"),
  );
  const explained = await run([...BOLIDE, "routes", "api.ts", "--explain", "GET /notes/top"], {
    cwd: project.directory,
  });
  expect(explained.out).toContain("handler     top of /notes\n");
});

test("--json prints the same as data", async () => {
  const { code, out } = await routes("--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    { methods: ["GET"], path: "/places/:id", name: "getPlace", tags: ["places"] },
    {
      methods: ["DELETE"],
      path: "/places/:id",
      name: "dropPlace",
      summary: "Forgets a place",
      tags: ["places", "admin"],
    },
    { methods: ["GET"], path: "/named", name: "named", tags: [] },
    { methods: ["GET"], path: "/nameless", tags: [] },
  ]);
});

const EXPLAINED =
  "GET /places/:id\n  params      id: integer\n  handler     anonymous\n  answer      2xx { id }, checked, unknown properties removed\n";

test.each([
  [["--explain", "GET /places/:id"]],
  [["--explain", "GET", "/places/:id"]],
  [["--explain", "get /places/:id"]],
])("bolide routes api.ts %j explains one route, step by step", async (words) => {
  expect(await routes(...words)).toEqual({ code: 0, signal: null, out: EXPLAINED, err: "" });
});

test("--explain with a path alone explains every method of it, with --json as data", async () => {
  const { out } = await routes("--explain", "/places/:id", "--json");
  const told = JSON.parse(out) as { methods: string[]; steps: string[] }[];
  expect(told.map(({ methods, steps }) => [methods, steps[0]])).toEqual([
    [["GET"], "params      id: integer"],
    [["DELETE"], "limit       body of at most 1048576 bytes; reads Content-Length"],
  ]);
});

test("a route that is not there is told, with those at its path", async () => {
  expect(await routes("--explain", "PUT /places/:id")).toMatchObject({
    code: 1,
    err: 'bolide: no route is declared as "PUT /places/:id"; at that path there is GET /places/:id, DELETE /places/:id\n',
  });
  expect(await routes("--explain", "GET /nowhere")).toMatchObject({
    code: 1,
    err: 'bolide: no route is declared as "GET /nowhere"\n',
  });
});

test("a socket stands among the routes as WS, and is explained by that name", async () => {
  const API = `import { Api, t } from "bolide";
export const api = new Api({ health: false });
export const talk = api.ws("/rooms/:id", { message: { text: t.String() } }, () => {});
api.ws("/echo", async function echo(socket) { for await (const message of socket) socket.send(message); });
api.post("/echo", () => 1);
`;
  using project = new Project({ "api.ts": API });
  const told = await run([...BOLIDE, "routes", "api.ts"], { cwd: project.directory });
  expect(told.out).toBe(
    [
      "  METHOD  PATH        HANDLER",
      "  WS      /rooms/:id  talk",
      "  WS      /echo       echo",
      "  POST    /echo",
      "",
    ].join("\n"),
  );
  const explained = await run([...BOLIDE, "routes", "api.ts", "--explain", "WS /echo"], { cwd: project.directory });
  expect(explained.out).toBe(
    [
      "WS /echo",
      "  handshake   WebSocket version 13, else 426; from the same origin, else 403",
      "  upgrade     101",
      "  message     texts and bytes",
      "  send        texts and bytes",
      "  handler     echo",
      "",
    ].join("\n"),
  );
});
