import { nativeStatus } from "../../src/native/index.ts";

/** A function in its TypeScript form and in its native one: every vector runs through both. */
export interface Way<Function> {
  readonly way: "TypeScript" | "Zig";
  readonly run: Function;
}

/** Fails the test file when the library should be there and is not, so that no vector is silently skipped. */
export function bothWays<Function>(script: Function, native: Function | undefined): readonly Way<Function>[] {
  const inScript: Way<Function> = { way: "TypeScript", run: script };
  if (native !== undefined) return [inScript, { way: "Zig", run: native }];
  if (Bun.env["BOLIDE_NATIVE"] === "0") return [inScript];
  throw new Error(`The native library is not loaded: ${nativeStatus().reason}`);
}
