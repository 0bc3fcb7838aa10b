// Written by bolide migrate make.
import type { Migrations } from "bolide/data";
import * as m0001_initial from "./0001_initial.ts";
import * as m0002_indexes from "./0002_indexes.ts";

export const migrations: Migrations = {
  "0001_initial": m0001_initial,
  "0002_indexes": m0002_indexes,
};
