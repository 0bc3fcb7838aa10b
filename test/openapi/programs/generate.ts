import { plugin } from "bun";
import typescript from "typescript5";

/**
 * Writes two clients for a document: `generate.ts <openapi.json> <folder>`. The generators are written for TypeScript up to 6, whose
 * programming interface 7 has not: they are given 5.
 */

plugin({
  name: "typescript 5",
  setup(build) {
    build.module("typescript", () => ({ exports: { ...typescript, default: typescript }, loader: "object" }));
  },
});

const [document = "", folder = ""] = process.argv.slice(2);

const { default: openapiTypeScript, astToString } = await import("openapi-typescript");
// What has a default may be left out of a request; answers say by `required` what they have.
const types = await openapiTypeScript(await Bun.file(document).json(), { defaultNonNullable: false });
await Bun.write(`${folder}/schema.ts`, astToString(types));

const { createClient } = await import("@hey-api/openapi-ts");
await createClient({ input: document, output: { path: `${folder}/hey`, entryFile: true }, logs: { level: "silent" } });
