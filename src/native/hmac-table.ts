import { type Pointer, ptr } from "bun:ffi";
import { HMAC_ALGORITHMS, type JwtPolicy, LONGEST_SCHEME } from "./hmac.ts";
import type { NativeFunctions } from "./library.ts";

/** Longer tokens are refused unread: `longest_token` in native/jose.zig. Bun answers 431 to a header block of more than about 16 KB. */
export const LONGEST_TOKEN = 16_384;

/** `names.padding` in native/names.zig: the bytes behind an input that a vector load may touch. */
const PADDING = 64;
const LONGEST_INPUT = LONGEST_TOKEN + LONGEST_SCHEME + 1;
/** `room` in native/jose.zig: three decoded segments, each with room for a whole block behind it. */
const DECODED = LONGEST_TOKEN + 3 * PADDING;

/** Flags of native/verifier.zig. */
const REQUIRES_EXP = 1;
const PORTABLE = 2;

/** Room that is enough for any policy: the header, each key with its states, each name, the texts. */
const roomFor = (policy: JwtPolicy, description: Uint8Array): number =>
  128 + policy.keys.length * 512 + description.length;

/** A policy compiled for the library. The memory lives as long as this value is referenced. */
export interface CompiledVerifier {
  readonly memory: Uint8Array;
  readonly pointer: Pointer;
}

/** Compiles keys and policy; `BOLIDE_SHA=portable` leaves the SHA instructions of the processor unused, for tests and benchmarks. */
export function compileVerifier(
  functions: NativeFunctions,
  policy: JwtPolicy,
  isPortable = Bun.env["BOLIDE_SHA"] === "portable",
): CompiledVerifier {
  const description = describe(policy, isPortable);
  // Backed by an ArrayBuffer of its own, so that it is 8-byte aligned.
  const memory = new Uint8Array(new ArrayBuffer(roomFor(policy, description)));
  const pointer = ptr(memory);
  const used = functions.hmac_compile(ptr(description), description.length, pointer, memory.length);
  description.fill(0);
  if (used < 0) throw new RangeError("The native library refused the keys");
  return { memory, pointer };
}

/** Numbers, then texts: `compile` in native/verifier.zig says in which order. */
function describe(policy: JwtPolicy, isPortable: boolean): Uint8Array {
  const encoder = new TextEncoder();
  const { keys } = policy;
  const scheme = encoder.encode(policy.scheme);
  const typ = encoder.encode(policy.typ);
  const kids = keys.map(({ kid }) => encoder.encode(kid));
  const names = [...policy.issuers, ...policy.audiences].map((name) => encoder.encode(name));
  const numbers = [
    (policy.requireExp ? REQUIRES_EXP : 0) | (isPortable ? PORTABLE : 0),
    keys.length,
    policy.issuers.length,
    policy.audiences.length,
    scheme.length,
    policy.typ === undefined ? 0 : typ.length + 1,
  ];
  for (const [index, { secret, kid, algorithms }] of keys.entries()) {
    const bits = algorithms.reduce((sum, algorithm) => sum | (1 << HMAC_ALGORITHMS.indexOf(algorithm)), 0);
    numbers.push(bits, kid === undefined ? 0 : (kids[index] as Uint8Array).length + 1, secret.length);
  }
  numbers.push(...names.map(({ length }) => length));
  const texts = [scheme, typ, ...keys.flatMap(({ secret }, index) => [kids[index] as Uint8Array, secret]), ...names];
  return Buffer.concat([new Uint8Array(Uint32Array.from(numbers).buffer), ...texts]);
}

interface TokenMemory {
  readonly input: Pointer;
  readonly decoded: Pointer;
  /** Writes a value; false when it is not ASCII, and then the library must not be asked. It fits if `isTooLong` is false. */
  write(value: string): boolean;
  text(length: number): string;
  bytes(length: number): Uint8Array;
}

let tokenMemory: TokenMemory | undefined;

/** The memory of all verifiers of a thread, as verification is synchronous; allocated at the first token. */
export const openTokenMemory = (): TokenMemory => (tokenMemory ??= allocate());

function allocate(): TokenMemory {
  const input = new Uint8Array(LONGEST_INPUT + PADDING);
  const decoded = Buffer.from(new ArrayBuffer(DECODED));
  const encoder = new TextEncoder();
  return {
    input: ptr(input),
    decoded: ptr(decoded),
    write: (value) => encoder.encodeInto(value, input).written === value.length,
    // 67 ns for 110 bytes, as much as by "latin1"; a TextDecoder takes 81.
    text: (length) => decoded.toString("utf8", 0, length),
    bytes: (length) => Uint8Array.prototype.slice.call(decoded, 0, length),
  };
}
