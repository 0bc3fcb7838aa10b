export { SqliteCompiler } from "./compiler.ts";
export { sqlite, type SqliteOptions } from "./source.ts";
