import { type Row, sentence } from "../row.ts";

const NOT_FOUND = { status: 404, json: { detail: "Not Found" } } as const;
const routed = (route: string, params: Readonly<Record<string, unknown>> = {}) => ({
  status: 200,
  json: { route, params },
});

const methods: readonly Row[] = [
  ...sentence(1, "Methods: get post put patch delete head options query, and route(methods, path)", [
    { send: "GET /methods/get", expect: routed("GET /methods/get") },
    { send: "POST /methods/post", expect: routed("POST /methods/post") },
    { send: "PUT /methods/put", expect: routed("PUT /methods/put") },
    { send: "PATCH /methods/patch", expect: routed("PATCH /methods/patch") },
    { send: "DELETE /methods/delete", expect: routed("DELETE /methods/delete") },
    { send: "QUERY /methods/query", expect: routed("QUERY /methods/query") },
    { send: "HEAD /methods/head", expect: { status: 200, headers: { "x-head": "declared" }, body: "" } },
    { send: "OPTIONS /methods/options", expect: { status: 200, headers: { "x-options": "declared" }, body: "" } },
    { send: "PUT /methods/several/7", expect: routed("PUT|PATCH /methods/several/:id", { id: "7" }) },
    { send: "PATCH /methods/several/7", expect: routed("PUT|PATCH /methods/several/:id", { id: "7" }) },
  ]),
  ...sentence(1, "QUERY is safe, and may have a body", [
    { send: "QUERY /search", json: { text: "é" }, expect: { status: 200, json: { text: "é" } } },
  ]),
  ...sentence(1, "Path exists, method does not: 405 with Allow", [
    {
      send: "POST /users/7",
      expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" }, json: { detail: "Method Not Allowed" } },
    },
    { send: "GET /methods/several/7", expect: { status: 405, headers: { allow: "PUT, PATCH, OPTIONS" } } },
    { send: "GET /methods/query", expect: { status: 405, headers: { allow: "OPTIONS, QUERY" } } },
    { send: "PUT /mixed/fixed", expect: { status: 405, headers: { allow: "GET, HEAD, POST, DELETE, OPTIONS" } } },
    { send: "DELETE /constant", expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" } } },
  ]),
  ...sentence(1, "HEAD is answered from GET: its headers and Content-Length, no body", [
    {
      send: "HEAD /sized",
      expect: {
        status: 200,
        headers: { "content-length": "12", "content-type": "text/plain; charset=utf-8" },
        body: "",
      },
    },
    {
      send: "HEAD /sized/json",
      expect: { status: 200, headers: { "content-length": "11", "content-type": "application/json" }, body: "" },
    },
    {
      send: "HEAD /sized/bytes",
      expect: {
        status: 200,
        headers: { "content-length": "300", "content-type": "application/octet-stream" },
        body: "",
      },
    },
    { send: "HEAD /constant", expect: { status: 200, headers: { "content-length": "15" }, body: "" } },
    { send: "HEAD /users/seven", expect: { status: 422, headers: { "content-type": "application/json" }, body: "" } },
    { send: "HEAD /nowhere", expect: { status: 404, headers: { "content-type": "application/json" }, body: "" } },
    { send: "HEAD /methods/post", expect: { status: 405, headers: { allow: "POST, OPTIONS" }, body: "" } },
  ]),
  ...sentence(1, "… unless it is declared", [
    {
      send: "HEAD /with-head",
      expect: { status: 200, headers: { "x-head": "declared" }, absent: ["content-type"], body: "" },
    },
    { send: "GET /with-head", expect: { status: 200, json: { from: "GET" } } },
  ]),
  ...sentence(1, "OPTIONS is answered 204 with Allow", [
    { send: "OPTIONS /users/7", expect: { status: 204, headers: { allow: "GET, HEAD, OPTIONS" }, body: "" } },
    {
      send: "OPTIONS /methods/several/7",
      expect: { status: 204, headers: { allow: "PUT, PATCH, OPTIONS" }, body: "" },
    },
    { send: "OPTIONS /constant", expect: { status: 204, headers: { allow: "GET, HEAD, OPTIONS" }, body: "" } },
    { send: "OPTIONS /nowhere", expect: NOT_FOUND },
  ]),
  ...sentence(1, "… unless it is declared", [
    { send: "OPTIONS /with-options", expect: { status: 200, headers: { allow: "GET" }, body: "" } },
  ]),
  ...sentence(1, "Unknown path: 404", [
    { send: "GET /nowhere", expect: NOT_FOUND },
    { send: "GET /users", expect: NOT_FOUND },
    { send: "GET /users/7/posts", expect: NOT_FOUND },
    { send: "GET /Users/7", expect: NOT_FOUND },
    { send: "POST /nowhere", body: "ignored", expect: NOT_FOUND },
    { send: "QUERY /nowhere", expect: NOT_FOUND },
    { send: "GET /", expect: NOT_FOUND },
  ]),
];

const paths: readonly Row[] = [
  ...sentence(1, "Path syntax /users/:id", [
    { send: "GET /users/7", expect: routed("GET /users/:id", { id: 7 }) },
    { send: "GET /users/7?x=/a/b", expect: routed("GET /users/:id", { id: 7 }) },
    { send: "GET /two/a/b", expect: routed("GET /two/:a/:b", { a: "a", b: "b" }) },
  ]),
  ...sentence(1, "/files/*path: tail with slashes, decoded per segment and re-joined", [
    { send: "GET /files/a", expect: routed("GET /files/*path", { path: "a" }) },
    { send: "GET /files/a/b/c.txt", expect: routed("GET /files/*path", { path: "a/b/c.txt" }) },
    { send: "GET /files/a%20b/%C3%A9", expect: routed("GET /files/*path", { path: "a b/é" }) },
    { send: "GET /files/a%2Fb/c", expect: routed("GET /files/*path", { path: "a/b/c" }) },
    { send: "GET /files/a/", expect: routed("GET /files/*path", { path: "a/" }) },
  ]),
  ...sentence(1, "Static beats dynamic beats wildcard, whatever the order of registration", [
    { send: "GET /files/readme", expect: routed("GET /files/readme") },
    { send: "GET /files/readme.txt", expect: routed("GET /files/*path", { path: "readme.txt" }) },
    { send: "GET /both/fixed", expect: routed("GET /both/fixed") },
    { send: "GET /both/other", expect: routed("GET /both/:id", { id: "other" }) },
    { send: "GET /both/other/deep", expect: routed("GET /both/*rest", { rest: "other/deep" }) },
    { send: "GET /both/fixed/deep", expect: routed("GET /both/*rest", { rest: "fixed/deep" }) },
    { send: "GET /mixed/fixed", expect: routed("GET /mixed/:id", { id: "fixed" }) },
    { send: "POST /mixed/fixed", expect: routed("POST /mixed/fixed") },
    { send: "DELETE /mixed/fixed", expect: routed("DELETE /mixed/*rest", { rest: "fixed" }) },
  ]),
  ...sentence(1, "%2F inside a segment stays inside that parameter and never changes matching", [
    { send: "GET /text/a%2Fb", expect: { status: 200, body: "a/b" } },
    { send: "GET /text/a%2fb%2F", expect: { status: 200, body: "a/b/" } },
    { send: "GET /two/a%2Fb/c", expect: routed("GET /two/:a/:b", { a: "a/b", b: "c" }) },
    { send: "GET /two%2Fa/b", expect: NOT_FOUND },
    { send: "GET /both%2Ffixed", expect: NOT_FOUND },
    { send: "GET /escaped%2Fslash/7", expect: routed("GET /escaped%2Fslash/:id", { id: "7" }) },
  ]),
  ...sentence(1, "Parameters are percent-decoded once; + and ; stand for themselves", [
    { send: "GET /text/%C3%A9%20%F0%9F%98%80", expect: { status: 200, body: "é 😀" } },
    { send: "GET /text/a+b;c=d,e", expect: { status: 200, body: "a+b;c=d,e" } },
    { send: "GET /text/%2B%3B", expect: { status: 200, body: "+;" } },
    { send: "GET /text/%2541", expect: { status: 200, body: "%41" } },
    { send: "GET /text/%25", expect: { status: 200, body: "%" } },
    { send: "GET /text/%23%3F%5C", expect: { status: 200, body: "#?\\" } },
    { send: "GET /text/%EF%BF%BD", expect: { status: 200, body: "\uFFFD" } },
    { send: "GET /text/...", expect: { status: 200, body: "..." } },
  ]),
  ...sentence(1, "Static segments match however they are percent-encoded (RFC 3986 6.2.2)", [
    { send: "GET /a%20b/%C3%A9", expect: routed("GET /a b/é") },
    { send: "GET /a%20b/%c3%a9", expect: routed("GET /a b/é") },
    { send: "GET /%66iles/readm%65", expect: routed("GET /files/readme") },
    { send: "GET /sub,delims;=+$&@", expect: routed("GET /sub,delims;=+$&@") },
    { send: "GET /escaped%2fslash/7", expect: routed("GET /escaped%2Fslash/:id", { id: "7" }) },
  ]),
  ...sentence(1, "Malformed percent-encoding in a path is 400", [
    { send: "GET /text/%", expect: { status: 400 } },
    { send: "GET /text/%zz", expect: { status: 400 } },
    { send: "GET /text/%4", expect: { status: 400 } },
    { send: "GET /text/%ff", expect: { status: 400 } },
    { send: "GET /text/%C3", expect: { status: 400 } },
    { send: "GET /text/%ED%A0%80", expect: { status: 400 } },
    { send: "GET /files/a/%zz/b", expect: { status: 400 } },
    { send: "GET /users/%zz", expect: { status: 400 } },
    { send: "POST /users/%zz", expect: { status: 400 } },
    { send: "GET /nowhere/%zz", expect: { status: 400 } },
    { send: "GET /%zz", expect: { status: 400 } },
  ]),
  ...sentence(1, "Repeated slashes match as one, in the native table and in the tree alike", [
    { send: "GET //users//7", expect: routed("GET /users/:id", { id: 7 }) },
    { send: "GET /users///7", expect: routed("GET /users/:id", { id: 7 }) },
    { send: "GET ///constant", expect: { status: 200, body: "always the same" } },
    { send: "GET /files//a///b", expect: routed("GET /files/*path", { path: "a/b" }) },
    { send: "GET //methods//several//7", expect: { status: 405 } },
    { send: "GET /both//fixed", expect: routed("GET /both/fixed") },
  ]),
  ...sentence(1, "Dot segments are resolved before anything matches (WHATWG URL 4.4)", [
    { send: "GET /users/../constant", expect: { status: 200, body: "always the same" } },
    { send: "GET /text/./a", expect: { status: 200, body: "a" } },
    { send: "GET /text/%2e%2e/constant", expect: { status: 200, body: "always the same" } },
    { send: "GET /text/..", expect: NOT_FOUND },
    { send: "GET /../../text/a", expect: { status: 200, body: "a" } },
  ]),
];

const slashes: readonly Row[] = [
  ...sentence(1, "trailingSlash strip, the default: the other spelling gets 308 with the query kept", [
    { send: "GET /users/7/", expect: { status: 308, headers: { location: "/users/7" }, body: "" } },
    { send: "GET /users/7/?a=1&b=%20", expect: { status: 308, headers: { location: "/users/7?a=1&b=%20" } } },
    { send: "GET /constant/", expect: { status: 308, headers: { location: "/constant" } } },
    { send: "HEAD /constant/", expect: { status: 308, headers: { location: "/constant" } } },
    { send: "POST /methods/post/", expect: { status: 308, headers: { location: "/methods/post" } } },
    { send: "GET //users//7//", expect: { status: 308, headers: { location: "/users/7" } } },
    { send: "GET /text/a%2Fb/", expect: { status: 308, headers: { location: "/text/a%2Fb" } } },
  ]),
  ...sentence(1, "trailingSlash append", [
    { api: "append", send: "GET /list/", expect: { status: 200, body: "list" } },
    { api: "append", send: "GET /users/7/", expect: { status: 200, body: "7" } },
    { api: "append", send: "GET /list", expect: { status: 308, headers: { location: "/list/" } } },
    { api: "append", send: "GET /users/7?a=1", expect: { status: 308, headers: { location: "/users/7/?a=1" } } },
    { api: "append", send: "POST /list", expect: { status: 308, headers: { location: "/list/" } } },
    { api: "append", send: "GET /tail/a/b", expect: { status: 200, body: "a/b" } },
  ]),
  ...sentence(1, "trailingSlash keep", [
    { api: "keep", send: "GET /list", expect: { status: 200, body: "list" } },
    { api: "keep", send: "GET /list/", expect: { status: 200, body: "list with a slash" } },
    { api: "keep", send: "GET /users/7", expect: { status: 200, body: "7" } },
    { api: "keep", send: "GET /users/7/", expect: NOT_FOUND },
    { api: "keep", send: "POST /list/", expect: { status: 405 } },
  ]),
  ...sentence(1, "… only where the target route exists", [
    { send: "GET /nowhere/", expect: NOT_FOUND },
    { send: "GET /nowhere/?a=1", expect: NOT_FOUND },
    { api: "append", send: "GET /nowhere", expect: NOT_FOUND },
    { api: "append", send: "GET /nowhere/", expect: NOT_FOUND },
  ]),
  ...sentence(1, "The root is exempt", [
    { api: "append", send: "GET /", expect: { status: 200, body: "root" } },
    { api: "keep", send: "GET /", expect: { status: 200, body: "root" } },
    { api: "append", send: "GET //", expect: { status: 200, body: "root" } },
  ]),
];

const scopes: readonly Row[] = [
  ...sentence(1, "Scopes: prefix, dependencies, status, response headers; the route over the scope over its parent", [
    {
      send: "GET /scope/plain",
      expect: { status: 202, headers: { "x-scope": "outer", "x-outer": "1" }, json: { in: "scope" } },
    },
    {
      send: "GET /scope/own",
      expect: { status: 203, headers: { "x-scope": "route", "x-outer": "1" }, json: { in: "route" } },
    },
    {
      send: "GET /scope/acme/inner/7",
      expect: {
        status: 202,
        headers: { "x-scope": "inner", "x-outer": "1" },
        json: { params: { tenant: "acme", id: "7" }, word: "provided" },
      },
    },
    { send: "GET /scope/added", expect: { status: 202, json: { route: "GET /scope/added", params: {} } } },
    { send: "POST /scope/added", expect: { status: 202, json: { route: "POST /scope/added", params: {} } } },
    {
      send: "PUT /scope/acme/inner/added/again",
      expect: { status: 201, json: { route: "PUT /scope/:tenant/inner/added/again", params: { tenant: "acme" } } },
    },
  ]),
  ...sentence(1, "Mounted apis answer under their prefix", [
    { send: "GET /mounted/v1/things/7", expect: routed("GET /mounted/v1/things/:id", { id: "7" }) },
    { send: "POST /mounted/v1/things/7", expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" } } },
    { send: "GET /mounted/v1/things/7/", expect: { status: 308, headers: { location: "/mounted/v1/things/7" } } },
    { send: "GET /mounted/things/7", expect: NOT_FOUND },
    { send: "GET /v1/things/7", expect: NOT_FOUND },
  ]),
  ...sentence(1, "A mounted fetch function sees the path without the prefix, whatever the method", [
    { send: "GET /fetch", expect: { status: 200, json: { method: "GET", path: "/", search: "", body: "" } } },
    { send: "GET /fetch/", expect: { status: 200, json: { method: "GET", path: "/", search: "", body: "" } } },
    {
      send: "GET /fetch/a/b?c=1",
      expect: { status: 200, json: { method: "GET", path: "/a/b", search: "?c=1", body: "" } },
    },
    {
      send: "POST /fetch/a%2Fb",
      body: "posted",
      expect: { status: 200, json: { method: "POST", path: "/a%2Fb", search: "", body: "posted" } },
    },
    {
      send: "OPTIONS /fetch/a",
      expect: { status: 200, json: { method: "OPTIONS", path: "/a", search: "", body: "" } },
    },
    { send: "GET /object/any", expect: { status: 200, body: "from an object" } },
    { send: "GET /fetched", expect: NOT_FOUND },
  ]),
];

/** Section 1. */
export const routing: readonly Row[] = [...methods, ...paths, ...slashes, ...scopes];
