// The prepared statements of the servers on Bun.
import { Database } from "bun:sqlite";
import { join } from "node:path";

export interface Place {
  id: number;
  name: string;
  country: string;
  population: number;
  latitude: number;
  longitude: number;
}

export interface Row {
  id: number;
  name: string;
  email: string;
  city: string;
  active: boolean;
}

const data = Bun.env["BENCH_DATA"] ?? "";
const db = new Database(join(data, "places.db"), { readonly: true });
const columns = "id, name, country, population, latitude, longitude";

export const placeById = db.prepare<Place, [number]>(`SELECT ${columns} FROM places WHERE id = ?`);
export const placesOf = db.prepare<Place, [string]>(
  `SELECT ${columns} FROM places WHERE country = ? ORDER BY population DESC LIMIT 10`,
);
export const rows = (await Bun.file(join(data, "rows.json")).json()) as Row[];
export const page = "<!doctype html><title>Bolide</title><h1>Hello, World!</h1>";
