import { reasonPhrase } from "../errors.ts";
import { html, raw, type SafeHtml } from "../html.ts";
import { type Excerpt, excerptOf, type Frame, shortName } from "./frames.ts";
import { highlight } from "./highlight.ts";
import { type DebugInfo, type DebugReport, debugReport, type Fault, frameLine, type Pair } from "./report.ts";
import type { ShownQuery } from "./query.ts";
import type { Masker } from "./secrets.ts";
import { STYLE } from "./style.ts";

/**
 * The page for a developer whose request failed: the error and its causes, the stack with the source around each of the
 * application's own calls, the request, the route's plan, the queries that ran, and the environment, secrets masked.
 *
 * One document without scripts or anything to load; send it with {@link debugPolicy}. Development only.
 *
 * @example
 * ```ts
 * const page = debugPage({ error: new Error("boom"), request, route: "GET /users/:id", env: Bun.env });
 * ```
 */
export function debugPage(info: DebugInfo): string {
  const report = debugReport(info);
  const [error] = report.faults;
  const title = `${error!.type}: ${error!.message.split("\n", 1)[0]!}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        ${heading(report)}
        <nav aria-label="Parts of this page">
          <div class="width">
            <a href="#stack">Stack</a> <a href="#request">Request</a> <a href="#route">Route</a>
            <a href="#queries">Queries <small>${report.queries.length}</small></a>
            <a href="#environment">Environment</a>
          </div>
        </nav>
        <main class="width">
          <section id="stack">${report.faults.map((fault, index) => stack(fault, index, report.mask))}</section>
          <section id="request">
            <h2>Request</h2>
            ${report.params.length > 0 ? pairs("Path parameters", report.params) : ""}
            ${pairs("Query", report.query)}${pairs("Headers", report.headers)}${pairs("Cookies", report.cookies)}
          </section>
          <section id="route">
            <h2>Route plan</h2>
            ${plan(report)}
          </section>
          <section id="queries">
            <h2>Queries</h2>
            ${queries(report)}
          </section>
          <section id="environment">
            <h2>Environment</h2>
            <div class="card">
              <details>
                <summary>${report.env.length} variables, Bun ${Bun.version}</summary>
                ${table(report.env)}
              </details>
            </div>
          </section>
          <section>
            <h2>As text</h2>
            <div class="card">
              <details>
                <summary>To copy into an issue</summary>
                <pre class="text">${asText(report)}</pre>
              </details>
            </div>
          </section>
        </main>
        <footer class="width">Shown because debug is on. Values that look like secrets are masked.</footer>
      </body>
    </html> `.markup;
}

// Written as one string: a space more or less inside of the element and its hash is another.
const STYLE_ELEMENT = raw(`<style>${STYLE}</style>`);
let policy: string | undefined;

/** The `Content-Security-Policy` under which {@link debugPage} works: nothing but its own style, by hash. */
export function debugPolicy(): string {
  policy ??=
    `default-src 'none'; style-src 'sha256-${Bun.CryptoHasher.hash("sha256", STYLE, "base64")}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return policy;
}

function heading(report: DebugReport): SafeHtml {
  const [error, ...causes] = report.faults;
  return html`<header>
    <div class="width">
      <p class="facts">
        <span class="status">${report.status} ${reasonPhrase(report.status)}</span>
        <span>${report.method} ${report.target}</span>
        ${report.route === undefined ? "" : html`<span>route ${report.route}</span>`}
        ${report.id === undefined ? "" : html`<span>id ${report.id}</span>`}
      </p>
      <h1>${error!.type}</h1>
      <p class="message">${error!.message === "" ? "(no message)" : error!.message}</p>
      ${causes.map((cause) => html`<p class="cause">caused by <b>${cause.type}</b> ${cause.message}</p>`)}
    </div>
  </header>`;
}

/** A deeper stack of one's own is rather a recursion than a story. */
const MOST_EXCERPTS = 12;

function stack(fault: Fault, index: number, mask: Masker): SafeHtml {
  const top = fault.frames.findIndex((frame) => frame.own);
  let excerpts = 0;
  const frames = fault.frames.map((frame, at) => {
    const excerpt = frame.own && excerpts < MOST_EXCERPTS ? excerptOf(frame) : undefined;
    if (excerpt !== undefined) excerpts++;
    return call(frame, excerpt && masked(excerpt, mask), at === top);
  });
  const title = index === 0 ? html`<h2>Stack</h2>` : html`<h3>Cause: ${fault.type}</h3>`;
  return html`${title}${frames.length === 0 ? html`<p class="none">It has no stack.</p>` : html`<div class="card">${frames}</div>`}`;
}

/** Source can hold a password as well: a connection string, most often. */
function masked(excerpt: Excerpt, mask: Masker): Excerpt {
  return { first: excerpt.first, lines: excerpt.lines.map((line) => mask.text(line)) };
}

function call(frame: Frame, excerpt: Excerpt | undefined, open: boolean): SafeHtml {
  const title = html`<span class="place">${shortName(frame.file)}:${frame.line}:${frame.column}</span>${frame.name}`;
  if (excerpt === undefined) return html`<div class="frame">${title}</div>`;
  return html`<details${open ? raw(" open") : ""}><summary>${title}</summary><div class="code"><ol>${excerpt.lines.map(
    (line, index) => codeLine(line, excerpt.first + index, frame),
  )}</ol></div></details>`;
}

function codeLine(line: string, number: number, frame: Frame): SafeHtml {
  const numbered = html`<span class="nr">${number}</span><span>${highlight(line)}</span>`;
  if (number !== frame.line) return html`<li>${numbered}</li>`;
  const indent = line.slice(0, Math.max(0, frame.column - 1)).replace(/\S/g, " ");
  return html`<li class="at">${numbered}</li>
    <li class="at"><span class="nr"></span><span class="caret">${indent}^</span></li>`;
}

function pairs(title: string, entries: readonly Pair[]): SafeHtml {
  return html`<h3>${title}</h3>
    ${entries.length === 0 ? html`<p class="none">None.</p>` : html`<div class="card">${table(entries)}</div>`}`;
}

function table(entries: readonly Pair[]): SafeHtml {
  return html`<table>
    ${entries.map(
      ([name, value]) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td>${value}</td>
        </tr>`,
    )}
  </table>`;
}

function plan(report: DebugReport): SafeHtml {
  if (report.plan.length === 0) return html`<p class="none">No route's plan was at work.</p>`;
  return html`<div class="card">
    <ol class="steps">
      ${report.plan.map((step) => html`<li>${step}</li>`)}
    </ol>
  </div>`;
}

function queries({ queries: all, repeated }: DebugReport): SafeHtml {
  if (all.length === 0) return html`<p class="none">None ran.</p>`;
  const millis = all.reduce((sum, query) => sum + query.millis, 0);
  return html`<p class="none">${counted(all.length, "query", "queries")}, ${millis.toFixed(2)} ms.</p>
    ${repeated.map(
      (each) =>
        html`<p class="warning">
          <b>${each.count} times, ${each.millis.toFixed(2)} ms</b> ${each.at ?? ""}<br /><code>${each.sql}</code
          ><br />${each.fix}.
        </p>`,
    )}
    <div class="card">
      <table>
        ${all.map(
          (ran) =>
            html`<tr>
              <td>${ran.sql}${parameters(ran)}</td>
              <td class="figure">${ran.at ?? ""}</td>
              <td class="figure">${ran.rows === undefined ? "" : counted(ran.rows, "row", "rows")}</td>
              <td class="figure">${ran.millis.toFixed(2)} ms</td>
            </tr>`,
        )}
      </table>
    </div>`;
}

function parameters({ parameters: values = [] }: ShownQuery): SafeHtml | string {
  return values.length === 0 ? "" : html`<div class="values">${values.join(", ")}</div>`;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function asText(report: DebugReport): string {
  const told = report.faults.map((fault, index) =>
    [
      `${index === 0 ? "" : "caused by "}${fault.type}: ${fault.message}`,
      ...fault.frames.map((frame) => `    ${frameLine(frame)}`),
    ].join("\n"),
  );
  return [`${report.method} ${report.target}`, ...told].join("\n");
}
