import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { Failure } from "../failure.ts";

/** Files laid out as the binary is to see them. */
export interface Staged {
  /** What the bundler embeds, each under its own name. */
  readonly roots: readonly string[];
  readonly count: number;
  /** Removes the layout. */
  readonly remove: () => void;
}

/** The two directories that decide how an asset is called. */
export interface Bases {
  /** The directory of the api's file: what lies in it is called by its path from here. */
  readonly near: string;
  /** Where the command runs: all else is called by its path from here, as it was written. */
  readonly from: string;
}

/** A file that is made, not found: its path below the directory above them all, and what is in it. */
export interface MadeFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Lays the files that the patterns match out in a temporary directory, as Bun's bundler names a lone file by its last part only.
 * In the binary `import.meta.dir` is the directory above them all, so a file near the api's own is found by the same path in both.
 */
export function stageAssets(patterns: readonly string[], bases: Bases, made: readonly MadeFile[] = []): Staged {
  const files = new Map(
    patterns.flatMap((pattern) => matches(pattern, bases)).map((file) => [nameOf(file, bases), file]),
  );
  if (files.size === 0 && made.length === 0) return { roots: [], count: 0, remove: () => {} };
  const stage = mkdtempSync(join(tmpdir(), "bolide-assets-"));
  for (const [name, file] of files) {
    const place = join(stage, name);
    mkdirSync(dirname(place), { recursive: true });
    try {
      linkSync(file, place);
    } catch {
      // Another file system.
      copyFileSync(file, place);
    }
  }
  for (const { path, bytes } of made) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    writeFileSync(join(stage, path), bytes);
  }
  return {
    roots: readdirSync(stage).map((name) => join(stage, name)),
    count: files.size,
    remove: () => rmSync(stage, { recursive: true, force: true }),
  };
}

function matches(pattern: string, { from }: Bases): string[] {
  const whole = statSync(resolve(from, pattern), { throwIfNoEntry: false });
  if (whole?.isFile() === true) return [resolve(from, pattern)];
  const glob = new Bun.Glob(whole?.isDirectory() === true ? `${pattern.replace(/\/+$/, "")}/**` : pattern);
  const files = [...glob.scanSync({ cwd: from, absolute: true, dot: true, onlyFiles: true, followSymlinks: true })];
  if (files.length === 0) throw new Failure(`--assets "${pattern}" matches no file`);
  return files.sort();
}

function nameOf(file: string, { near, from }: Bases): string {
  const name = [relative(near, file), relative(from, file)].find((path) => !path.startsWith(".."));
  if (name === undefined)
    throw new Failure(`${file} lies outside of the directory in which you build: an asset must be below it`);
  return name;
}
