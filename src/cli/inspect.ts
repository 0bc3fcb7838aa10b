import { existsSync, writeFileSync } from "node:fs";
import { migrationTools } from "../data/index.ts";
import { command } from "./command.ts";
import { describeError, Failure } from "./failure.ts";
import { shown } from "./migrate/shown.ts";

/** `bolide inspect`: the models of a database that is already there. */
export const inspectCommand = command({
  name: "inspect",
  summary: "Writes models for the tables of an existing database",
  operands: ["<url or file>"],
  flags: { out: { type: "string", value: "<file>", help: "where to write them; default here" } },
  notes: ["bolide inspect app.db --out src/models.ts", "bolide inspect postgres://localhost/app > src/models.ts"],
  run: async ([address], { out }) => {
    const file = SERVER.test(address!) ? undefined : address!.replace(/^(?:sqlite|file):(?:\/\/)?/, "");
    if (file !== undefined && !existsSync(file)) throw new Failure(`${file}: there is no such file`);
    if (out !== undefined && existsSync(out)) throw new Failure(`${out} is there already`);
    const { introspect, openAddress, writeModels } = await migrationTools();
    await using db = openAddress(address!, { readOnly: true });
    const found = await introspect(db).catch((error: unknown) => {
      throw file === undefined ? error : new Failure(`${file} cannot be inspected: ${describeError(error)}`);
    });
    const source = writeModels(found);
    const count = Object.keys(found.tables).length;
    if (out === undefined) console.log(source.trimEnd());
    else {
      writeFileSync(out, source);
      console.log(`${shown(out)}: ${count} ${count === 1 ? "table" : "tables"}`);
    }
    return 0;
  },
});

/** Addresses of servers; anything else is the path of a SQLite file. */
const SERVER = /^(?:postgres(?:ql)?|mysql|mariadb):/;
