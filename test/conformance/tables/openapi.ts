import { READER } from "../apis/library.ts";
import { type Row, sentence } from "../row.ts";

const reader = [["x-api-key", READER]] as const;
const JSON_DOCUMENT = { "content-type": "application/json", "cache-control": "no-cache" };
const PAGE = { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" };
/** What a page must not do: ask anybody but this process. */
const ELSEWHERE = ["https://", "http://", "//cdn"];

const missing = (path: string, told: string): Omit<Row, "section" | "sentence"> => ({
  api: "library",
  send: `GET ${path}`,
  expect: { status: 404, headers: PAGE, holds: [`bun add ${told}`], lacks: ELSEWHERE },
});

/** Section 11: the document and its pages. The pages whose packages are not installed here say so. */
export const openapi: readonly Row[] = [
  ...sentence(11, "OpenAPI 3.1 at /openapi.json and /openapi.yaml", [
    {
      api: "library",
      send: "GET /openapi.json",
      expect: {
        status: 200,
        headers: JSON_DOCUMENT,
        holds: ['{"openapi":"3.1.1","info":{"title":"Library","version":"2.0.0"}'],
      },
    },
    {
      api: "library",
      send: "GET /openapi.yaml",
      expect: {
        status: 200,
        headers: { "content-type": "application/yaml", "cache-control": "no-cache" },
        holds: ["openapi: 3.1.1\ninfo:\n  title: Library\n"],
      },
    },
    { api: "library", send: "HEAD /openapi.json", expect: { status: 200, headers: JSON_DOCUMENT, body: "" } },
    {
      api: "library",
      send: "POST /openapi.json",
      expect: { status: 405, headers: { allow: "GET, HEAD, OPTIONS" } },
    },
    { api: "library", send: "GET /openapi.xml", expect: { status: 404, json: { detail: "Not Found" } } },
  ]),
  ...sentence(11, "Complete: params with constraints, defaults and formats", [
    {
      api: "library",
      send: "GET /openapi.json",
      expect: {
        status: 200,
        holds: [
          '{"name":"page_size","in":"query","description":"Items of a page, at most 3"',
          '{"name":"shelfId__in","in":"query","description":"Any of these","style":"form","explode":false',
          '"enum":["title","-title","price","-price","pages","-pages"]',
          '{"name":"shelf__label","in":"query"',
          '{"name":"cursor","in":"query"',
        ],
        lacks: ['"name":"code"'],
      },
    },
  ]),
  ...sentence(11, "… every response status, component schemas by name, securitySchemes, tags, unique operationIds", [
    {
      api: "library",
      send: "GET /openapi.json",
      expect: {
        status: 200,
        holds: [
          '"operationId":"listBooks"',
          '"operationId":"partialUpdateBooksById"',
          '"operationId":"destroyShelvesByLabel"',
          '"operationId":"whoamiMine"',
          '"operationId":"shoutNotesById"',
          '"412":{"description":"Precondition Failed"',
          '"409":{"$ref":"#/components/responses/Conflict"}',
          '"location":{"description":"Where the new object is"',
          '"BookCreate":{"type":"object"',
          '"BookOnShelfInput":{"type":"object"',
          '"api-key":{"type":"apiKey","in":"header","name":"x-api-key"}',
          '"security":[{"api-key":[]}]',
          '{"name":"tallies"}',
        ],
      },
    },
  ]),
  ...sentence(11, "/docs (Scalar, also at /scalar); every asset served by the process itself", [
    {
      api: "library",
      send: "GET /docs",
      expect: {
        status: 200,
        headers: { ...PAGE, "x-content-type-options": "nosniff" },
        holds: ["<title>Library · Scalar</title>", 'src="openapi/assets/scalar-'],
        lacks: ELSEWHERE,
      },
    },
    { api: "library", send: "GET /scalar", expect: { status: 200, headers: PAGE, holds: ["Library · Scalar"] } },
    { api: "library", send: "HEAD /docs", expect: { status: 200, headers: PAGE, body: "" } },
    { api: "library", send: "GET /docs/", expect: { status: 308, headers: { location: "/docs" } } },
    { api: "library", send: "GET /openapi/assets/none.js", expect: { status: 404 } },
    { api: "library", send: "GET /openapi/assets/..%2f..%2fapp.ts", expect: { status: 404 } },
  ]),
  ...sentence(11, "/swagger, /redoc, /rapidoc, /elements", [
    missing("/swagger", "swagger-ui-dist@5"),
    missing("/redoc", "redoc@2"),
    missing("/rapidoc", "rapidoc@9"),
    missing("/elements", "@stoplight/elements@9"),
  ]),
  ...sentence(11, "Each page and the document can be moved, guarded or switched off", [
    { api: "unlisted", send: "GET /schema.json", expect: { status: 401, json: { detail: "Authentication required" } } },
    {
      api: "unlisted",
      send: "GET /schema.json",
      headers: reader,
      expect: { status: 200, headers: JSON_DOCUMENT, holds: ['"/things"', '"deprecated":true'], lacks: ["/secret"] },
    },
    { api: "unlisted", send: "GET /schema.yaml", headers: reader, expect: { status: 200, lacks: ["/secret"] } },
    { api: "unlisted", send: "GET /reference", expect: { status: 401 } },
    { api: "unlisted", send: "GET /reference", headers: reader, expect: { status: 200, headers: PAGE } },
    { api: "unlisted", send: "GET /openapi.json", headers: reader, expect: { status: 404 } },
    { api: "unlisted", send: "GET /docs", headers: reader, expect: { status: 404 } },
    { api: "unlisted", send: "GET /redoc", headers: reader, expect: { status: 404 } },
    { api: "unlisted", send: "GET /secret", expect: { status: 200, body: "kept" } },
  ]),
];
