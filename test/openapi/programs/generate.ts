import { createClient } from "@hey-api/openapi-ts";
import openapiTypeScript, { astToString } from "openapi-typescript";

/** Writes two clients for a document: `generate.ts <openapi.json> <folder>`. */

const [document = "", folder = ""] = process.argv.slice(2);

// What has a default may be left out of a request; answers say by `required` what they have.
const types = await openapiTypeScript(await Bun.file(document).json(), { defaultNonNullable: false });
await Bun.write(`${folder}/schema.ts`, astToString(types));

await createClient({ input: document, output: { path: `${folder}/hey`, entryFile: true }, logs: { level: "silent" } });
