export { LocklessSqliteCompiler } from "./lockless.ts";
export type { Instance } from "./instance.ts";
export { afterCommit } from "./scope.ts";
export { transaction, type TransactionOptions } from "./transaction.ts";
