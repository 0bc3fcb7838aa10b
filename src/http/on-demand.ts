/** `node:fs`, loaded at first use: importing it costs every start 2.4 ms, and few programs answer with files. */
export function fileSystem(): typeof import("node:fs") {
  return process.getBuiltinModule("node:fs");
}

/** `node:path`, loaded at first use: 0.7 ms of every start. */
export function paths(): typeof import("node:path") {
  return process.getBuiltinModule("node:path");
}
