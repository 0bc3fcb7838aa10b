import { checkedRate, type Limiter, sharedLimits } from "../../../../src/middleware/index.ts";

/** Asks for each key so often, as fast as it can, once a line has come; prints how many passed, by key. */
const [directory = "", attempts = "0", keys = "1", moment = "0"] = Bun.argv.slice(2);
const limiter: Limiter = sharedLimits({ directory, now: () => Number(moment) }).open({
  rate: checkedRate(500, 60),
  name: "attempts",
  place: "",
  warn: (message) => {
    throw new Error(message);
  },
});
console.log("ready");
for await (const _ of console) break;
const passed = new Array<number>(Number(keys)).fill(0);
for (let attempt = 0; attempt < Number(attempts); attempt++) {
  for (let key = 0; key < Number(keys); key++) {
    const taken = limiter.take(`key ${key}`);
    if (!(taken instanceof Promise) && taken.passed) passed[key]!++;
  }
}
console.log(JSON.stringify(passed));
process.exit();
