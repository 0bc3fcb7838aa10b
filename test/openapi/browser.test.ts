import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Api, issueToken, jwt, type RunningServer, t } from "bolide";
import type { Browser } from "playwright-core";
import { api as conduit } from "../../examples/realworld/api.ts";
import type { OpenApiDocument } from "../../src/openapi/index.ts";
import { launch, open, PATIENCE, SHOWN, unfold, withoutBrowser } from "./browsing.ts";

/** `BOLIDE_SCREENSHOTS=1 bun test test/openapi/browser.test.ts` writes docs/images anew. */
const IMAGES = Bun.env["BOLIDE_SCREENSHOTS"] === "1" ? join(import.meta.dir, "../../docs/images") : undefined;

/** An operation with parameters, a schema that names others, and credentials. */
const SAMPLE = "Articles, the newest first";

const SECRET = "openapi-browser-secret-32-bytes-";

describe.skipIf(withoutBrowser)("in a browser,", () => {
  let browser: Browser;
  let server: RunningServer;
  let document: OpenApiDocument;

  beforeAll(async () => {
    // The example's own document, without its database.
    const { lifespan: _, prefix: __, ...settings } = conduit.settings;
    const shown = new Api(settings);
    shown.add(...conduit.routes().map(({ route }) => ({ ...route, scope: undefined })));
    document = await shown.document();
    server = await shown.listen({ port: 0 });
    browser = await launch();
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test.each(Object.entries(SHOWN))(
    "/%s shows all operations, without an error and without a request to anybody else",
    async (name, { operation, folded }) => {
      const { page, faults } = await open(browser, `${server.url.origin}/${name}`);
      const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
      expect(operations.length).toBe(19);
      if (folded !== undefined) await unfold(page, folded);
      const listed = page.locator(operation);
      await listed.nth(18).waitFor({ state: "attached" });
      expect(await listed.count()).toBe(19);
      for (const { summary } of operations)
        expect([summary, await listed.filter({ hasText: summary! }).count()]).not.toContain(0);
      await listed.filter({ hasText: SAMPLE }).first().dispatchEvent("click");
      await page.getByText("favorited").first().waitFor();
      // What is asked for late would be asked for now.
      await page.waitForTimeout(500);
      if (IMAGES !== undefined && name !== "docs") {
        mkdirSync(IMAGES, { recursive: true });
        await page.screenshot({ path: join(IMAGES, `${name}.png`) });
      }
      expect(faults).toEqual([]);
      await page.close();
    },
    PATIENCE,
  );

  test.each([
    ["swagger", "html.dark-mode"],
    ["elements", 'html[data-theme="dark"]'],
  ])(
    "/%s is dark where the reader's system is, and turns light with it",
    async (name, dark) => {
      const { page, faults } = await open(browser, `${server.url.origin}/${name}`, "dark");
      expect(await page.locator(dark).count()).toBe(1);
      await page.emulateMedia({ colorScheme: "light" });
      await page.locator(dark).waitFor({ state: "detached" });
      expect(faults).toEqual([]);
      await page.close();
    },
    PATIENCE,
  );

  test(
    "the api's own kind of token is filled in on /swagger, and is sent",
    async () => {
      const api = new Api();
      const me = { auth: jwt({ secret: SECRET, scheme: "Token" }), response: t.Object({ id: t.String() }) };
      api.get("/me", me, ({ user }) => ({ id: user.id }));
      const secured = await api.listen({ port: 0 });
      const { page, faults } = await open(browser, `${secured.url.origin}/swagger`);
      const token = issueToken({ sub: "ada of the browser" }, { secret: SECRET, expiresIn: 3600 });
      await page.locator(".btn.authorize").click();
      await page.locator(".auth-container input").fill(`Token ${token}`);
      await page.locator(".auth-btn-wrapper .authorize").click();
      await page.locator(".btn-done").click();
      await page.locator(".opblock-summary-control").click();
      await page.getByRole("button", { name: "Try it out" }).click();
      await page.getByRole("button", { name: "Execute" }).click();
      await page.getByText('"ada of the browser"').first().waitFor();
      expect(faults).toEqual([]);
      await page.close();
      await secured.stop();
    },
    PATIENCE,
  );

  test(
    "a token is filled in on /docs, a request is sent, and the answer is read",
    async () => {
      const api = new Api({ title: "Secured" });
      const me = { auth: jwt({ secret: SECRET }), summary: "Who am I", response: t.Object({ id: t.String() }) };
      api.get("/me", me, ({ user }) => ({ id: user.id }));
      const secured = await api.listen({ port: 0 });
      const { page, faults } = await open(browser, `${secured.url.origin}/docs`);
      await page
        .getByRole("button", { name: /Test Request/ })
        .first()
        .click();
      const token = issueToken({ sub: "ada of the browser" }, { secret: SECRET, expiresIn: 3600 });
      await page.getByLabel("Bearer Token").fill(token);
      await page.getByRole("button", { name: /^Send/ }).first().click();
      await page.getByText('"ada of the browser"').first().waitFor();
      expect(await page.getByText("200 OK").count()).toBeGreaterThan(0);
      expect(faults).toEqual([]);
      await page.close();
      await secured.stop();
    },
    PATIENCE,
  );

  test(
    "a page that another site loads a script into does not run it",
    async () => {
      const { page, faults } = await open(browser, `${server.url.origin}/docs`);
      const outcome = await page.evaluate(`new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = "https://example.com/evil.js";
        script.onerror = () => resolve("refused");
        script.onload = () => resolve("ran");
        document.head.append(script);
      })`);
      expect(outcome).toBe("refused");
      expect(faults.some((fault) => fault.includes("Content Security Policy"))).toBe(true);
      await page.close();
    },
    PATIENCE,
  );
});
