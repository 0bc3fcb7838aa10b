import type { PageName } from "./options.ts";

/** A file of a viewer's package, and what it is called here. */
export interface ViewerFile {
  readonly path: string;
  readonly name: string;
  readonly type: "text/javascript" | "text/css";
  /** What is put in the place of what. */
  readonly replace?: readonly [text: string, by: string];
}

/** A program that shows the document. */
export interface Viewer {
  readonly title: string;
  /** The npm package, and the version that a user is told to add; absent where it comes with Bolide. */
  readonly package: string;
  readonly add?: string;
  readonly files: readonly ViewerFile[];
  /** The page's body. `url` is the document's. */
  readonly body: (url: string) => string;
  /** A script that runs when the viewer's own has; `here` where the document names no server. */
  readonly start?: (url: string, here: boolean) => string;
  /** Style of the page around the viewer. */
  readonly style?: string;
}

const script = (path: string, name: string): ViewerFile => ({ path, name, type: "text/javascript" });
const sheet = (path: string, name: string): ViewerFile => ({ path, name, type: "text/css" });

/** A script that does something now, and again whenever the reader's system turns dark or light: Scalar and RapiDoc look by themselves. */
const inTheDark = (step: string): string =>
  `const dark = matchMedia("(prefers-color-scheme: dark)"); (dark.onchange = () => ${step})();`;

const EMPTY_IMAGE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

/**
 * Scalar sends a file as being of the type that its encoding names, though that be `image/*` or a list of types (OpenAPI 3.1,
 * 4.8.15): it is shown the document without those, and sends the type that the browser knows.
 */
const withoutRanges = (url: string): string => `async (input, init) => {
  const response = await fetch(input, init);
  if (!response.ok || response.url !== new URL(${JSON.stringify(url)}, location).href) return response;
  const isRange = ([, { contentType }]) => typeof contentType === "string" && /[*,]/.test(contentType);
  const read = (key, value) => key === "encoding" && value !== null && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).filter((one) => !isRange(one)))
    : value;
  return Response.json(JSON.parse(await response.text(), read));
}`;

const SCALAR: Viewer = {
  title: "Scalar",
  package: "@scalar/api-reference",
  files: [script("dist/browser/standalone.js", "scalar.js")],
  body: () => '<div id="app"></div>',
  start: (url, here) => {
    const options = {
      url,
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      showDeveloperTools: "never",
      agent: { disabled: true },
      mcp: { disabled: true },
      persistAuth: true,
    };
    // Where no server is named, it would show requests without a host.
    const servers = here ? ", servers: [{ url: location.origin }]" : "";
    return `Scalar.createApiReference("#app", { ...${JSON.stringify(options)}${servers}, customFetch: ${withoutRanges(url)} });`;
  },
};

/** Swagger UI asks the address of an OpenID provider as soon as it has read of it: it is told of the bearer token that one gives. */
const withoutDiscovery = (url: string): string => `(response) => {
  if (!response.ok || response.url !== new URL(${JSON.stringify(url)}, location).href) return response;
  const read = (_, value) => value?.type === "openIdConnect" && typeof value.openIdConnectUrl === "string"
    ? { type: "http", scheme: "bearer", description: [value.description, value.openIdConnectUrl].filter(Boolean).join(" ") }
    : value;
  return Object.assign(response, { text: JSON.stringify(JSON.parse(response.text, read)) });
}`;

const SWAGGER: Viewer = {
  title: "Swagger UI",
  package: "swagger-ui-dist",
  add: "swagger-ui-dist@5",
  files: [script("swagger-ui-bundle.js", "swagger.js"), sheet("swagger-ui.css", "swagger.css")],
  body: () => '<div id="app"></div>',
  start: (url) =>
    `${inTheDark('document.documentElement.classList.toggle("dark-mode", dark.matches)')}
SwaggerUIBundle({ url: ${JSON.stringify(url)}, dom_id: "#app", deepLinking: true, validatorUrl: null, persistAuthorization: true, responseInterceptor: ${withoutDiscovery(url)} });`,
};

const REDOC: Viewer = {
  title: "Redoc",
  package: "redoc",
  add: "redoc@2",
  files: [
    {
      ...script("bundles/redoc.standalone.js", "redoc.js"),
      // Its logo, which it would ask another origin for.
      replace: ["https://cdn.redoc.ly/redoc/logo-mini.svg", EMPTY_IMAGE],
    },
  ],
  body: () => '<div id="app"></div>',
  // It knows no OpenAPI 3.2, of which it would show all but QUERY: it is given that as 3.1. What is refused, it tells itself.
  start: (url) => `const url = ${JSON.stringify(url)};
fetch(url).then(async (response) => {
  const shown = response.ok ? await response.json() : url;
  if (shown !== url && shown.openapi.startsWith("3.2")) shown.openapi = "3.1.1";
  Redoc.init(shown, { hideLoading: true, downloadUrls: [{ url }] }, document.getElementById("app"));
});`,
};

const RAPIDOC: Viewer = {
  title: "RapiDoc",
  package: "rapidoc",
  add: "rapidoc@9",
  files: [script("dist/rapidoc-min.js", "rapidoc.js")],
  body: (url) =>
    `<rapi-doc spec-url="${url}" load-fonts="false" render-style="read" show-header="false" allow-server-selection="true" persist-auth="true"></rapi-doc>`,
};

const ELEMENTS: Viewer = {
  title: "Stoplight Elements",
  package: "@stoplight/elements",
  add: "@stoplight/elements@9",
  files: [script("web-components.min.js", "elements.js"), sheet("styles.min.css", "elements.css")],
  body: (url) => `<elements-api apiDescriptionUrl="${url}" router="hash" layout="sidebar"></elements-api>`,
  start: () => inTheDark('document.documentElement.dataset.theme = dark.matches ? "dark" : "light"'),
  style:
    'html, body { height: 100%; } html[data-theme="dark"] { color-scheme: dark; } elements-api { display: block; height: 100%; }',
};

/** The viewers, by the page that shows them. */
export const VIEWERS: Readonly<Record<PageName, Viewer>> = {
  docs: SCALAR,
  scalar: SCALAR,
  swagger: SWAGGER,
  redoc: REDOC,
  rapidoc: RAPIDOC,
  elements: ELEMENTS,
};
