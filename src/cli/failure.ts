import { join, sep } from "node:path";

/** What the command line tells a person instead of a stack: one sentence, and the exit code that goes with it. */
export class Failure extends Error {
  /** 2 where the command was written wrong, 1 where what it was asked for failed. */
  readonly code: 1 | 2;

  constructor(message: string, code: 1 | 2 = 1, options?: ErrorOptions) {
    super(message, options);
    this.name = "Failure";
    this.code = code;
  }
}

/** What a program threw, in words: its message, and the lines of the user's own files that led there. */
export function describeError(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(describeError).join("\n");
  if (isBuildMessage(error)) return describeBuildMessage(error);
  if (!(error instanceof Error)) return `${String(error)} was thrown, which is no Error`;
  // Bolide's own start-up errors name the route; where in Bolide they were noticed helps nobody.
  if (["RouteError", "SchemaError", "PathError", "ModelError"].includes(error.name)) return error.message;
  return [named(error), ...ownFrames(error.stack ?? "")].join("\n");
}

/** A 503 is what clients are told of a database that is away; its cause says why. */
function named({ name, message, cause }: Error): string {
  if (name === "ServiceUnavailable" && cause instanceof Error) return `${message}: ${cause.message}`;
  return name === "Error" ? message : `${name}: ${message}`;
}

/** A syntax error, or an import that leads nowhere, as Bun reports them. */
interface BuildProblem {
  readonly message: string;
  readonly position: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly lineText: string;
  } | null;
}

function isBuildMessage(error: unknown): error is BuildProblem {
  return error instanceof BuildMessage || error instanceof ResolveMessage;
}

function describeBuildMessage({ message, position }: BuildProblem): string {
  if (position === null || position.file === "") return shorten(message);
  const { file, line, column, lineText } = position;
  return `${shorten(file)}:${line}:${column}: ${message}\n  ${lineText.trimEnd()}\n  ${" ".repeat(Math.max(0, column - 1))}^`;
}

/** Frames beyond this many say nothing more. */
const FRAMES = 5;

/** Where Bolide's own code is: in the source tree, in the package, and in a binary, whose source maps know paths from the project. */
const OWN = [
  join(import.meta.dir, "..") + sep,
  "/node_modules/",
  "(node_modules/",
  "at ../",
  "(../",
  "(bun:",
  "(native:",
];

function ownFrames(stack: string): string[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line) && !OWN.some((part) => line.includes(part)))
    .slice(0, FRAMES)
    .map((line) => `  ${shorten(line.trim())}`);
}

const shorten = (text: string): string => text.replaceAll(process.cwd() + sep, "");
