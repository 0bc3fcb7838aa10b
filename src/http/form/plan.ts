import type { Entry, FileRules, UploadFile } from "../../schema/index.ts";
import type { RawValues } from "../query.ts";

/** The rules of one name's files, and the source that their entries name. */
export interface FormFile extends FileRules {
  readonly source: "form" | "files";
}

/** What is read of a form. */
export interface FormPlan {
  /** The declared text fields. */
  readonly fields: readonly string[];
  /** Per field, whether every repetition is wanted; else the last one wins. Both as a `TextReader` has them. */
  readonly repeated: readonly boolean[];
  /** The declared files by their names. */
  readonly files: ReadonlyMap<string, FormFile>;
}

/** What limits a form. */
export interface FormLimits {
  /** Bytes of the whole body: beyond it, the reader rejects with `ContentTooLarge`. */
  readonly bytes: number;
  /** Parts of a multipart form, default 100. */
  readonly parts?: number;
  /** Bytes up to which a file stays in memory, and that a text field has at most; default 1 MiB. */
  readonly memoryThreshold?: number;
}

/** What a form said. */
export interface FormResult {
  /** By index of `fields`, as a `TextReader` takes them. */
  readonly texts: RawValues;
  /** Names that are declared nowhere, each once, at most 100. */
  readonly unknown: readonly string[];
  /** By name: a file, or the files of `t.Files`. What is optional and was not sent is not in it. */
  readonly files: ReadonlyMap<string, UploadFile | UploadFile[]>;
  /** What is wrong: files, texts that could not be taken, the form itself. */
  readonly entries: readonly Entry[];
  /** Names of text fields that `entries` speaks of already: that they are missing is not to be said. */
  readonly refused: ReadonlySet<string>;
  /** Whether the form as such could not be read: nothing beside `entries` is to be said of it. */
  readonly broken: boolean;
  /** Removes the temporary files that were not moved away; reading a file is an error from then on. May be called twice. */
  dispose(): void;
}

/** Parts of a form unless declared otherwise. */
export const DEFAULT_PARTS = 100;
/** Bytes of a file that is kept in memory unless declared otherwise: 1 MiB. */
export const DEFAULT_MEMORY_THRESHOLD = 1_048_576;
