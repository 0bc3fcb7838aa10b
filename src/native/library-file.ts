const NAMES: Readonly<Record<string, string>> = {
  "linux-x64": "bolide-linux-x64.so",
  "linux-arm64": "bolide-linux-arm64.so",
  "darwin-x64": "bolide-darwin-x64.dylib",
  "darwin-arm64": "bolide-darwin-arm64.dylib",
  "win32-x64": "bolide-windows-x64.dll",
  "win32-arm64": "bolide-windows-arm64.dll",
};

/** The name of the library for a platform as `build.zig` gives it; undefined for a platform without one. */
export const libraryFile = (platform: string, architecture: string): string | undefined =>
  NAMES[`${platform}-${architecture}`];
