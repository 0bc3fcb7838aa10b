export { kyselyLog } from "./kysely-log.ts";
export type { QueryEntry, WatchOptions } from "./options.ts";
export { type Watched, watching, watchingEach, watchOf } from "./watching.ts";
