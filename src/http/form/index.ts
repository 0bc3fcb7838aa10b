export { DEFAULT_MEMORY_THRESHOLD, DEFAULT_PARTS } from "./plan.ts";
export type { FormFile, FormLimits, FormPlan, FormResult } from "./plan.ts";
export { type FormReader, formReader } from "./read.ts";
