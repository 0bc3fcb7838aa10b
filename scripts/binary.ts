import { join } from "node:path";
import { main } from "../src/cli/main.ts";

/** `bun run build:binary`: the example as one file, dist/places. Further words go to `bolide build`: `--target bun-linux-arm64`. */

process.chdir(join(import.meta.dir, ".."));
process.exit(await main(["build", "examples/places/api.ts", "--outfile", "dist/places", ...process.argv.slice(2)]));
