import { type Pointer, ptr } from "bun:ffi";
import type { NativeFunctions } from "./library.ts";

/** A list of names compiled for the library. The memory lives as long as this value is referenced. */
interface CompiledNames {
  readonly memory: Uint8Array;
  readonly pointer: Pointer;
}

/** Room for the header, one entry of 24 bytes per name, the text and the padding: `size` in native/names.zig. */
const roomFor = (names: readonly string[], text: Uint8Array): number => 16 + names.length * 24 + text.length + 64;

export function compileNames(functions: NativeFunctions, names: readonly string[]): CompiledNames {
  const text = new TextEncoder().encode(names.join("\n"));
  // Backed by an ArrayBuffer of its own, so that it is 8-byte aligned.
  const memory = new Uint8Array(new ArrayBuffer(roomFor(names, text)));
  const pointer = ptr(memory);
  const count = functions.names_compile(ptr(text), text.length, pointer, memory.length);
  if (count !== names.length) throw new RangeError(`The native library refused the names ${names.join(", ")}`);
  return { memory, pointer };
}
