export { Hub } from "./hub.ts";
export { healthRoutes, type Readiness, type ReadinessCheck } from "./health.ts";
export type { ListenOptions, RunningServer } from "./listen.ts";
export { Listeners } from "./listeners.ts";
export { type SignalOptions, stopOnSignal, type Stoppable } from "./signals.ts";
