export { drain } from "./drain.ts";
export { healthRoutes, type Readiness, type ReadinessCheck } from "./health.ts";
export { listen, type ListenOptions, type RunningServer } from "./listen.ts";
