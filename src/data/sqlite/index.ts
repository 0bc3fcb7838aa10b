export { sqlite, type SqliteOptions } from "./source.ts";
