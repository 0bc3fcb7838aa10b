export { isBusy } from "./busy.ts";
export { hashed } from "./hashed.ts";
export { memoryStore, type MemoryStoreOptions, StoreFullError } from "./memory.ts";
export { linkRedis, type RedisLink } from "./redis-link.ts";
export { redisStore, type RedisStoreOptions } from "./redis.ts";
export { sqliteStore, type SqliteStoreOptions } from "./sqlite.ts";
export { writeAhead } from "./write-ahead.ts";
export { andThen, type MaybePromise, type Store, type SyncStore } from "./store.ts";
