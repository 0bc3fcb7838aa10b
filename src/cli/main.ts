#!/usr/bin/env bun
import manifest from "../../package.json" with { type: "json" };
import { columns, type Command, runCommand } from "./command.ts";
import { describeError, Failure } from "./failure.ts";

/** The commands, each loaded when it is called: `serve` should not wait for `build` to be read. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  new: async () => (await import("./new.ts")).newCommand,
  dev: async () => (await import("./dev.ts")).devCommand,
  serve: async () => (await import("./serve.ts")).serveCommand,
  build: async () => (await import("./build.ts")).buildCommand,
  routes: async () => (await import("./routes.ts")).routesCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  migrate: async () => (await import("./migrate.ts")).migrateCommand,
  seed: async () => (await import("./migrate/seed.ts")).seedCommand,
  inspect: async () => (await import("./inspect.ts")).inspectCommand,
  openapi: async () => (await import("./openapi.ts")).openapiCommand,
};

/** Runs the command line and resolves to its exit code; prints a sentence for whatever goes wrong. */
export async function main(written: readonly string[]): Promise<number> {
  try {
    const [name, ...rest] = written;
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      console.log(await help());
      return name === undefined ? 2 : 0;
    }
    if (name === "--version" || name === "-v") {
      console.log(manifest.version);
      return 0;
    }
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (load === undefined) {
      const kind = name.startsWith("-") ? "flag" : "command";
      throw new Failure(
        `unknown ${kind} ${name}: the commands are ${Object.keys(COMMANDS).join(", ")}; see bolide --help`,
        2,
      );
    }
    return await runCommand(await load(), rest, `bolide ${name}`);
  } catch (error) {
    console.error(`bolide: ${describeError(error)}`);
    return error instanceof Failure ? error.code : 1;
  }
}

async function help(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const rows = commands.map(({ name, operands, summary }) => [[name, ...operands].join(" "), summary]);
  return [
    `Bolide ${manifest.version}: a typed API framework for Bun`,
    "  bolide <command> [flags]",
    columns(rows).join("\n"),
    "  bolide <command> --help tells more about a command.",
  ].join("\n\n");
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
