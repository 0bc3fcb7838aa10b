import { relative } from "node:path";

/** A path as a person would write it here. */
export const shown = (path: string): string => relative(process.cwd(), path) || ".";
