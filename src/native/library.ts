import { dlopen, type FFIFunction, type Library } from "bun:ffi";
import { embeddedLibrary } from "./embedded.ts";
import { libraryFile } from "./library-file.ts";
import { pathInMemory } from "./memory-file.ts";

/** The version of the C ABI that this code speaks: `abi` in native/root.zig. */
const ABI = 1;

const LEVELS: Readonly<Record<number, string>> = { 1: "baseline", 2: "x86-64-v3" };

const SCAN = { args: ["ptr", "u32", "ptr"], returns: "i32" } as const satisfies FFIFunction;
const SEARCH = { args: ["ptr", "u32", "ptr", "ptr"], returns: "i32" } as const satisfies FFIFunction;

const SIGNATURES = {
  abi_version: { args: [], returns: "u32" },
  cpu_level: { args: [], returns: "u32" },
  names_compile: { args: ["ptr", "u32", "ptr", "u32"], returns: "i32" },
  cookie_find: SEARCH,
  cookie_check: SCAN,
  authorization_split: SCAN,
  accept_type: SEARCH,
  accept_encoding: SEARCH,
  hmac_compile: { args: ["ptr", "u32", "ptr", "u32"], returns: "i32" },
  jwt_verify: { args: ["ptr", "u32", "ptr", "ptr", "f64", "f64"], returns: "i32" },
  jws_verify: { args: ["ptr", "u32", "ptr", "ptr"], returns: "i32" },
  bucket_take: { args: ["ptr", "u32", "ptr", "f64", "f64", "f64"], returns: "f64" },
} as const satisfies Record<string, FFIFunction>;

/** The functions of the library; native/root.zig says what each does. */
export type NativeFunctions = Library<typeof SIGNATURES>["symbols"];

/** Whether the Zig library is in use: where it was found and what the processor allows, or why TypeScript does the work. */
export interface NativeStatus {
  readonly loaded: boolean;
  readonly path?: string;
  readonly cpu?: string;
  readonly reason?: string;
}

interface Loaded {
  readonly functions: NativeFunctions | undefined;
  readonly status: NativeStatus;
}

let loaded: Loaded | undefined;

/** The library, opened at the first call; undefined where it is switched off or cannot be opened. */
export function nativeFunctions(): NativeFunctions | undefined {
  return (loaded ??= load()).functions;
}

/**
 * Tells whether the native library is loaded, and loads it if nothing has asked for it yet.
 *
 * @example
 * nativeStatus(); // { loaded: true, path: "/app/dist/native/bolide-linux-x64.so", cpu: "x86-64-v3" }
 */
export function nativeStatus(): NativeStatus {
  return (loaded ??= load()).status;
}

function load(): Loaded {
  // A static property access would be inlined by a bundler that is told to inline the environment.
  if (Bun.env["BOLIDE_NATIVE"] === "0")
    return { functions: undefined, status: { loaded: false, reason: "BOLIDE_NATIVE=0" } };
  const failures: string[] = [];
  for (const candidate of candidates()) {
    const opened = open(candidate, failures);
    if (opened !== undefined) return opened;
  }
  const reason =
    failures.length === 0 ? `no library for ${process.platform} ${process.arch} was found` : failures.join("; ");
  console.warn(`bolide: the native library is not in use, TypeScript does its work: ${reason}`);
  return { functions: undefined, status: { loaded: false, reason } };
}

/** In the order of trust: the local build, the package beside the bundle, the file inside a binary, its copy in memory. */
function* candidates(): Generator<string> {
  const file = libraryFile(process.platform, process.arch);
  if (file === undefined) return;
  for (const folder of Bun.isStandaloneExecutable ? [] : ["../../dist/native", "./native"]) {
    const path = Bun.fileURLToPath(new URL(`${folder}/${file}`, import.meta.url));
    // `Bun.file` gives a missing file the size 0. To import node:fs for one question costs 2 ms of the start.
    if (Bun.file(path).size > 0) yield path;
  }
  const embedded = embeddedLibrary(file);
  if (embedded === undefined) return;
  yield embedded;
  const copy = pathInMemory(embedded);
  if (copy !== undefined) yield copy;
}

function open(path: string, failures: string[]): Loaded | undefined {
  let library: Library<typeof SIGNATURES>;
  try {
    library = dlopen(path, SIGNATURES);
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
    return undefined;
  }
  const version = library.symbols.abi_version();
  if (version !== ABI) {
    library.close();
    failures.push(`${path} speaks version ${version} of the ABI, this code version ${ABI}`);
    return undefined;
  }
  const cpu = LEVELS[library.symbols.cpu_level()] ?? "unknown";
  return { functions: library.symbols, status: { loaded: true, path, cpu } };
}
