import { type Dirent, existsSync, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { dirname, join } from "node:path";

/** Directories whose content nobody edits. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist", "build", "out", "coverage", "zig-out"]);

/** Told of a path below a watched directory that was written, created, renamed or removed. */
export type OnChange = (path: string) => void;

/**
 * Watches directories one by one, as a recursive watch would descend into `node_modules`: all of a project's, and those of
 * single files elsewhere. New directories are watched from when they appear.
 */
export class WatchedTree {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #onChange: OnChange;

  constructor(onChange: OnChange) {
    this.#onChange = onChange;
  }

  /** Watches a directory and all below it. */
  addTree(directory: string): void {
    this.#add(directory);
    for (const entry of entries(directory)) {
      if (entry.isDirectory() && isWatchable(entry.name)) this.addTree(join(directory, entry.name));
    }
  }

  /** Watches the directory of a file. */
  addFile(file: string): void {
    if (existsSync(dirname(file))) this.#add(dirname(file));
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #add(directory: string): void {
    if (this.#watchers.has(directory)) return;
    const watcher = watch(directory, (_, name) => {
      if (name !== null) this.#changed(join(directory, name), name);
    });
    watcher.on("error", () => this.#drop(directory));
    this.#watchers.set(directory, watcher);
  }

  #changed(path: string, name: string): void {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) {
      // What was written into it before it was watched is a change as well.
      if (isWatchable(name) && !this.#watchers.has(path)) {
        this.addTree(path);
        for (const entry of entries(path)) this.#changed(join(path, entry.name), entry.name);
      }
      return;
    }
    if (stats === undefined) this.#drop(path);
    this.#onChange(path);
  }

  #drop(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }
}

const isWatchable = (name: string): boolean => !name.startsWith(".") && !SKIPPED.has(name);

function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}
