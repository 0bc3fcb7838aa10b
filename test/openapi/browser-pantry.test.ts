import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RunningServer } from "bolide";
import type { Browser } from "playwright-core";
import { launch, open, PATIENCE, SHOWN, unfold, withoutBrowser } from "./browsing.ts";
import { pantry } from "./pantry.ts";

const VERSIONS = ["3.1.1", "3.2.0"] as const;

describe.skipIf(withoutBrowser)("of an api with forms, files, sockets, webhooks and many schemes,", () => {
  let browser: Browser;
  const servers = new Map<string, RunningServer>();
  const summaries: string[] = [];

  beforeAll(async () => {
    browser = await launch();
    for (const version of VERSIONS) servers.set(version, await pantry(version).listen({ port: 0, log: () => {} }));
    for (const item of Object.values((await pantry().document()).paths))
      for (const [key, { summary }] of Object.entries(item)) if (!key.startsWith("x-")) summaries.push(summary!);
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers.values()) await server.stop();
  });

  test.each(
    Object.entries(SHOWN).flatMap(([name, shown]) =>
      name === "docs" ? [] : VERSIONS.map((version) => ({ name, version, ...shown })),
    ),
  )(
    "/$name shows all operations of OpenAPI $version, without an error and without a request to anybody else",
    async ({ name, version, operation, folded }) => {
      const { page, faults } = await open(browser, `${servers.get(version)!.url.origin}/${name}`);
      if (folded !== undefined) await unfold(page, folded);
      const listed = page.locator(operation);
      await listed.filter({ hasText: "Is limited" }).first().waitFor({ state: "attached" });
      expect(summaries.length).toBe(13);
      for (const summary of summaries)
        expect([summary, await listed.filter({ hasText: summary }).count()]).not.toContain(0);
      await listed.filter({ hasText: "Sticks labels on a jar" }).first().dispatchEvent("click");
      await page.getByText("The front").first().waitFor();
      // What is asked for late would be asked for now.
      await page.waitForTimeout(500);
      expect(faults).toEqual([]);
      await page.close();
    },
    PATIENCE,
  );

  test.each(["scalar", "swagger"])(
    "/%s shows QUERY in OpenAPI 3.2",
    async (name) => {
      const { page } = await open(browser, `${servers.get("3.2.0")!.url.origin}/${name}`);
      await page.locator(SHOWN[name]!.operation).filter({ hasText: "Asks for jars" }).waitFor();
      await page.close();
    },
    PATIENCE,
  );

  test.each(["scalar", "swagger", "redoc"])(
    "/%s lists the sockets under their tag",
    async (name) => {
      const { page } = await open(browser, `${servers.get("3.1.1")!.url.origin}/${name}`);
      await page.getByText("/rooms/{room}").first().waitFor();
      await page.getByText("Talks within limits").first().waitFor();
      await page.close();
    },
    PATIENCE,
  );
});
