import { reasonPhrase } from "../http/index.ts";

const SUCCESSES: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  203: "Non-Authoritative Information",
  204: "No Content",
  205: "Reset Content",
  206: "Partial Content",
  207: "Multi-Status",
  208: "Already Reported",
  226: "IM Used",
  300: "Multiple Choices",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
};

const NAMES = new Map<number, string>();

/** The registered reason phrase of a status (IANA HTTP status code registry), as one word: `NotFound`. */
export function phraseName(status: number): string {
  // Every operation asks for five or more of the same few.
  return NAMES.getOrInsertComputed(status, () => phrase(status).replaceAll(/[^A-Za-z]/g, ""));
}

/** The registered reason phrase of a status. */
export function phrase(status: number): string {
  return status < 400 ? (SUCCESSES[status] ?? "Success") : reasonPhrase(status);
}
