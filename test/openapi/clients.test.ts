import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { api } from "../../examples/places/api.ts";
import { lodz, openForEachTest } from "../examples/asking.ts";
import * as forms from "./form-programs.ts";

const ROOT = join(import.meta.dir, "../..");
mkdirSync(join(import.meta.dir, ".bolide"), { recursive: true });
// Here, so that the packages beside this file are found.
const folder = mkdtempSync(join(import.meta.dir, ".bolide/clients-"));
afterAll(() => rmSync(folder, { recursive: true }));

openForEachTest();

/** A program that speaks to the example by the client that openapi-typescript types. */
const OPENAPI_FETCH = `
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.ts";

export async function talk(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  // The types do not reach the run time: that a list is one text must be said again.
  const querySerializer = { array: { style: "form", explode: false } } as const;
  const near = await client.GET("/places", { params: { query: { near: [51.77, 19.47], limit: 1 } }, querySerializer });
  const names: string[] = near.data!.items.map(({ name }) => name);
  const one = await client.GET("/places/{id}", { params: { path: { id: 3093133 } } });
  const place: components["schemas"]["Place"] = one.data!;
  const body = { name: "Atlantis", country: "ZZ", latitude: 1, longitude: 2 };
  const made = await client.POST("/places", { body });
  const id: number = made.data!.id;
  const changed = await client.PATCH("/places/{id}", { params: { path: { id } }, body: { population: 7 } });
  const gone = await client.DELETE("/places/{id}", { params: { path: { id } } });
  const missing = await client.GET("/places/{id}", { params: { path: { id } } });
  const wrong = await client.POST("/places", { body: { ...body, latitude: 91 } });
  const told = wrong.error as components["schemas"]["InvalidInput"];
  return {
    names, place, made: made.response.status, population: changed.data!.population, gone: gone.response.status,
    missing: missing.error, wrong: told.detail.map(({ type }) => type),
  };
}

export async function never(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  // @ts-expect-error -- there is no such path
  await client.GET("/place");
  // @ts-expect-error -- a latitude is a number
  await client.POST("/places", { body: { name: "x", country: "ZZ", latitude: "1", longitude: 2 } });
  // @ts-expect-error -- a place has no mayor
  return (await client.GET("/places/{id}", { params: { path: { id: 1 } } })).data!.mayor;
}
`;

/** The same by the client that @hey-api/openapi-ts writes. */
const HEY_API = `
import { createPlaces, destroyPlacesById, getPlaces, partialUpdatePlacesById, retrievePlacesById, type Place } from "./hey/index.ts";
import { client } from "./hey/client.gen.ts";

export async function talk(baseUrl: string) {
  client.setConfig({ baseUrl });
  const near = await getPlaces({ query: { near: [51.77, 19.47], limit: 1 } });
  const names: string[] = near.data!.items.map(({ name }) => name);
  const one = await retrievePlacesById({ path: { id: 3093133 } });
  const place: Place = one.data!;
  const body = { name: "Atlantis", country: "ZZ", latitude: 1, longitude: 2 };
  const made = await createPlaces({ body });
  const id: number = made.data!.id;
  const changed = await partialUpdatePlacesById({ path: { id }, body: { population: 7 } });
  const gone = await destroyPlacesById({ path: { id } });
  const missing = await retrievePlacesById({ path: { id } });
  const wrong = await createPlaces({ body: { ...body, latitude: 91 } });
  const told = wrong.error as { detail: { type: string }[] };
  return {
    names, place, made: made.response!.status, population: changed.data!.population, gone: gone.response!.status,
    missing: missing.error, wrong: told.detail.map(({ type }) => type),
  };
}

export async function never() {
  // @ts-expect-error -- a latitude is a number
  await createPlaces({ body: { name: "x", country: "ZZ", latitude: "1", longitude: 2 } });
  // @ts-expect-error -- a place has no mayor
  return (await retrievePlacesById({ path: { id: 1 } })).data!.mayor;
}
`;

beforeAll(async () => {
  await Bun.write(join(folder, "openapi.json"), JSON.stringify(await api.document()));
  await Bun.write(join(folder, "by-fetch.ts"), OPENAPI_FETCH);
  await Bun.write(join(folder, "by-hey.ts"), HEY_API);
  await Bun.write(
    join(folder, "tsconfig.json"),
    // What a generator writes need not please our own, strictest options.
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: "ESNext",
        module: "Preserve",
        moduleResolution: "bundler",
        lib: ["ESNext", "DOM", "DOM.Iterable"],
        types: [],
        skipLibCheck: true,
        allowImportingTsExtensions: true,
      },
      include: ["."],
    }),
  );
  await Bun.write(join(folder, "forms/openapi.json"), JSON.stringify(await forms.api.document()));
  await Bun.write(join(folder, "forms/by-fetch.ts"), forms.OPENAPI_FETCH);
  await Bun.write(join(folder, "forms/by-hey.ts"), forms.HEY_API);
  for (const place of [folder, join(folder, "forms")]) {
    const program = join(import.meta.dir, "programs/generate.ts");
    const command = [process.execPath, program, join(place, "openapi.json"), place];
    const { exitCode, stderr } = Bun.spawnSync(command, { cwd: ROOT });
    expect([exitCode, stderr.toString()]).toEqual([0, ""]);
  }
}, 60_000);

test("generated clients type-check, and find what is wrong", async () => {
  const command = [process.execPath, "check", "--no-script", "--no-pretty", "--all", "-p", folder];
  const child = Bun.spawn(command, { cwd: ROOT, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  expect(`${out}${err}`.match(/.*error TS.*/g)).toBeNull();
  expect(await child.exited).toBe(0);
}, 60_000);

describe("a client generated by", () => {
  test.each([
    ["openapi-typescript and openapi-fetch", "by-fetch.ts"],
    ["@hey-api/openapi-ts", "by-hey.ts"],
  ])("%s talks to the example", async (_, file) => {
    const server = await api.listen({ port: 0 });
    try {
      const { talk } = (await import(join(folder, file))) as { talk: (url: string) => Promise<unknown> };
      expect(await talk(server.url.href.replace(/\/$/, ""))).toEqual({
        names: [lodz.name],
        place: lodz,
        made: 201,
        population: 7,
        gone: 204,
        missing: { detail: "Not found" },
        wrong: ["range"],
      });
    } finally {
      await server.stop();
    }
  });
});

describe("a form is sent by a client generated by", () => {
  test.each([
    ["openapi-typescript and openapi-fetch", "forms/by-fetch.ts"],
    ["@hey-api/openapi-ts", "forms/by-hey.ts"],
  ])("%s", async (_, file) => {
    const server = await forms.api.listen({ port: 0 });
    try {
      const { talk } = (await import(join(folder, file))) as { talk: (url: string) => Promise<unknown> };
      expect(await talk(server.url.href.replace(/\/$/, ""))).toEqual(forms.OUTCOME);
    } finally {
      await server.stop();
    }
  });
});
