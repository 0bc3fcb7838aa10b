import type { FileStorage } from "../schema/index.ts";
import { fileSystem, paths } from "./on-demand.ts";

/**
 * Keeps files in a folder, which is made with those above it when the first file comes. Each gets a name of its own, a
 * UUID (version 7, so names sort by time) with the extension of the file's name where that is up to 16 ASCII letters and digits; the name that
 * the client gave is not on the disk. Answers with the path, which begins with `directory`.
 *
 * @example
 * ```ts
 * const photos = folderStorage("media/photos");
 * await files.photo.saveTo(photos); // "media/photos/0191d2c5-7e3a-7c1e-9d2b-5b1f0c5d2a11.png"
 * ```
 */
export function folderStorage(directory: string): FileStorage {
  if (directory === "") throw new TypeError("folderStorage takes the path of a folder, not an empty text");
  let made: Promise<unknown> | undefined;
  return {
    async save(file) {
      // Asked again after a failure: the disk may have been full, or not mounted yet.
      made ??= fileSystem().promises.mkdir(directory, { recursive: true });
      try {
        await made;
      } catch (error) {
        made = undefined;
        throw error;
      }
      const extension = /\.[A-Za-z0-9]{1,16}$/.exec(file.filename)?.[0].toLowerCase() ?? "";
      return file.saveTo(paths().join(directory, `${Bun.randomUUIDv7()}${extension}`));
    },
  };
}
