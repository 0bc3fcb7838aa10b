import { afterAll, afterEach, beforeAll, beforeEach } from "bun:test";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api } from "../../examples/places/api.ts";
import type { FoundPlace } from "../../examples/places/find.ts";
import { db } from "../../examples/places/database.ts";
import { type ImportOptions, openPlaces } from "../../examples/places/import.ts";
import { encode, subset } from "./subset.ts";

/** An answer of the example. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of any shape
  readonly body: any;
}

/** Sends a request to the example, in this process. */
export async function ask(method: string, target: string, body?: unknown): Promise<Answer> {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await api.handle(new Request(`http://places.test${target}`, { method, ...init }));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

export const get = (target: string): Promise<Answer> => ask("GET", target);

/** Makes the example's database at a path, without a bar, and does something with it before it is closed. */
export async function withPlaces<T>(path: string, options: ImportOptions, act: () => T): Promise<T> {
  const before = Bun.env["PLACES_DB"];
  Bun.env["PLACES_DB"] = path;
  try {
    await openPlaces({ onProgress: () => {}, ...options });
    return act();
  } finally {
    await db.destroy();
    if (before === undefined) delete Bun.env["PLACES_DB"];
    else Bun.env["PLACES_DB"] = before;
  }
}

/** The example's database: opened for every test of a file, each time as it was. */
export interface Opened {
  readonly path: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a database of the subset for every test of this file. */
export function openForEachTest(): Opened {
  const folder = mkdtempSync(join(tmpdir(), "places-"));
  const original = join(folder, "original.db");
  const path = join(folder, "places.db");
  const before = Bun.env["PLACES_DB"];
  let end: (() => Promise<void>) | undefined;
  const opened: Opened = {
    path,
    start: async () => {
      end = (await api.settings.lifespan?.(api)) as () => Promise<void>;
    },
    stop: async () => end?.(),
  };
  beforeAll(async () => {
    const data = encode(await subset());
    await withPlaces(original, { data: async () => data }, () => {});
    Bun.env["PLACES_DB"] = path;
  });
  beforeEach(() => {
    copyFileSync(original, path);
    return opened.start();
  });
  afterEach(() => opened.stop());
  afterAll(() => {
    if (before === undefined) delete Bun.env["PLACES_DB"];
    else Bun.env["PLACES_DB"] = before;
    rmSync(folder, { recursive: true });
  });
  return opened;
}

/** A place of the subset. */
export const lodz: FoundPlace = {
  id: 3_093_133,
  name: "Łódź",
  country: "PL",
  admin: "74",
  feature: "PPLA",
  population: 768_755,
  latitude: 51.77058,
  longitude: 19.47395,
};
