export { type DebugJson, debugJson } from "./json.ts";
export { debugPage, debugPolicy } from "./page.ts";
export type { DebugInfo, DebugQuery } from "./report.ts";
