import type { Expected } from "../row.ts";
import type { Opening, Step } from "../talk.ts";

/** One sentence of section 9 of CONTRACT.md, a socket that is asked for, and what comes of it. */
export interface SocketRow extends Opening {
  readonly sentence: string;
  /** Sockets that are opened before, and stay open until the end; they talk after the first one has. */
  readonly others?: readonly { readonly path: string; readonly steps: readonly Step[] }[];
  readonly steps?: readonly Step[];
  readonly refused?: Expected;
}

const rows = (sentence: string, all: readonly Omit<SocketRow, "sentence">[]): readonly SocketRow[] =>
  all.map((row) => ({ sentence, ...row }));

/** What a handshake carries, without one of its headers. */
const REQUIRED = { status: 426, headers: { upgrade: "websocket", "sec-websocket-version": "13" } } as const;

export const sockets: readonly SocketRow[] = [
  ...rows("Messages come in order, texts and bytes as they are", [
    {
      path: "/echo",
      steps: [
        { send: "one" },
        { send: new Uint8Array([0, 1, 255]) },
        { send: "" },
        { send: "zwölf 👋" },
        { get: "one" },
        { get: new Uint8Array([0, 1, 255]) },
        { get: "" },
        { get: "zwölf 👋" },
        { close: 1000 },
        { closed: 1000 },
      ],
    },
    {
      path: "/hooks/7",
      steps: [
        { get: "open 7" },
        { send: "slow" },
        { send: "fast" },
        { get: "got slow" },
        { get: "got fast" },
        { close: 4000, reason: "bye" },
        { closed: 4000, reason: "bye" },
      ],
    },
  ]),
  ...rows("Declared messages are checked both ways, and stripped", [
    { path: "/typed", steps: [{ send: { n: 4, more: 1 } }, { get: { twice: 8 } }] },
    {
      path: "/typed",
      steps: [
        { send: { n: 0 } },
        {
          get: {
            error: [{ loc: ["message", "n"], msg: "Expected integer to be greater or equal to 1", type: "range" }],
          },
        },
        { send: { n: 1 } },
        { get: { twice: 2 } },
      ],
    },
    { path: "/strict", steps: [{ send: { n: "x" } }, { closed: 1007, reason: "Invalid message" }] },
    { path: "/strict", steps: [{ send: "no json" }, { closed: 1007, reason: "Invalid JSON" }] },
  ]),
  ...rows("Params and query are read before the upgrade", [
    { path: "/reads/7?limit=10", steps: [{ get: { id: 7, limit: 10 } }, { closed: 1000 }] },
    { path: "/reads/x?limit=11", refused: { status: 422, entries: ["params.id type_error", "query.limit range"] } },
  ]),
  ...rows("Refusals happen before the upgrade as HTTP", [
    { path: "/nowhere", refused: { status: 404, json: { detail: "Not Found" } } },
    { path: "/echo", headers: { upgrade: "h2c" }, refused: REQUIRED },
    { path: "/echo", headers: { connection: "keep-alive" }, refused: REQUIRED },
    { path: "/echo", headers: { "sec-websocket-version": "8" }, refused: REQUIRED },
    { path: "/echo", headers: { "sec-websocket-key": "short" }, refused: { status: 400 } },
    { path: "/echo", headers: { origin: "https://evil.example" }, refused: { status: 403 } },
    { path: "/secured", refused: { status: 401, json: { detail: "Authentication required" } } },
    { path: "/secured", headers: { "x-ticket": "bad" }, refused: { status: 401, json: { detail: "Unknown ticket" } } },
    {
      path: "/secured",
      headers: { "x-ticket": "7" },
      refused: { status: 403, json: { detail: "Permission denied" } },
    },
    {
      path: "/secured",
      headers: { "x-ticket": "root" },
      refused: { status: 422, entries: ["query.q missing"] },
    },
    {
      path: "/secured",
      headers: { "x-ticket": "bad", upgrade: "h2c", origin: "https://evil.example" },
      refused: REQUIRED,
    },
    {
      path: "/secured",
      headers: { "x-ticket": "bad", origin: "https://evil.example" },
      refused: { status: 403, json: { detail: "This origin may not connect" } },
    },
    { path: "/secured?q=1", headers: { "x-ticket": "root" }, steps: [{ get: "root" }, { closed: 1000 }] },
  ]),
  ...rows("Origin must be same-origin or listed", [
    { path: "/origins", headers: { origin: "https://app.example.com" }, steps: [{ get: "welcome" }] },
    { path: "/origins", headers: { origin: "https://app.example.com.evil" }, refused: { status: 403 } },
    { path: "/origins", headers: { origin: "null" }, refused: { status: 403 } },
    { path: "/anywhere", headers: { origin: "https://evil.example" }, steps: [{ get: "welcome" }] },
  ]),
  ...rows("A subprotocol is agreed upon by the route's preference, or none", [
    { path: "/protocols", protocols: ["v1", "v2"], steps: [{ protocol: "v2" }, { get: "v2" }] },
    { path: "/protocols", protocols: ["v1"], steps: [{ protocol: "v1" }, { get: "v1" }] },
    { path: "/protocols", steps: [{ protocol: "" }, { get: "" }] },
  ]),
  ...rows("Close codes", [
    { path: "/returns", steps: [{ closed: 1000 }] },
    { path: "/own", steps: [{ closed: 4001, reason: "Invalid token" }] },
    { path: "/throws", steps: [{ send: "x" }, { closed: 1011, reason: "Internal error" }] },
    { path: "/forbids", steps: [{ send: "x" }, { closed: 1008, reason: "Not you" }] },
    {
      path: "/small",
      steps: [
        { send: "0123456789" },
        { get: "0123456789" },
        { send: "0123456789a" },
        { closed: 1009, reason: "A message takes at most 10 bytes" },
      ],
    },
    { path: "/small", steps: [{ send: "ääääää" }, { closed: 1009, reason: "A message takes at most 10 bytes" }] },
    {
      path: "/idle",
      steps: [
        { send: "1" },
        { send: "2" },
        { send: "3" },
        { send: "4" },
        { closed: 1013, reason: "Too many messages at once" },
      ],
    },
  ]),
  ...rows("Rooms reach all others, api.publish all, from a mounted api as well", [
    {
      path: "/rooms/blue",
      others: [{ path: "/rooms/blue", steps: [{ get: "hi" }, { get: { to: "all" } }] }],
      steps: [{ send: "who" }, { get: "2" }, { send: "hi" }, { send: "all" }, { get: { to: "all" } }],
    },
    {
      path: "/mounted/shout/green",
      others: [
        { path: "/rooms/green", steps: [{ get: "to green" }] },
        { path: "/rooms/red", steps: [{ send: "who" }, { get: "1" }] },
      ],
      steps: [{ send: "to green" }],
    },
  ]),
  ...rows("Middleware sees the 101", [
    {
      path: "/set",
      steps: [
        { header: "x-seen", is: "101" },
        { header: "x-own", is: "1" },
        { header: "set-cookie", is: "a=1, b=2" },
        { get: "set" },
      ],
    },
  ]),
];
