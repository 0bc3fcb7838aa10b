import { dlopen } from "bun:ffi";

const MFD_CLOEXEC = 1;
/** Linux 6.3: asks for an executable file where `vm.memfd_noexec` would make it none; older kernels refuse the flag. */
const MFD_EXEC = 0x10;

/** glibc, then musl by its two architectures. */
const C_LIBRARIES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

/**
 * Copies a file into memory and returns a path under which it can be opened, for machines whose temporary directory is
 * missing or mounted noexec: `dlopen` of an embedded file extracts it there first. Linux only; undefined elsewhere.
 */
export function pathInMemory(path: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const descriptor = createMemoryFile();
    if (descriptor === undefined) return undefined;
    const { readFileSync, writeFileSync } = process.getBuiltinModule("node:fs");
    writeFileSync(descriptor, readFileSync(path));
    // The descriptor stays open: it is what the path names.
    return `/proc/self/fd/${descriptor}`;
  } catch {
    return undefined;
  }
}

function createMemoryFile(): number | undefined {
  for (const name of C_LIBRARIES) {
    try {
      const { symbols } = dlopen(name, { memfd_create: { args: ["cstring", "u32"], returns: "i32" } });
      for (const flags of [MFD_CLOEXEC | MFD_EXEC, MFD_CLOEXEC]) {
        const descriptor = symbols.memfd_create("bolide", flags);
        if (descriptor >= 0) return descriptor;
      }
      return undefined;
    } catch {
      // Another C library.
    }
  }
  return undefined;
}
