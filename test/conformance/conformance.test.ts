import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { auth } from "./tables/auth.ts";
import { answering } from "./tables/answering.ts";
import { errors } from "./tables/errors.ts";
import { health } from "./tables/health.ts";
import { middleware } from "./tables/middleware.ts";
import { bodies } from "./tables/bodies.ts";
import { sources } from "./tables/reading.ts";
import { coercion } from "./tables/coercion.ts";
import { openapi } from "./tables/openapi.ts";
import { pagination } from "./tables/pagination.ts";
import { routing } from "./tables/routing.ts";
import { views } from "./tables/views.ts";
import { check, type Row } from "./row.ts";
import { againstBinary, inProcess, overSocket, type Way } from "./ways.ts";

const TABLE: readonly Row[] = [
  ...routing,
  ...sources,
  ...coercion,
  ...bodies,
  ...answering,
  ...errors,
  ...middleware,
  ...auth,
  ...health,
  ...views,
  ...pagination,
  ...openapi,
];

const WAYS: readonly (readonly [name: string, open: () => Promise<Way>])[] = [
  ["api.handle", inProcess],
  ["a socket", overSocket],
  ["the compiled binary", againstBinary],
];

describe.each(WAYS)("the contract, by %s:", (_, open) => {
  let way: Way;
  beforeAll(async () => {
    way = await open();
  }, 60_000);
  afterAll(() => way.stop());

  for (const row of TABLE) {
    test(`${row.section}. ${row.sentence} — ${row.api ?? "main"}: ${row.send.slice(0, 100)}`, async () => {
      const before = way.logged?.length ?? 0;
      check(await way.answer(row), row.expect);
      const { logs } = row;
      if (logs !== undefined && way.logged !== undefined) {
        const [record] = way.logged.slice(before);
        expect(record).toMatchObject({ level: "error", route: logs[0], message: expect.stringContaining(logs[1]) });
      }
    });
  }
});
