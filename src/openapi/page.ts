import type { OpenApiOptions } from "./options.ts";
import { originsOf } from "./servers.ts";
import type { Viewer, ViewerFile } from "./viewers.ts";

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  readonly viewer: Viewer;
  /** Relative to the page, as a proxy may have taken a prefix away. */
  readonly documentUrl: string;
  /** Of each file of the viewer, in order. */
  readonly urls: readonly string[];
  readonly servers: OpenApiOptions["servers"];
}

/** The page of a viewer. */
export function viewerPage({ title, viewer, documentUrl, urls, servers = [] }: PageParts): Response {
  const link = ({ type }: ViewerFile, at: number): string =>
    type === "text/css"
      ? `<link rel="stylesheet" href="${escape(urls[at]!)}">`
      : `<script src="${escape(urls[at]!)}"></script>`;
  const sheets = viewer.files.map((file, at) => (file.type === "text/css" ? link(file, at) : ""));
  const scripts = viewer.files.map((file, at) => (file.type === "text/css" ? "" : link(file, at)));
  const start = viewer.start?.(documentUrl, servers.length === 0).replaceAll("<", "\\u003c");
  const markup = shell(
    `${title} · ${viewer.title}`,
    [...sheets, `<style>body { margin: 0; } ${viewer.style ?? ""}</style>`].join("\n"),
    [viewer.body(escape(documentUrl)), ...scripts, start === undefined ? "" : `<script>${start}</script>`]
      .filter((part) => part !== "")
      .join("\n"),
  );
  return pageResponse(markup, 200, policy(start, servers));
}

/** The page that stands in for a viewer whose package is not installed. */
export function missingPage(title: string, viewer: Viewer): Response {
  const markup = shell(
    `${title} · ${viewer.title}`,
    "<style>html { color-scheme: light dark; } body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 20vh auto; padding: 0 1rem; }</style>",
    [
      `<h1>${escape(viewer.title)} is not installed</h1>`,
      "<p>This page appears once its package is there:</p>",
      `<pre><code>bun add ${escape(viewer.add ?? viewer.package)}</code></pre>`,
    ].join("\n"),
  );
  return pageResponse(markup, 404, policy(undefined, []));
}

function shell(title: string, head: string, body: string): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escape(title)}</title>`,
    // Without one, browsers ask for /favicon.ico.
    '<link rel="icon" href="data:,">',
    head,
    "</head>",
    "<body>",
    body,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function pageResponse(markup: string, status: number, csp: string): Response {
  return new Response(markup, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": csp,
      "cache-control": "no-cache",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
  });
}

/**
 * The content security policy of a page (W3C CSP 3): scripts of ours and the one that starts the viewer; requests to us and to the
 * servers that the api names; nothing from anywhere else. The viewers write style elements as they run.
 */
function policy(start: string | undefined, servers: NonNullable<OpenApiOptions["servers"]>): string {
  const hash = start === undefined ? "" : ` 'sha256-${new Bun.CryptoHasher("sha256").update(start).digest("base64")}'`;
  const origins = servers.flatMap(originsOf);
  return [
    "default-src 'none'",
    `script-src 'self'${hash}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    ["connect-src 'self'", ...new Set(origins)].join(" "),
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char]!);
}
