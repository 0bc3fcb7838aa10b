export { bulkDelete, type BulkDeleteOptions } from "./bulk-delete.ts";
export { bulkInsert, type BulkInsertOptions } from "./bulk-insert.ts";
export { bulkUpdate, type BulkUpdateOptions } from "./bulk-update.ts";
export { count, exists } from "./count.ts";
export { explain, type ExplainOptions } from "./explain.ts";
export { getOr404 } from "./get.ts";
export { getOrCreate, type Gotten, updateOrCreate } from "./one-row.ts";
