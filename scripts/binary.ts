import { join } from "node:path";
import { main } from "../src/cli/main.ts";

/**
 * `bun run build:binary [example]`: an example as one file, dist/realworld unless another one is named. Further words go to
 * `bolide build`: `--target bun-linux-arm64`.
 */

const [first = "", ...rest] = process.argv.slice(2);
const named = first !== "" && !first.startsWith("-");
const name = named ? first : "realworld";

process.chdir(join(import.meta.dir, ".."));
process.exit(
  await main([
    "build",
    `examples/${name}/api.ts`,
    "--outfile",
    `dist/${name}`,
    ...(named ? rest : process.argv.slice(2)),
  ]),
);
