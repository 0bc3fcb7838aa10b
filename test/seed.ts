import { configureGlobal } from "fast-check";

/**
 * Properties are tried with the same values in every run, so that a change is what makes one fail; `FAST_CHECK_SEED` tries
 * others, and an error names the seed that it came from.
 */
configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_261_122) });
