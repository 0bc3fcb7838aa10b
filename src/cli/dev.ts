import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { command } from "./command.ts";
import { Supervisor } from "./dev/supervisor.ts";
import { WatchedTree } from "./dev/tree.ts";
import { Failure } from "./failure.ts";
import { LISTEN_FLAGS, listenOptions } from "./listen-flags.ts";

/** `bolide dev`: serves, and starts anew when a file of the program has changed. */
export const devCommand = command({
  name: "dev",
  summary: "Serves with the debug error page, and starts anew when a file changes",
  operands: ["<file>"],
  flags: LISTEN_FLAGS,
  notes: [
    "bolide dev src/api.ts",
    "",
    "Restarts when a file that the program has read changes, or a .env file, tsconfig.json or package.json.",
    "A program that could not start is tried again when any source file of the project changes.",
  ],
  run: async ([file], flags) => {
    const { port, host, unix, backlog, idleTimeout, stopTimeout = DEV_STOP } = listenOptions(flags, process.env);
    const path = resolve(file!);
    if (!existsSync(path)) throw new Failure(`${file}: there is no such file`);
    const supervisor = new Supervisor(file!, { host, port, unix, backlog, idleTimeout, stopTimeout });
    const root = projectRoot(dirname(path));
    const tree = new WatchedTree((changed) => {
      if (supervisor.uses(changed) || isSetting(basename(changed)))
        supervisor.restart(relative(process.cwd(), changed));
    });
    tree.addTree(root);
    supervisor.onFiles = (files) => files.forEach((each) => tree.addFile(each));
    await supervisor.run();
    tree.close();
    return 0;
  },
});

/** Milliseconds that a request may hold up a restart. */
const DEV_STOP = 100;

const isSetting = (name: string): boolean =>
  name === ".env" || name.startsWith(".env.") || /^(?:tsconfig.*|package)\.json$/.test(name);

/** The nearest directory upwards with a package.json, else the file's own. */
function projectRoot(from: string): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (dirname(directory) === directory) return from;
  }
}
