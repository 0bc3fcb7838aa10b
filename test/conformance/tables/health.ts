import { type Row, sentence } from "../row.ts";

/** Section 12: `/health` and `/ready`. */
export const health: readonly Row[] = [
  ...sentence(12, '/health: 200 {"status":"ok"}', [
    { send: "GET /health", expect: { status: 200, json: { status: "ok" } } },
    { send: "HEAD /health", expect: { status: 200, headers: { "content-length": "15" }, body: "" } },
    { send: "POST /health", expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" } } },
    { send: "GET /health/", expect: { status: 308, headers: { location: "/health" } } },
    { api: "append", send: "GET /health/", expect: { status: 200, json: { status: "ok" } } },
  ]),
  ...sentence(12, "/ready: 200, each check with its time", [
    {
      send: "GET /ready",
      expect: {
        status: 200,
        holds: ['"status":"ok"', '"database":{"status":"ok","millis":', '"queue":{"status":"ok","millis":'],
      },
    },
    { api: "keep", send: "GET /ready", expect: { status: 200, json: { status: "ok", checks: {} } } },
  ]),
  ...sentence(12, "… or 503", [
    {
      api: "unready",
      send: "GET /ready",
      expect: {
        status: 503,
        holds: [
          '"status":"error"',
          '"good":{"status":"ok"',
          '"no":{"status":"error"',
          '"thrown":{"status":"error"',
          '"rejected":{"status":"error"',
        ],
        lacks: ["down"],
      },
    },
  ]),
  ...sentence(12, "A route of one's own at the same path replaces it; health: false leaves both out", [
    { api: "unready", send: "GET /health", expect: { status: 200, body: "a health of its own" } },
    { api: "limited", send: "GET /health", expect: { status: 404 } },
    { api: "limited", send: "GET /ready", expect: { status: 404 } },
  ]),
];
