import { fileSystem, paths } from "../on-demand.ts";

/** One call of a stack. */
export interface Frame {
  /** What was called; `<anonymous>` without a name. */
  readonly name: string;
  /** The file as the runtime names it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Whether the file is the application's own: neither the runtime's, a dependency's nor Bolide's. */
  readonly own: boolean;
}

/** Lines of a source around the one that matters. */
export interface Excerpt {
  /** The number of the first line. */
  readonly first: number;
  readonly lines: readonly string[];
}

const FRAME = /^\s+at (?:async )?(?:(.+?) \()?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/;

/** Reads the calls out of an error's stack, innermost first. */
export function framesOf(error: Error): readonly Frame[] {
  const frames: Frame[] = [];
  for (const text of callsOf(error).split("\n")) {
    const found = FRAME.exec(text);
    if (!found) continue;
    const [, name = "<anonymous>", file, line, column] = found;
    const path = file!.replace(/^file:\/\//, "");
    frames.push({ name, file: path, line: Number(line), column: Number(column), own: isOwn(path) });
  }
  return frames;
}

/** The stack without its heading: a message can hold lines that look like calls, and would choose which files are read. */
function callsOf(error: Error): string {
  const stack = typeof error.stack === "string" ? error.stack : "";
  const { message } = error;
  const at = stack.indexOf(message);
  return at < 0 ? stack : stack.slice(at + message.length);
}

/** Calls of Bolide and Kysely that may stand between a query and whoever asked for it. */
const DEEPEST = 64;

/** Remembers the calls of this moment for {@link callSite}: 0.2 us, the rest is work for when somebody asks. */
export function calls(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = DEEPEST;
  const error = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** The application's innermost own line among calls, as in `src/users.ts:12`; 10 us. */
export function callSite(at: Error = calls()): string | undefined {
  const frame = framesOf(at).find(({ own }) => own);
  return frame && `${shortName(frame.file)}:${frame.line}`;
}

/** Bolide's sources, where they are files of their own rather than a bundle. */
const ROOMS = import.meta.path.endsWith("/src/http/debug/frames.ts")
  ? import.meta.dir.slice(0, -"http/debug".length)
  : undefined;

function isOwn(file: string): boolean {
  if (!file.startsWith("/") && !/^[A-Za-z]:[\\/]/.test(file)) return false;
  if (/[\\/]node_modules[\\/]/.test(file)) return false;
  return ROOMS === undefined || !file.startsWith(ROOMS);
}

/** A file's name as a developer would say it: relative to the working directory where it lies there. */
export function shortName(file: string): string {
  if (!file.startsWith("/")) return file;
  const short = paths().relative(process.cwd(), file);
  return short.startsWith("..") ? file : short;
}

const SOURCE = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;
const LARGEST_SOURCE = 2 * 1024 * 1024;
const LONGEST_LINE = 400;

/** The lines around a call, or `undefined` where the source cannot be read: it is not there, too large, or no source at all. */
export function excerptOf(frame: Frame, around = 6): Excerpt | undefined {
  if (!SOURCE.test(frame.file)) return undefined;
  try {
    const { readFileSync, statSync } = fileSystem();
    const about = statSync(frame.file);
    if (!about.isFile() || about.size > LARGEST_SOURCE) return undefined;
    const lines = readFileSync(frame.file, "utf8").split(/\r?\n/);
    if (frame.line > lines.length) return undefined;
    const first = Math.max(1, frame.line - around);
    const shown = lines.slice(first - 1, frame.line + around);
    return {
      first,
      lines: shown.map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)} …` : line)),
    };
  } catch {
    return undefined;
  }
}
