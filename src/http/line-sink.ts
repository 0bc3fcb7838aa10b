/** Takes one line, without its line end. */
export type WriteLine = (line: string) => void;

/** Lines wait no longer than this before they are on stdout. */
const FLUSH_MILLIS = 100;
/** Lines wait until they are this many characters: one write for some 300 lines. */
const BUFFERED = 65_536;

let shared: WriteLine | undefined;

/** Writes lines to stdout through one buffer, made at first use, flushed every 100 ms and when the process ends. */
export function stdoutLines(): WriteLine {
  shared ??= buffered(Bun.stdout);
  return shared;
}

/** Writes lines to a file through a buffer that is flushed by a timer and when the process ends. */
function buffered(file: Bun.BunFile): WriteLine {
  const sink = file.writer();
  let waiting = "";
  let timer: Timer | undefined;
  let broken = false;

  // A log whose reader has gone is no reason to end a server.
  function stop(): void {
    broken = true;
  }

  function flush(): void {
    timer = undefined;
    const text = waiting;
    waiting = "";
    if (text === "" || broken) return;
    try {
      const written = sink.write(text);
      const flushed = sink.flush();
      if (written instanceof Promise) written.catch(stop);
      if (flushed instanceof Promise) flushed.catch(stop);
    } catch {
      stop();
    }
  }

  process.on("exit", flush);
  return function writeLine(line) {
    waiting += `${line}\n`;
    if (waiting.length >= BUFFERED) flush();
    timer ??= setTimeout(flush, FLUSH_MILLIS).unref();
  };
}
