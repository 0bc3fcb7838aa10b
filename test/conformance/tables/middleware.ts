import { type Row, sentence } from "../row.ts";

const order = (...names: readonly string[]) => ({
  status: 200,
  headers: { "x-out": [...names].reverse().join(", ") },
  json: { in: names },
});
const BROKEN = { status: 500, json: { detail: "Internal Server Error" } } as const;

const rows: readonly Row[] = [
  ...sentence(7, "Outermost first: api, mounted api, scope, route", [
    { send: "GET /order", expect: order("api") },
    { send: "GET /scope/order", expect: order("api", "scope-1", "scope-2", "route") },
    { send: "GET /mounted/order", expect: order("api", "mounted") },
    { send: "GET /mounted/deep/order", expect: order("api", "mounted", "deep") },
  ]),
  ...sentence(7, "… each once, whatever the path is made of", [
    { send: "GET /order/7", expect: order("api") },
    { send: "GET /order/%EF%BF%BD", expect: order("api") },
    { send: "GET /order/a%5Cb", expect: order("api") },
    { send: "GET /order/a%23b", expect: order("api") },
    { send: "GET /order/%zz", expect: { status: 400, headers: { "x-out": "api" } } },
    { send: "GET /scope/..%2F/../order", expect: order("api", "scope-1", "scope-2", "route") },
  ]),
  ...sentence(7, "skip on a route removes one by name", [
    { send: "GET /scope/skipped", expect: order("api", "scope-2") },
    { send: "GET /scope/skipped/outer", expect: order("scope-1") },
  ]),
  ...sentence(7, "before may answer, and nothing further in runs", [
    { send: "GET /scope/early", expect: { status: 203, headers: { "x-out": "scope-2, scope-1, api" }, body: "early" } },
  ]),
  ...sentence(7, "after may replace the answer", [
    {
      send: "GET /scope/replaced",
      expect: { status: 203, headers: { "x-out": "scope-2, scope-1, api" }, body: "replaced" },
    },
  ]),
  ...sentence(7, "around may answer without next", [
    {
      send: "GET /scope/around",
      expect: { status: 203, headers: { "x-out": "scope-2, scope-1, api" }, body: "instead" },
    },
  ]),
  ...sentence(7, "or a plain (ctx, next) => Response", [
    {
      send: "GET /scope/plain",
      expect: { status: 200, headers: { "x-plain": "GET", "x-out": "scope-2, scope-1, api" } },
    },
  ]),
  ...sentence(7, "Middleware sees every answer of its scope: errors", [
    { send: "GET /thrown", expect: { ...BROKEN, headers: { "x-out": "api" } } },
    {
      send: "GET /scope/broken/before",
      expect: { ...BROKEN, headers: { "x-out": "route, scope-2, scope-1, api" } },
      logs: ["GET /scope/broken/before", "unseen"],
    },
    {
      send: "GET /scope/broken/after",
      expect: { ...BROKEN, headers: { "x-out": "route, scope-2, scope-1, api" } },
      logs: ["GET /scope/broken/after", "unseen"],
    },
    {
      send: "GET /scope/broken/around",
      expect: { ...BROKEN, headers: { "x-out": "route, scope-2, scope-1, api" } },
      logs: ["GET /scope/broken/around", "unseen"],
    },
    {
      send: "GET /scope/broken/nothing",
      expect: { ...BROKEN, headers: { "x-out": "scope-2, scope-1, api" } },
      logs: ["GET /scope/broken/nothing", "forgetful"],
    },
  ]),
  ...sentence(7, "… 404 and 405 included", [
    { send: "GET /nowhere", expect: { status: 404, headers: { "x-out": "api" }, json: { api: "Not Found" } } },
    { send: "PUT /order", expect: { status: 405, headers: { "x-out": "api", allow: "GET, HEAD, POST, OPTIONS" } } },
    { send: "GET /scope/nowhere", expect: { status: 404, headers: { "x-out": "scope-2, scope-1, api" } } },
    { send: "POST /scope/order", expect: { status: 405, headers: { "x-out": "scope-2, scope-1, api" } } },
    {
      send: "OPTIONS /scope/order",
      expect: { status: 204, headers: { "x-out": "scope-2, scope-1, api", allow: "GET, HEAD, OPTIONS" } },
    },
    {
      send: "GET /scope/order/",
      expect: { status: 308, headers: { "x-out": "scope-2, scope-1, api", location: "/scope/order" } },
    },
    { send: "GET /scope/%zz", expect: { status: 400, headers: { "x-out": "scope-2, scope-1, api" } } },
    { send: "GET /mounted/deep/nowhere", expect: { status: 404, headers: { "x-out": "deep, mounted, api" } } },
    { send: "GET /health", expect: { status: 200, headers: { "x-out": "api" } } },
  ]),
  ...sentence(1, "Mounted apis keep their own middleware and error handlers", [
    {
      send: "GET /mounted/nowhere",
      expect: { status: 404, headers: { "x-out": "mounted, api" }, json: { mounted: "Not Found" } },
    },
    {
      send: "GET /mounted/lost",
      expect: { status: 404, headers: { "x-out": "mounted, api" }, json: { mounted: "lost" } },
    },
    { send: "GET /fetch/any", expect: { status: 200, headers: { "x-out": "api" }, json: { from: "fetch" } } },
  ]),
];

/** Section 7, the mechanism, and what section 1 says of mounts that only middleware shows. */
export const middleware: readonly Row[] = rows.map((row) => ({ ...row, api: "layered" }));
