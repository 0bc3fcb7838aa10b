import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { breakingChanges, type OpenApiDocument, requireTyped } from "../openapi/index.ts";
import { command } from "./command.ts";
import { Failure } from "./failure.ts";
import { loadApi } from "./load.ts";

/** `bolide openapi`: the document of an api, and what has become of it. */
export const openapiCommand = command({
  name: "openapi",
  summary: "Writes the OpenAPI document of an api, or compares it with an older one",
  operands: ["<file>"],
  flags: {
    out: { type: "string", value: "<path>", help: "write it there: .json, or .yaml; default standard output, as JSON" },
    diff: {
      type: "string",
      value: "<path>",
      help: "list what breaks for clients of that older document; exit 1 if anything",
    },
    strict: { type: "boolean", help: "fail where a route does not say what it answers" },
  },
  notes: ["bolide openapi src/api.ts --out openapi.yaml", "bolide openapi src/api.ts --diff openapi.json"],
  run: async ([file], flags) => {
    const api = await loadApi(file!);
    if (flags.strict === true) requireTyped(api.compile().plans, { strict: true });
    const document = await api.document();
    // Read before it is written: both may be the same file.
    const older = flags.diff === undefined ? undefined : readDocument(flags.diff);
    if (flags.out !== undefined) write(flags.out, document);
    if (older === undefined) {
      if (flags.out === undefined) console.log(JSON.stringify(document, null, 2));
      return 0;
    }
    const changes = await breakingChanges(older, document);
    for (const { operation, change } of changes) console.log(`${operation}: ${change}`);
    if (changes.length === 0) console.log(`nothing breaks for clients of ${flags.diff}`);
    return changes.length === 0 ? 0 : 1;
  },
});

const YAML = /\.ya?ml$/;

function write(path: string, document: OpenApiDocument): void {
  if (!YAML.test(path) && !path.endsWith(".json"))
    throw new Failure(`--out ${path}: the document is .json or .yaml`, 2);
  const plain: unknown = JSON.parse(JSON.stringify(document));
  const text = YAML.test(path) ? Bun.YAML.stringify(plain, null, 2) : JSON.stringify(plain, null, 2);
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(path, `${text.trimEnd()}\n`);
}

function readDocument(path: string): OpenApiDocument {
  if (!existsSync(path)) throw new Failure(`${path}: there is no such file`);
  const text = readFileSync(path, "utf8");
  let read: unknown;
  try {
    read = YAML.test(path) ? Bun.YAML.parse(text) : JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${(error as Error).message}`, 1, { cause: error });
  }
  const isDocument = typeof read === "object" && read !== null && "openapi" in read && "paths" in read;
  if (!isDocument) throw new Failure(`${path} is no OpenAPI document`);
  return read as unknown as OpenApiDocument;
}
