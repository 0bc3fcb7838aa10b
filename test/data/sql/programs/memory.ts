import { mysql, postgres } from "../../../../src/data/sql/index.ts";

/** Reads a result, in chunks or at once, and tells how many rows it had and how many MB the process grew by. */
const [, , url = "", text = "", way = "stream"] = process.argv;
const engine = (url.startsWith("mysql") ? mysql(url) : postgres(url)).open();
const statement = engine.prepare(text, { reads: true, returns: true });
const memory = (): number => process.memoryUsage.rss() / 2 ** 20;
await engine.prepare("select 1 as one", { reads: true, returns: true }).all([]);
Bun.gc(true);

const before = memory();
let most = before;
let rows = 0;
if (way === "stream") {
  for await (const chunk of statement.iterate([], 1000)) {
    rows += chunk.length;
    if (rows % 10_000 === 0) most = Math.max(most, memory());
  }
} else {
  rows = (await statement.all([])).length;
}
most = Math.max(most, memory());
console.log(JSON.stringify({ rows, megabytes: Math.round(most - before) }));
await engine.close();
