export type { FormFile, FormLimits, FormPlan, FormResult } from "./plan.ts";
export { type FormReader, formReader } from "./read.ts";
