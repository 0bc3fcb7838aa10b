import { authWorkloads } from "./auth-workloads.ts";
import { dataWorkloads } from "./data-workloads.ts";
import type { DatabaseName, Rows } from "./databases.ts";
import { viewWorkloads } from "./view-workloads.ts";

/** One request that every server answers alike. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  /** The table of README.md that shows it; default `results`. */
  readonly section?: "results" | "auth" | "data" | "views";
  /** What it is called together with its like on another database. */
  readonly group?: string;
  /** It is for the servers on this database, and for no others. */
  readonly database?: DatabaseName;
  /** What is in that database. */
  readonly rows?: Rows;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Paths that are taken in turn under load, instead of `path`. */
  readonly paths?: readonly string[];
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A path that is posted to first; the cookie that it sets goes along with every request. */
  readonly signIn?: string;
  /** The header with the credential: spoilt it must be answered 401. */
  readonly credential?: "authorization" | "x-api-key" | "cookie";
  /** Headers with a credential that is good, but not enough: 403. */
  readonly denied?: Readonly<Record<string, string>>;
  /** The cursor that so many pages lead to goes along. */
  readonly pagesBefore?: number;
  /** Fields of the answer whose values each server makes itself: keys, moments, cursors. */
  readonly generated?: readonly string[];
  /** What one request adds to its database. */
  readonly writes?: Readonly<Record<string, number>>;
}

const json = { "content-type": "application/json" };

const order = {
  id: 7,
  customer: { name: "Ada Lovelace", email: "ada@example.org" },
  address: { street: "12 St James's Square", city: "London", zip: "20315", country: "GB" },
  items: [
    { sku: "ENG-1", quantity: 2, price: 1999 },
    { sku: "ENG-2", quantity: 1, price: 450 },
  ],
  express: true,
};

const wrongOrder = {
  ...order,
  customer: { ...order.customer, name: 42 },
  items: [order.items[0], { ...order.items[1], quantity: 0 }],
};

const cookies = "theme=dark; lang=en-GB; session=8f14e45fceea167a5a36dedd4bea2543; consent=1; _ga=GA1.2.1";

const get = (name: string, path: string, about: string, status = 200): Workload => ({
  name,
  about,
  method: "GET",
  path,
  status,
});

const plainWorkloads: readonly Workload[] = [
  get("constant", "/constant", "plaintext, a constant"),
  get("text", "/text", "plaintext from a handler"),
  get("json", "/json", "a small JSON object"),
  get("json-10k", "/json-10k", "10 KB of JSON: 100 rows, declared and checked where the server can"),
  get("path-param", "/users/42", "one integer path parameter"),
  get("query", "/search/books?q=zig&limit=25&exact=true", "a path parameter and three typed query parameters"),
  {
    name: "body",
    about: "a nested JSON body of 10 fields, validated",
    method: "POST",
    path: "/orders",
    status: 200,
    headers: json,
    body: JSON.stringify(order),
  },
  {
    name: "invalid-body",
    about: "the same body with two mistakes: 422 with two entries",
    method: "POST",
    path: "/orders",
    status: 422,
    headers: json,
    body: JSON.stringify(wrongOrder),
  },
  get("not-found", "/nowhere/at/all", "an unknown path: 404", 404),
  get("middleware", "/middleware", "ten middlewares, each adds 1 to a counter of the request"),
  get("html", "/html", "a small HTML page"),
  get("redirect", "/redirect", "a 307 with its location", 307),
  { ...get("cookie", "/cookie", "one declared cookie out of five"), headers: { cookie: cookies } },
  get("place", "/places/4711", "one row of SQLite by primary key"),
  get("places", "/places?country=DE", "the ten most populous rows of one country, from SQLite"),
];

/** Every workload, in the order of the report. */
export const workloads: readonly Workload[] = [...plainWorkloads, ...authWorkloads, ...dataWorkloads, ...viewWorkloads];
