import { describe, expect, test } from "bun:test";
import { t } from "bolide";
import { type ColumnKind, columnKind, hasMany, belongsTo, model, ModelError } from "../../../src/data/index.ts";
import type { TSchema } from "../../../src/schema/index.ts";

const KINDS: readonly (readonly [schema: TSchema, kind: ColumnKind])[] = [
  [t.PrimaryKey(), "integer"],
  [t.PrimaryKey("uuid"), "uuid"],
  [t.Integer(), "integer"],
  [t.Integer({ format: "int32" }), "int32"],
  [t.Number(), "number"],
  [t.Decimal(), "decimal"],
  [t.BigInt(), "bigint"],
  [t.String(), "text"],
  [t.String({ format: "email" }), "text"],
  [t.RegExp(/^a/), "text"],
  [t.Boolean(), "boolean"],
  [t.Timestamp(), "timestamp"],
  [t.Date(), "timestamp"],
  [t.Day(), "date"],
  [t.String({ format: "date" }), "date"],
  [t.Json(), "json"],
  [t.Json(t.String()), "json"],
  [t.Object({}), "json"],
  [t.Array(t.Integer()), "json"],
  [t.Record(t.String(), t.Integer()), "json"],
  [t.Union([t.String(), t.Integer()]), "json"],
  [t.Any(), "json"],
  [t.Bytes(), "bytes"],
  [t.Uuid(), "uuid"],
  [t.String({ format: "uuid" }), "uuid"],
  [t.StringEnum(["a", "b"]), "enum"],
  [t.Literal("a"), "enum"],
  [t.Union([t.Literal("a"), t.Literal("b")]), "enum"],
  [t.ForeignKey("users.id"), "integer"],
  [t.ForeignKey("files.id", { type: t.Uuid() }), "uuid"],
];

describe("the kind of a column", () => {
  test.each(KINDS)("%j is %s, nullable or not", (schema, kind) => {
    expect([columnKind(schema), columnKind(t.Nullable(schema))]).toEqual([kind, kind]);
  });
});

const id = t.PrimaryKey();

/** What cannot be a model, and what the error says. */
const FAULTS: readonly (readonly [make: () => unknown, message: string])[] = [
  [() => model("users", {}), 'model "users": it has no columns'],
  [
    () => model("users", { name: t.String() }),
    'model "users": it has no primary key; give a column t.PrimaryKey(), or name columns in primaryKey',
  ],
  [
    () => model("users", { id, name: t.Optional(t.String()) }),
    'model "users", column "name": t.Optional has no meaning for a column; use t.Nullable',
  ],
  [() => model("users", { id, name: t.Null() }), 'model "users", column "name": no column holds a Null'],
  [
    () => model("users", { id, name: t.Function([], t.Any()) }),
    'model "users", column "name": no column holds a Function',
  ],
  [
    () => model("users", { id }, { indexes: [["name" as "id"]] }),
    'model "users", column "name": a key or an index names it, but there is no such column',
  ],
  [
    () => model("users", { id }, { unique: [["name" as "id"]] }),
    'model "users", column "name": a key or an index names it, but there is no such column',
  ],
  [
    () => model("users", { id }, { primaryKey: ["name" as "id"] }),
    'model "users", column "name": a key or an index names it, but there is no such column',
  ],
  [
    () => model("users", { id: t.Nullable(t.Integer()) }, { primaryKey: ["id"] }),
    'model "users", column "id": a primary key is never null',
  ],
  [
    () => model("users", { id }, { relations: { id: hasMany("articles", "authorId") } }),
    'model "users", column "id": a relation has the name of a column',
  ],
  [
    () => model("users", { id }, { relations: { team: belongsTo("teams", "teamId") } }),
    'model "users", column "teamId": the relation "team" names it, but there is no such column',
  ],
];

describe("a model that contradicts itself", () => {
  test.each(FAULTS)("%# is refused where it is declared", (make, message) => {
    expect(make).toThrow(new ModelError("", undefined, "").constructor as typeof ModelError);
    expect(make).toThrow(message);
  });
});
