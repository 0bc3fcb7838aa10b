export { addressReader, type TrustProxy } from "./address.ts";
export { explain } from "./explain.ts";
export { formTypes } from "./form.ts";
export { type CompiledHandler, DEFAULT_LIMITS, type Kit, type RequestLimits } from "./kit.ts";
export type { PlacedMount } from "./mounts.ts";
export {
  type AnswerPlan,
  DEFAULT_BODY_SIZE,
  type PlacedRoute,
  type Plan,
  planRoute,
  type Step,
  type StepOf,
  stepOf,
  stepsOf,
  type TextSource,
} from "./plan.ts";
export { compileProgram, type Declarations, type NativeRow, type Program, type TrailingSlash } from "./program.ts";
export { headerName } from "./steps/read.ts";
