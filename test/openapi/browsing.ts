import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where Debian puts it: `apt-get install chromium`. */
const CHROMIUM = "/usr/bin/chromium";
const missing = !existsSync(CHROMIUM);
if (missing) console.log(`skipped: ${CHROMIUM} is not installed, so no page of the document is looked at`);

/** In a CI it must be there. */
export const withoutBrowser: boolean = missing && Bun.env["CI"] === undefined;

/** A browser on a machine that is busy with other tests. */
export const PATIENCE = 60_000;

/** A browser that asks nobody for anything. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-background-networking"] });
}

/** What a page has one of for each operation, and what it folds them up under. */
export interface Shown {
  readonly operation: string;
  readonly folded?: string;
}

const SCALAR: Shown = {
  operation: "aside a:has(.sidebar-heading-type)",
  folded: "aside button[aria-expanded='false']",
};
export const SHOWN: Readonly<Record<string, Shown>> = {
  docs: SCALAR,
  scalar: SCALAR,
  swagger: { operation: ".opblock-summary-control" },
  redoc: { operation: "[data-item-id*='operation/']" },
  rapidoc: { operation: ".nav-bar-path" },
  elements: {
    operation: "a[href*='operations']",
    folded: ".sl-elements-api [title]:has([data-icon='chevron-right'])",
  },
};

/** Opens all that a page has folded up. */
export async function unfold(page: Page, folded: string): Promise<void> {
  const groups = page.locator(folded);
  await groups.first().waitFor();
  while ((await groups.count()) > 0) await groups.first().click();
}

/** Opens an address and takes note of whatever it should not do. */
export async function open(
  browser: Browser,
  address: string,
  colorScheme: "light" | "dark" = "light",
): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const { origin } = new URL(address);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    // What a page makes itself leaves nothing.
    if (!request.url().startsWith(origin) && !/^(?:blob|data):/.test(request.url()))
      faults.push(`asked ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(address);
  return { page, faults };
}
