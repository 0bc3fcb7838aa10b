export { drain } from "./drain.ts";
export { Hub } from "./hub.ts";
export { healthRoutes, type Readiness, type ReadinessCheck } from "./health.ts";
export { listen, type ListenOptions, type RunningServer } from "./listen.ts";
export { type SignalOptions, stopOnSignal, type Stoppable } from "./signals.ts";
