/** What the served process tells the one that watches over it. */
export type Report =
  /** Every file that the program has read so far. */
  | { readonly kind: "files"; readonly files: readonly string[] }
  /** It answers. */
  | { readonly kind: "listening"; readonly line: string; readonly port: number | undefined };

/** Set in the environment of a process that `bolide dev` watches over. */
export const WATCHED = "BOLIDE_WATCHED";

/** Whether `bolide dev` started this process. */
export const isWatched = (): boolean => process.env[WATCHED] === "1" && process.send !== undefined;
