import { posix } from "node:path";
import { importsOf } from "./imports.ts";

/** Source files by their path below `src`: `route/tree.ts`. */
export type Tree = Readonly<Record<string, string>>;

/** The floor of each room, as DESIGN draws the house. A file that stands for itself, `api.ts`, is a room. */
export const FLOORS: Readonly<Record<string, number>> = {
  cli: 9,
  testing: 9,
  client: 9,
  "index.ts": 9,
  "api.ts": 8,
  server: 7,
  accounts: 6,
  compile: 6,
  websocket: 4,
  views: 6,
  openapi: 7,
  route: 5,
  middleware: 4,
  auth: 3,
  data: 3,
  http: 2,
  native: 1,
  schema: 1,
  store: 1,
};

/** The rooms that may import a dependency: one adapter room each. */
const ADAPTERS: Readonly<Record<string, readonly string[]>> = {
  "@sinclair/typebox": ["schema"],
  memoirist: ["route"],
  "bun:ffi": ["native"],
  kysely: ["data", "views"],
  jose: ["auth"],
  "@scalar/api-reference": ["openapi"],
};

/** What may be imported from outside the house, and by whom. */
const OUTSIDE: readonly (readonly [room: string, path: RegExp])[] = [
  ["cli", /^package\.json$/],
  ["native", /^dist\/native\//],
];

/** Lines beyond which a file is two ideas. */
const LONGEST = 400;

/** Everything in a tree that breaks the rules of the house, one sentence each. */
export function violations(tree: Tree): readonly string[] {
  const arrows = Object.entries(tree).flatMap(([from, text]) =>
    importsOf(text).map((specifier) => arrowOf(from, specifier)),
  );
  return [
    ...Object.entries(tree).flatMap(([file, text]) => tooLong(file, text)),
    ...Object.keys(tree).flatMap((file) => (roomOf(file) in FLOORS ? [] : [`${file}: its room has no floor`])),
    ...arrows.flatMap((arrow) => (arrow.to === undefined ? checkPackage(arrow) : checkArrow(arrow, arrow.to))),
    ...circles(arrows).map((circle) => `${circle.join(" -> ")}: a circle`),
  ];
}

interface Arrow {
  readonly from: string;
  readonly specifier: string;
  /** Below `src`, or beginning with `../`; undefined for a package. */
  readonly to: string | undefined;
}

function arrowOf(from: string, specifier: string): Arrow {
  return { from, specifier, to: specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined };
}

const roomOf = (file: string): string => file.split("/", 1)[0]!;

function checkPackage({ from, specifier }: Arrow): string[] {
  const room = roomOf(from);
  if (room === "client") return [`${from} imports ${specifier}: the client imports nothing`];
  if (specifier === "bolide" || specifier.startsWith("bolide/"))
    return [`${from} imports ${specifier}: the house does not use its own face`];
  const rooms = Object.entries(ADAPTERS).find(([name]) => specifier === name || specifier.startsWith(`${name}/`))?.[1];
  return rooms === undefined || rooms.includes(room)
    ? []
    : [`${from} imports ${specifier}: only ${rooms.join(" and ")} may`];
}

function checkArrow({ from, specifier }: Arrow, to: string): string[] {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (to.startsWith("../")) {
    const path = to.replace(/^(?:\.\.\/)+/, "");
    return OUTSIDE.some(([who, what]) => who === room && what.test(path))
      ? []
      : [`${from} imports ${specifier}: it lies outside of src`];
  }
  if (room === other) return [];
  if (room === "client") return [`${from} imports ${specifier}: the client imports nothing`];
  const wrong: string[] = [];
  if (!((FLOORS[other] ?? Infinity) < (FLOORS[room] ?? -Infinity)))
    wrong.push(`${from} imports ${specifier}: ${other} is not below ${room}`);
  if (other.endsWith(".ts") ? to !== other : to !== `${other}/index.ts`)
    wrong.push(`${from} imports ${specifier}: it goes around the door of ${other}`);
  return wrong;
}

function tooLong(file: string, text: string): string[] {
  const lines = text.split("\n").length - 1;
  return lines > LONGEST ? [`${file} has ${lines} lines: more than ${LONGEST} are two ideas`] : [];
}

/** One circle for each arrow that closes one, of files. A circle of rooms would need an arrow upwards. */
function circles(arrows: readonly Arrow[]): readonly (readonly string[])[] {
  const next = Map.groupBy(arrows, ({ from }) => from);
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at !== -1) found.push([...path.slice(at), file]);
    if (at !== -1 || done.has(file)) return;
    for (const { to } of next.get(file) ?? []) if (to !== undefined) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}
