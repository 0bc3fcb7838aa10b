import { expect, test } from "bun:test";
import { RecordedQueries, recordedQueries, recordQueries } from "../../src/http/recorded-queries.ts";

const ask = (sql: string): void => recordedQueries()?.add({ sql, millis: 1 });

test("queries are those of the request that is being answered, also after it was suspended", async () => {
  const lists = await Promise.all(
    ["a", "b"].map(async (name) => {
      const queries = new RecordedQueries();
      await recordQueries(queries, async () => {
        ask(`${name} 1`);
        await Bun.sleep(1);
        ask(`${name} 2`);
      });
      return queries.all.map(({ sql }) => sql);
    }),
  );
  expect(lists).toEqual([
    ["a 1", "a 2"],
    ["b 1", "b 2"],
  ]);
});

test("nobody records outside of a request", () => {
  recordQueries(new RecordedQueries(), () => undefined);
  expect(recordedQueries()).toBeUndefined();
});

test("a request that never ends keeps its first thousand", () => {
  const queries = new RecordedQueries();
  recordQueries(queries, () => {
    for (let n = 0; n < 1001; n++) ask(`${n}`);
  });
  expect([queries.all.length, queries.all.at(-1)!.sql]).toEqual([1000, "999"]);
});
