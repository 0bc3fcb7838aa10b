import { expect, test } from "bun:test";
import { Api, apiKey, jwt, logging } from "../../src/index.ts";

const KEY = "a-key-that-nobody-may-read-0123456789";
const TOKEN = "a-token-that-nobody-may-read-0123456789";

/** An api whose credentials travel under names that do not look like secrets, and whose only route fails. */
function failing() {
  const lines: string[] = [];
  const log = ({ error, ...record }: { readonly error?: unknown }) =>
    void lines.push(JSON.stringify(record), error instanceof Error ? String(error.stack) : "");
  const api = new Api({
    debug: true,
    health: false,
    log,
    use: [logging({ write: (line) => void lines.push(line), headers: ["x-shop", "x-pass-on"] })],
  });
  const keys = apiKey({ keys: [{ key: KEY, id: "robot" }], header: "x-shop", query: "k" });
  const tokens = jwt({ secret: "a secret of 32 bytes or more, please", header: "x-pass-on", scheme: "" });
  api.get("/fail", { auth: [keys, tokens] }, ({ user }) => {
    throw new Error(`for ${user.id}`);
  });
  return { api: api as unknown as Api, lines };
}

test.each([
  ["a header of one's own", "/fail", { "x-shop": KEY }, 500],
  ["a query key of one's own", `/fail?k=${KEY}&page=2`, {}, 500],
  ["a header that no backend takes", "/fail", { "x-shop": KEY, "x-pass-on": TOKEN }, 500],
  ["a token that is no good", "/fail", { "x-pass-on": TOKEN }, 401],
] as const)("credentials in %s are in no log, error or debug page", async (_, path, headers, status) => {
  for (const accept of ["text/html", "application/json"]) {
    const { api, lines } = failing();
    const response = await api.handle(new Request(`http://localhost${path}`, { headers: { ...headers, accept } }));
    expect(response.status).toBe(status);
    const seen = `${await response.text()}${JSON.stringify([...response.headers])}${lines.join("\n")}`;
    expect(seen).not.toContain(KEY);
    expect(seen).not.toContain(TOKEN);
    // The rest of the request is there to be read.
    if (path.includes("page")) expect(lines.join("\n")).toContain("page=2");
  }
});
