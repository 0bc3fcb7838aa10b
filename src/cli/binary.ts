import type { RunOptions } from "../api.ts";
import { apiName } from "./address-line.ts";
import { command, runCommand } from "./command.ts";
import { describeError, Failure } from "./failure.ts";
import { LISTEN_FLAGS, listenOptions } from "./listen-flags.ts";
import { apiOf, type Exports } from "./load.ts";
import { serveApi } from "./serve.ts";

/** Set in the environment of a binary that is only to show whether its routes compile in it. */
export const TRIAL = "BOLIDE_TRIAL";

/** The entry of a built binary: serves the embedded api with the flags of `bolide serve`, and ends the process with its exit code. */
export async function runBinary(module: Exports, run: RunOptions): Promise<never> {
  process.exit(await serveBinary(module, run));
}

async function serveBinary(module: Exports, run: RunOptions): Promise<number> {
  const program = process.execPath.replace(/^.*[/\\]/, "");
  try {
    const api = apiOf(module, program);
    if (Bun.env[TRIAL] === "1") {
      api.compile(run);
      return 0;
    }
    if (process.argv[2] === "migrate") {
      const { embeddedMigrate } = await import("./migrate/embedded.ts");
      return await runCommand(embeddedMigrate(module, program), process.argv.slice(3), `${program} migrate`);
    }
    const serve = command({
      name: program,
      summary: `${apiName(api)}: serves until it is told to stop`,
      operands: [],
      flags: LISTEN_FLAGS,
      run: (_, flags) => serveApi(api, { ...listenOptions(flags, process.env), ...run }),
    });
    return await runCommand(serve, process.argv.slice(2), program);
  } catch (error) {
    console.error(`${program}: ${describeError(error)}`);
    return error instanceof Failure ? error.code : 1;
  }
}
