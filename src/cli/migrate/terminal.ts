import { createInterface } from "node:readline/promises";

/** Somebody who can be asked. */
export interface Terminal {
  /** Yes or no; no is what a bare return means. */
  confirm(question: string): Promise<boolean>;
}

/** The person at the terminal; undefined where nobody is, as in CI. */
export function terminal(): Terminal | undefined {
  const isCi = (process.env["CI"] ?? "") !== "" && process.env["CI"] !== "false";
  if (isCi || !process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  return {
    async confirm(question) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
      } finally {
        lines.close();
      }
    },
  };
}
