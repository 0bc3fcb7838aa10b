import { describe, expect, test } from "bun:test";
import { cookie } from "../../src/http/cookies.ts";
import { html, type HtmlValue, raw, render, SafeHtml } from "../../src/http/html.ts";

describe("an interpolation is written as", () => {
  const table: readonly (readonly [says: string, value: HtmlValue, markup: string])[] = [
    ["text, escaped", `<a href="x">'&'</a>`, "&lt;a href=&quot;x&quot;&gt;&#x27;&amp;&#x27;&lt;/a&gt;"],
    ["a number", 1.5, "1.5"],
    ["a bigint", 10n, "10"],
    ["zero, which is something", 0, "0"],
    ["nothing for null", null, ""],
    ["nothing for undefined", undefined, ""],
    ["nothing for false", false, ""],
    ["nothing for true", true, ""],
    ["a date in ISO 8601", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["markup within markup", html`<i>${"<"}</i>`, "<i>&lt;</i>"],
    ["raw markup as it is", raw("<hr>"), "<hr>"],
    ["an array joined, each escaped", ["<", html`<i>2</i>`, [1, null]], "&lt;<i>2</i>1"],
    ["an object's text, escaped", { toString: () => "<b>" } as unknown as string, "&lt;b&gt;"],
  ];
  test.each(table)("%s", (_, value, markup) => {
    expect(html`[${value}]`.markup).toBe(`[${markup}]`);
  });
});

test("a template without interpolations is itself", () => {
  expect(String(html`<p>"&"</p>`)).toBe('<p>"&"</p>');
});

test("an attribute in quotes cannot be left", () => {
  expect(html`<a title="${'" onclick="x'}"></a>`.markup).toBe('<a title="&quot; onclick=&quot;x"></a>');
});

async function answer(response: Response): Promise<readonly [number, string | null, string]> {
  return [response.status, response.headers.get("content-type"), await response.text()];
}

describe("as a function html answers with", () => {
  test("a string as it is", async () => {
    expect(await answer(html("<h1>é</h1>"))).toEqual([200, "text/html; charset=utf-8", "<h1>é</h1>"]);
  });
  test("markup from a template", async () => {
    expect(await answer(html(html`<h1>${"<"}</h1>`))).toEqual([200, "text/html; charset=utf-8", "<h1>&lt;</h1>"]);
  });
  test("a status, headers and cookies", async () => {
    const response = html("gone", {
      status: 410,
      headers: { "x-a": "1", "content-type": "text/html" },
      cookies: [cookie("a", "1"), cookie("b", "2")],
    });
    expect(response.headers.get("x-a")).toBe("1");
    expect(response.headers.getSetCookie()).toEqual([
      "a=1; Path=/; HttpOnly; SameSite=Lax",
      "b=2; Path=/; HttpOnly; SameSite=Lax",
    ]);
    expect(await answer(response)).toEqual([410, "text/html", "gone"]);
  });
});

describe("render answers with", () => {
  test("a view's markup, at once", async () => {
    const response = render((data: { name: string }) => html`<h1>${data.name}</h1>`, { name: "A&B" }, { status: 201 });
    expect(response).toBeInstanceOf(Response);
    expect(await answer(response)).toEqual([201, "text/html; charset=utf-8", "<h1>A&amp;B</h1>"]);
  });
  test("a view's string", async () => {
    expect(await answer(render((n: number) => `<b>${n}</b>`, 3))).toEqual([
      200,
      "text/html; charset=utf-8",
      "<b>3</b>",
    ]);
  });
  test("a view that takes its time", async () => {
    const later = render(async (n: number) => html`<b>${n}</b>`, 3);
    expect(later).toBeInstanceOf(Promise);
    expect(await answer(await later)).toEqual([200, "text/html; charset=utf-8", "<b>3</b>"]);
  });
});

test("markup is a value of its own, whose text is the markup", () => {
  const page = html`<p>${1}</p>`;
  expect(page).toBeInstanceOf(SafeHtml);
  expect(String(page)).toBe("<p>1</p>");
});
