import { parseArgs } from "node:util";
import { Failure } from "./failure.ts";

/** A flag of a command. */
export interface Flag {
  readonly type: "boolean" | "string";
  /** What stands for its value in help: `--port <number>`. */
  readonly value?: string;
  /** May be given more than once. */
  readonly multiple?: true;
  readonly help: string;
}

/** What stands after a command's name, in order: `<file>`, or `[path]` where it may be left out. */
export type Operand = `<${string}>` | `[${string}]`;

type ValueOf<F extends Flag> = F extends { readonly multiple: true }
  ? readonly string[]
  : F["type"] extends "boolean"
    ? true
    : string;

/** The flags that were given, by name; one that was not given is absent. */
export type Values<F extends Readonly<Record<string, Flag>>> = { readonly [K in keyof F]?: ValueOf<F[K]> };

/** One command of the command line, as data; `run` does it and resolves to the exit code. */
export interface Command<F extends Readonly<Record<string, Flag>> = Readonly<Record<string, Flag>>> {
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly flags: F;
  /** Lines that help shows last. */
  readonly notes?: readonly string[];
  readonly run: (operands: readonly string[], flags: Values<F>) => Promise<number>;
}

/** Gives a command its types. */
export function command<const F extends Readonly<Record<string, Flag>>>(declared: Command<F>): Command {
  return declared as unknown as Command;
}

/** Reads what was written after a command's name and runs it, or prints its help. `program` is what the user typed: `bolide serve`. */
export async function runCommand(
  { operands, flags, ...rest }: Command,
  written: readonly string[],
  program: string,
): Promise<number> {
  const wrong = (sentence: string) => new Failure(`${sentence}; see ${program} --help`, 2);
  const given: string[] = [];
  const values: Record<string, true | string | string[]> = {};
  const options = Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type }]));
  const { tokens } = parseArgs({
    args: [...written],
    options: { ...options, help: HELP },
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional") given.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, inlineValue } = token;
    if (name === "help" || name === "h") {
      console.log(describeCommand({ operands, flags, ...rest }, program));
      return 0;
    }
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (flag === undefined) throw wrong(`unknown flag ${rawName}`);
    if (flag.type === "boolean") {
      if (value !== undefined) throw wrong(`${rawName} takes no value`);
      values[name] = true;
    } else if (value === undefined || value === "" || (!inlineValue && value.startsWith("-"))) {
      throw wrong(`${rawName} needs a value, ${rawName} ${flag.value ?? "<value>"}`);
    } else if (flag.multiple === true) {
      values[name] = [...((values[name] as string[] | undefined) ?? []), value];
    } else {
      values[name] = value;
    }
  }
  const missing = operands.slice(given.length).find((operand) => operand.startsWith("<"));
  if (missing !== undefined) throw wrong(`${missing} is missing`);
  const surplus = given[operands.length];
  if (surplus !== undefined) throw wrong(`"${surplus}" is one word too many`);
  return rest.run(given, values as Values<Readonly<Record<string, Flag>>>);
}

const HELP = { type: "boolean", short: "h" } as const;

/** The help of one command. */
export function describeCommand(
  { summary, operands, flags, notes = [] }: Omit<Command, "run">,
  program: string,
): string {
  const rows = Object.entries(flags).map(([name, flag]): [string, string] => [
    `--${name}${flag.type === "string" ? ` ${flag.value ?? "<value>"}` : ""}`,
    flag.help,
  ]);
  const usage = [program, ...operands, ...(rows.length === 0 ? [] : ["[flags]"])].join(" ");
  const parts = [summary, `  ${usage}`];
  if (rows.length > 0) parts.push(columns(rows).join("\n"));
  if (notes.length > 0) parts.push(notes.map((note) => (note === "" ? "" : `  ${note}`)).join("\n"));
  return parts.join("\n\n");
}

/** Rows of cells under each other, two blanks apart, each line indented by two. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at]!)).join("  ")}`.trimEnd());
}
