import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { auth } from "./tables/auth.ts";
import { answering } from "./tables/answering.ts";
import { errors } from "./tables/errors.ts";
import { files } from "./tables/files.ts";
import { forms } from "./tables/forms.ts";
import { health } from "./tables/health.ts";
import { limits } from "./tables/limits.ts";
import { middleware } from "./tables/middleware.ts";
import { bodies } from "./tables/bodies.ts";
import { sources } from "./tables/reading.ts";
import { coercion } from "./tables/coercion.ts";
import { openapi } from "./tables/openapi.ts";
import { pagination } from "./tables/pagination.ts";
import { routing } from "./tables/routing.ts";
import { sockets } from "./tables/sockets.ts";
import { views } from "./tables/views.ts";
import { check, type Row } from "./row.ts";
import { perform, type Talk } from "./talk.ts";
import { againstBinary, inProcess, overSocket, type Way } from "./ways.ts";

const TABLE: readonly Row[] = [
  ...routing,
  ...sources,
  ...coercion,
  ...bodies,
  ...answering,
  ...errors,
  ...files,
  ...forms,
  ...middleware,
  ...limits,
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

  for (const row of sockets) {
    test(`9. ${row.sentence} — ${row.path} ${JSON.stringify(row.headers ?? row.steps ?? "")}`, async () => {
      const others: Talk[] = [];
      for (const { path } of row.others ?? []) others.push((await way.open({ path })) as Talk);
      const opened = await way.open(row);
      if (row.refused !== undefined) return check(opened as never, row.refused);
      expect(opened).toHaveProperty("receive");
      await perform(opened as Talk, row.steps ?? []);
      for (const [at, { steps }] of (row.others ?? []).entries()) await perform(others[at]!, steps);
      for (const talk of [...others, opened as Talk]) talk.close(1000);
    });
  }
});
