import {
  accepted,
  type Api,
  bytes,
  constant,
  cookie,
  created,
  deleteCookie,
  html,
  json,
  noContent,
  redirect,
  render,
  status,
  t,
  text,
  xml,
} from "bolide";

const User = t.Object({ id: t.Integer(), name: t.String() });
/** Rows that a database would give: more than the contract names. */
const row = { id: 1, name: "Ada", password: "s3cret" };

/** What section 3 speaks of. */
export function addAnswering(api: Api): void {
  api.get("/answer/object", () => ({ a: 1, nested: { b: [true, null] } }));
  api.get("/answer/array", () => [1, 2]);
  api.get("/answer/number", () => 7);
  api.get("/answer/boolean", () => false);
  api.get("/answer/string", () => "grüß dich");
  api.get("/answer/bytes", () => new Uint8Array([0, 255, 10]));
  api.get("/answer/buffer", () => new Uint8Array([1, 2]).buffer);
  api.get("/answer/blob", () => new Blob(["<p>"], { type: "image/svg+xml" }));
  api.get("/answer/blob-untyped", () => new Blob(["raw"]));
  api.get(
    "/answer/response",
    { responseHeaders: { "x-route": "1" } },
    () => new Response("own", { status: 299, headers: { "x-own": "1" } }),
  );
  api.get("/answer/null", () => null);
  api.get("/answer/undefined", () => undefined);
  api.get("/answer/null-204", { response: { 200: User, 204: t.Null() } }, () => null);
  api.get("/answer/null-declared", { response: t.Nullable(User) }, () => null);
  api.get("/answer/nothing", { response: User }, () => null as never);
  api.get("/answer/promise", async () => ({ later: true }));

  api.get("/help/json", () => json({ a: 1 }, { status: 201, headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }));
  api.get("/help/html", () => html("<p>hi</p>", { status: 201, headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }));
  api.get("/help/template", () => html`<p>${"<script>"}</p>`);
  api.get("/help/text", () => text("hi", { status: 201, headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }));
  api.get("/help/xml", () => xml("<a/>", { status: 201, headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }));
  api.get("/help/bytes", () =>
    bytes(new Uint8Array([7]), { status: 201, headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }),
  );
  api.get("/help/redirect", () => redirect("/elsewhere?a=1"));
  api.get("/help/redirect-303", () =>
    redirect("/elsewhere", { status: 303, headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }),
  );
  api.get("/help/status", () => status(207, { results: [] }, { headers: { "x-a": "1" } }));
  api.get("/help/created", () => created({ id: 1 }, { headers: { location: "/things/1" } }));
  api.get("/help/accepted", () => accepted());
  api.get("/help/no-content", () => noContent({ headers: { "x-a": "1" }, cookies: [cookie("a", "1")] }));
  api.get("/help/render", () =>
    render(({ name }: { readonly name: string }) => html`<b>${name}</b>`, { name: "A&B" }, { status: 201 }),
  );

  api.get("/status/201", { status: 201 }, () => ({ made: true }));
  api.get("/status/text", { status: 203 }, () => "text");
  api.get("/declared/strip", { response: User }, () => row);
  api.get("/declared/list", { response: t.Array(User) }, () => [row, row]);
  api.get("/declared/nested", { response: t.Object({ owner: User }) }, () => ({ owner: row, hidden: true }));
  api.get("/declared/map", { response: { 200: User, 201: t.Object({ id: t.Integer() }) } }, () => created(row));
  api.get("/declared/map-plain", { response: { 200: User, 201: t.Object({ id: t.Integer() }) } }, () => row);
  api.get("/declared/other-status", { response: { 200: User } }, () => status(202, row) as never);
  api.get("/declared/mismatch", { response: User }, () => ({ id: "one", name: "Ada", password: "s3cret" }) as never);
  api.get("/declared/mismatch-list", { response: t.Array(User) }, () => [row, { id: 2 }] as never);
  api.get("/declared/kinds", { response: t.Object({ at: t.Date(), big: t.BigInt(), raw: t.Bytes() }) }, () => ({
    at: new Date("2024-02-29T12:30:00.500Z"),
    big: 12345678901234567890n,
    raw: new Uint8Array([1, 2, 3, 255]),
  }));
  api.get("/declared/off", { response: User, responseValidation: "off" }, () => row);
  api.get(
    "/declared/strip-only",
    { response: User, responseValidation: "strip" },
    () => ({ id: "not checked", name: "Ada", password: "s3cret" }) as never,
  );
  api.get("/declared/string", { response: t.String() }, () => "checked text");
  api.get("/declared/constant", { response: t.String() }, constant("checked once"));

  const all = {
    maxAge: 60,
    expires: new Date("2030-01-01T00:00:00Z"),
    path: "/app",
    domain: "example.com",
    secure: true,
    httpOnly: false,
  } as const;
  api.get("/cookie/all", () =>
    json(1, { cookies: [cookie("full", "v", { ...all, sameSite: "none", partitioned: true })] }),
  );
  api.get("/cookie/two", () => json(1, { cookies: [cookie("a", "1"), cookie("b", "2")] }));
  api.get("/cookie/default", () => json(1, { cookies: [cookie("sid", "x")] }));
  api.get("/cookie/response", () => {
    const response = new Response("ok");
    response.headers.append("set-cookie", "a=1");
    response.headers.append("set-cookie", "b=2");
    return response;
  });
  api.get("/cookie/insecure", () => json(1, { cookies: [cookie("a", "1", { sameSite: "none", secure: false })] }));
  api.get("/cookie/control", () => json(1, { cookies: [cookie("a", "one\r\nset-cookie: b=2")] }));
  api.get("/cookie/name", () => json(1, { cookies: [cookie("a b", "1")] }));
  api.get("/cookie/delete", () =>
    noContent({ cookies: [deleteCookie("sid", { path: "/app", domain: "example.com" })] }),
  );
}
