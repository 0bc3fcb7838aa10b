import { fileSystem } from "../../on-demand.ts";

/** Bytes that are read at once. */
const CHUNK = 65_536;

/** A stream that nobody reads to its end, and nobody cancels, still has its file open. */
const forgotten = new FinalizationRegistry<number>((descriptor) => fileSystem().closeSync(descriptor));

/**
 * The bytes of a file that is open from now on, so that it may be removed before it is read. Errors: as the file system has
 * them, at once where there is no such file.
 */
export function diskStream(path: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { openSync, closeSync, read } = fileSystem();
  const descriptor = openSync(path, "r");
  const token = {};
  // The system may still read into a chunk when nobody wants it any more: only then is the number of the file free for another.
  let reading = false;
  let wanted = true;
  const close = (): void => {
    wanted = false;
    forgotten.unregister(token);
    if (!reading) closeSync(descriptor);
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) =>
        new Promise((resolve) => {
          const chunk = new Uint8Array(CHUNK);
          reading = true;
          read(descriptor, chunk, 0, CHUNK, null, (error, count) => {
            reading = false;
            if (!wanted) closeSync(descriptor);
            else if (error === null && count > 0) controller.enqueue(chunk.subarray(0, count));
            else {
              close();
              if (error === null) controller.close();
              else controller.error(error);
            }
            resolve();
          });
        }),
      cancel: close,
    },
    { highWaterMark: 0 },
  );
  forgotten.register(body, descriptor, token);
  return body;
}
