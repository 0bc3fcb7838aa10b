export { calls, callSite } from "./frames.ts";
export { type DebugJson, debugJson } from "./json.ts";
export { debugPage, debugPolicy } from "./page.ts";
export type { DebugQuery } from "./query.ts";
export { type RepeatedQuery, repeatedQueries } from "./repeated.ts";
export type { DebugInfo } from "./report.ts";
