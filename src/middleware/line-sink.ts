/** Takes one line, without its line end. */
export type WriteLine = (line: string) => void;

/** Lines wait no longer than this before they are on stdout. */
const FLUSH_MILLIS = 100;
/** Lines wait until they are this many bytes: a write per line costs 1.5 us, a buffered one a tenth. */
const BUFFER_BYTES = 65_536;

let shared: WriteLine | undefined;

/** Writes lines to stdout through one buffer, made at first use, flushed every 100 ms and when the process ends. */
export function stdoutLines(): WriteLine {
  shared ??= buffered(Bun.stdout);
  return shared;
}

/** Writes lines to a file through a buffer that is flushed by a timer and when the process ends. */
export function buffered(file: Bun.BunFile): WriteLine {
  const sink = file.writer({ highWaterMark: BUFFER_BYTES });
  let timer: Timer | undefined;

  function flush(): void {
    timer = undefined;
    void sink.flush();
  }
  process.on("exit", flush);
  return function writeLine(line) {
    sink.write(`${line}\n`);
    timer ??= setTimeout(flush, FLUSH_MILLIS).unref();
  };
}
