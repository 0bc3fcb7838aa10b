import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Upload } from "../../../../src/http/form/upload/file.ts";

// Saves 200,000 bytes where a file may have fewer, and tells what is at the path and beside it.
const folder = mkdtempSync(join(tmpdir(), "bolide-full-"));
const target = join(folder, "a.bin");
writeFileSync(target, "before");
const init = { filename: "a.bin", contentType: "a/b", size: 200_000, lines: [] };
const outcome = await new Upload(init, [new Uint8Array(200_000)]).saveTo(target).then(
  () => "saved",
  (error: { readonly code?: string }) => error.code,
);
console.log(JSON.stringify({ outcome, names: readdirSync(folder), content: await Bun.file(target).text() }));
