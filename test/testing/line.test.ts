import { expect, test } from "bun:test";
import { Line } from "../../src/testing/transaction/line.ts";

test("one is inside at a time, in the order of asking", async () => {
  const line = new Line(1000);
  const seen: string[] = [];
  const visit = async (name: string): Promise<void> => {
    await line.enter();
    seen.push(`${name} in`);
    await Bun.sleep(1);
    seen.push(`${name} out`);
    line.leave();
  };
  await Promise.all(["a", "b", "c"].map(visit));
  expect(seen).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("who waits for too long is told why, and does not hold up those behind", async () => {
  const line = new Line(1);
  await line.enter();
  await expect(line.enter()).rejects.toThrow(
    new Error(
      "A transaction waited 1 ms for another: in a test they share one connection. Nest with transaction(trx, …)",
    ),
  );
  line.leave();
  expect(await line.enter()).toBeUndefined();
});
