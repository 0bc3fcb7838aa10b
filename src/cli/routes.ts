import { explain, type Plan } from "../compile/index.ts";
import { columns, command } from "./command.ts";
import type { AnyRoute } from "../route/index.ts";
import { Failure } from "./failure.ts";
import { apiOf, type Exports, loadModule } from "./load.ts";

/** `bolide routes`: what an api answers, and what one route does. */
export const routesCommand = command({
  name: "routes",
  summary: "Lists the routes of an api, or explains one",
  operands: ["<file>", "[path]"],
  flags: {
    json: { type: "boolean", help: "print JSON instead of a table" },
    explain: {
      type: "string",
      value: "<route>",
      help: "print what a route does, step by step, and what each step reads",
    },
  },
  notes: ["bolide routes src/api.ts", 'bolide routes src/api.ts --explain "GET /places/:id"'],
  run: async ([file, path], flags) => {
    const asked = [flags.explain, path].filter((word) => word !== undefined).join(" ");
    if (flags.explain === undefined && path !== undefined)
      throw new Failure(`"${path}" is one word too many; see bolide routes --help`, 2);
    const module = await loadModule(file!);
    const { plans } = apiOf(module, file!).compile();
    const chosen = flags.explain === undefined ? plans : matching(plans, asked);
    const rows = chosen.map((plan) => ({
      ...row(plan, module),
      ...(flags.explain === undefined ? {} : { steps: explain(plan) }),
    }));
    if (flags.json === true) console.log(JSON.stringify(rows, null, 2));
    else if (flags.explain === undefined) console.log(table(rows).join("\n"));
    else
      console.log(
        chosen.map((plan) => [plan.name, ...explain(plan).map((line) => `  ${line}`)].join("\n")).join("\n\n"),
      );
    return 0;
  },
});

/** One route, as `--json` prints it. */
interface Row {
  readonly methods: readonly string[];
  readonly path: string;
  /** What the module exports the route as, else its action in a set, else its handler's name; absent where there is none. */
  readonly name?: string;
  readonly summary?: string;
  readonly tags: readonly string[];
}

/** What a module exports a route as, alone or in a set: `getPlace`, `places.retrieve`. */
function exportedAs(route: AnyRoute, module: Exports): string | undefined {
  for (const [name, value] of Object.entries(module)) {
    if (value === route) return name;
    const action = route.set?.action;
    if (action !== undefined && typeof value === "object" && value !== null && Reflect.get(value, action) === route)
      return `${name}.${action}`;
  }
  return undefined;
}

function row({ route, pattern, tags }: Plan, module: Exports): Row {
  const { contract, handler } = route;
  const methods = route.socket === undefined ? route.methods : ["WS"];
  const name = exportedAs(route, module) ?? route.set?.action ?? (typeof handler === "function" ? handler.name : "");
  return {
    methods,
    path: pattern.path,
    ...(name === "" ? {} : { name }),
    ...(contract.summary === undefined ? {} : { summary: contract.summary }),
    tags,
  };
}

function table(rows: readonly Row[]): string[] {
  const head = ["METHOD", "PATH", "HANDLER", rows.some(({ tags }) => tags.length > 0) ? "TAGS" : ""];
  return columns([
    head,
    ...rows.map(({ methods, path, name, summary, tags }) => [
      methods.join("|"),
      path,
      summary ?? name ?? "",
      tags.join(", "),
    ]),
  ]);
}

/** The routes that `GET /places/:id` names; every method of a path where none is given. */
function matching(plans: readonly Plan[], asked: string): readonly Plan[] {
  const [first = "", second] = asked.trim().split(/\s+/);
  const [method, path] = second === undefined ? [undefined, first] : [first.toUpperCase(), second];
  const found = plans.filter(
    ({ route, pattern }) =>
      pattern.path === path &&
      (method === undefined || (route.socket === undefined ? route.methods.includes(method) : method === "WS")),
  );
  if (found.length > 0) return found;
  const near = plans.filter(({ pattern }) => pattern.path === path).map(({ name }) => name);
  throw new Failure(
    `no route is declared as "${asked}"${near.length === 0 ? "" : `; at that path there is ${near.join(", ")}`}`,
  );
}
