export { testTransaction, type TestTransaction } from "./test-transaction.ts";
export { type TestHooks, transactional } from "./transactional.ts";
