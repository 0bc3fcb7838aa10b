import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Api, type RunningServer, t } from "bolide";
import type { Browser, Page, Response } from "playwright-core";
import { launch, PATIENCE, withoutBrowser } from "./browsing.ts";

const api = new Api({ title: "Pictures" });
api.post(
  "/pictures",
  { files: { picture: t.File({ types: ["image/*", "application/pdf"], sniff: true }) } },
  ({ files: { picture } }) => [picture.filename, picture.contentType, picture.size],
);

const PNG = { name: "a.png", mimeType: "image/png", buffer: Buffer.from("89504e470d0a1a0a", "hex") };

describe.skipIf(withoutBrowser)("in a browser, a file is sent", () => {
  let browser: Browser;
  let server: RunningServer;

  beforeAll(async () => {
    server = await api.listen({ port: 0 });
    browser = await launch();
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /** Opens a page of the document, lets somebody send a request from it, and tells how it was answered. */
  async function sent(name: string, send: (page: Page) => Promise<void>): Promise<unknown[]> {
    const page = await browser.newPage();
    await page.goto(`${server.url.origin}/${name}`);
    const answered = page.waitForResponse((one: Response) => new URL(one.url()).pathname === "/pictures");
    const [response] = await Promise.all([answered, send(page)]);
    const answer = [response.status(), await response.json()];
    await page.close();
    return answer;
  }

  test(
    "from Scalar, as what it is: not as what may be sent",
    async () => {
      const answer = await sent("docs", async (page) => {
        await page.locator("button:has-text('Test Request')").first().click();
        const chosen = page.waitForEvent("filechooser");
        await page.locator("button:has-text('Select File')").first().click();
        await (await chosen).setFiles(PNG);
        await page.getByText("a.png").first().waitFor();
        await page.getByRole("button", { name: "Send", exact: false }).first().click();
      });
      expect(answer).toEqual([200, ["a.png", "image/png", 8]]);
    },
    PATIENCE,
  );

  test(
    "from Swagger UI",
    async () => {
      const answer = await sent("swagger", async (page) => {
        await page.locator(".opblock-summary-control").click();
        await page.locator(".try-out__btn").click();
        await page.locator("input[type=file]").setInputFiles(PNG);
        await page.locator(".execute").click();
      });
      expect(answer).toEqual([200, ["a.png", "image/png", 8]]);
    },
    PATIENCE,
  );
});
