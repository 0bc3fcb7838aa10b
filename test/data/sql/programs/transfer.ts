import { mysql, postgres } from "../../../../src/data/sql/index.ts";

/** Takes an amount from one account, says so, and never gets to the other. */
const url = process.argv[2]!;
const source = url.startsWith("mysql") ? mysql(url) : postgres(url);
const session = await source.open().reserve();
await session.begin({});
const traits = { reads: false, returns: false };
await session.prepare("update accounts set amount = amount - 50 where id = 1", traits).run([]);
console.log("taken");
await Bun.sleep(60_000);
