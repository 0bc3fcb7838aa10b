import {
  areBuckets,
  BUCKETS_BYTES,
  BUCKETS_HEADER,
  bucketsMatterUntil,
  keepBuckets,
  newBuckets,
} from "../../native/index.ts";

/** Files of one name that are not ours or not whole, after which it is given up. */
const ATTEMPTS = 4;

/** What all files of one user begin with. */
const family = (): string => `bolide-limit-${process.getuid?.() ?? 0}-`;

/** A table that processes share, and the file it is in. */
export interface SharedTable {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly path: string;
  readonly inode: number;
}

/** How long a table is to be kept, in milliseconds since 1970: from now, until nothing in it matters. */
export interface Lifetime {
  readonly now: number;
  readonly until: number;
}

/**
 * The table of a name, made where there is none; it then says until when it matters. To make one clears away those that have
 * not mattered for an hour. A file that is no table is left alone, and the next name is taken.
 */
export function openTable(directory: string, name: string, { now, until }: Lifetime): SharedTable {
  if (process.platform !== "linux") throw new Error(`${process.platform} has no /dev/shm`);
  const path = `${directory}/${family()}${name}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const one = `${path}-${attempt}`;
    let table = mapTable(one);
    if (table === undefined) {
      clear(directory, now);
      makeTable(one, until);
      table = mapTable(one);
    }
    if (table === undefined || table === NOT_OURS) continue;
    keepBuckets(table.bytes, until);
    return table;
  }
  throw new Error(`${path}-* are no tables of limits`);
}

/** Keeps a table until then; false where its file is gone, as `rm` and logind's `RemoveIPC` do, and others count in another. */
export function keepTable({ bytes, path, inode }: SharedTable, until: number): boolean {
  const { lstatSync } = process.getBuiltinModule("node:fs");
  keepBuckets(bytes, until);
  return lstatSync(path, { throwIfNoEntry: false })?.ino === inode;
}

const NOT_OURS: unique symbol = Symbol("not ours");

/** `undefined` where there is no file. Asked through its descriptor, so that what was checked is what is mapped. */
function mapTable(path: string): SharedTable | typeof NOT_OURS | undefined {
  const { closeSync, constants, fstatSync, openSync } = process.getBuiltinModule("node:fs");
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    return NOT_OURS;
  }
  try {
    const file = fstatSync(descriptor);
    const ours = file.isFile() && file.uid === process.getuid?.() && (file.mode & 0o077) === 0;
    // A file that is too short would end the process when it is read.
    if (!ours || file.size !== BUCKETS_BYTES) return NOT_OURS;
    const bytes = Bun.mmap(`/proc/self/fd/${descriptor}`, { shared: true });
    return areBuckets(bytes) ? { bytes, path, inode: file.ino } : NOT_OURS;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a table under a name of its own and links it to the one that is asked for, so that nobody ever sees half of one; of several
 * processes at once, the first wins. It is written to its end: memory that is promised and not there would end the process later.
 */
function makeTable(path: string, until: number): void {
  const { linkSync, writeFileSync } = process.getBuiltinModule("node:fs");
  const draft = `${path}.${process.pid}.${crypto.randomUUID()}`;
  const bytes = newBuckets();
  keepBuckets(bytes, until);
  try {
    writeFileSync(draft, bytes, { mode: 0o600, flag: "wx" });
    linkSync(draft, path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  } finally {
    unlinkIfThere(draft);
  }
}

/** How long a file stays after it has ceased to matter: whoever is only just making one, or opening it, is done by then. */
const GRACE = 3_600_000;

/** Removes tables of this user that matter no more, and drafts of processes that were killed. */
function clear(directory: string, now: number): void {
  const { readdirSync } = process.getBuiltinModule("node:fs");
  try {
    for (const name of readdirSync(directory)) {
      const path = `${directory}/${name}`;
      if (name.startsWith(family()) && isOver(path, now)) unlinkIfThere(path);
    }
  } catch {
    // Another process was faster, or nobody may list the directory: what can go goes when the next table is made.
  }
}

function isOver(path: string, now: number): boolean {
  const { lstatSync } = process.getBuiltinModule("node:fs");
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file?.isFile() || file.uid !== process.getuid?.()) return false;
  return file.mtimeMs + GRACE < now && mattersUntil(path) + GRACE < now;
}

/** What a file says of itself. Its modification time does not tell: writes to mapped memory need not change it. */
function mattersUntil(path: string): number {
  const { closeSync, openSync, readSync } = process.getBuiltinModule("node:fs");
  const descriptor = openSync(path, "r");
  try {
    const header = new Uint8Array(BUCKETS_HEADER);
    readSync(descriptor, header);
    return bucketsMatterUntil(header);
  } finally {
    closeSync(descriptor);
  }
}

function unlinkIfThere(path: string): void {
  try {
    process.getBuiltinModule("node:fs").unlinkSync(path);
  } catch {
    // It was never made, or another process was faster.
  }
}
