import { describe, expectTypeOf, test } from "bun:test";
import type { TInteger, TOptional, TString } from "@sinclair/typebox";
import { type Shape, type StaticOf, t, type WireOf } from "../../src/schema/index.ts";

describe("the value of a shape", () => {
  test("is the same for a record of types and for the object schema", () => {
    const fields = {
      id: t.Integer(),
      q: t.Optional(t.String()),
      at: t.Date(),
      sort: t.StringEnum(["asc", "desc"]),
      near: t.Csv(t.Number()),
    };
    const object = t.Object(fields);
    type Expected = { id: number; q?: string; at: Date; sort: "asc" | "desc"; near: number[] };
    expectTypeOf<StaticOf<typeof fields>>().toEqualTypeOf<Expected>();
    expectTypeOf<StaticOf<typeof object>>().toEqualTypeOf<Expected>();
  });

  test("knows bigints, bytes and nullables", () => {
    const fields = { n: t.BigInt(), b: t.Bytes(), u: t.Uint8Array(), d: t.Nullable(t.Date()) };
    expectTypeOf<StaticOf<typeof fields>>().toEqualTypeOf<{
      n: bigint;
      b: Uint8Array;
      u: Uint8Array;
      d: Date | null;
    }>();
  });

  test("needs a schema or a record of schemas", () => {
    expectTypeOf<{ id: TInteger; q: TOptional<TString> }>().toExtend<Shape>();
    expectTypeOf<{ id: number }>().not.toExtend<Shape>();
  });
});

describe("the JSON of a schema", () => {
  test("has strings for dates, bigints and bytes, at every level", () => {
    const schema = t.Object({
      at: t.Date(),
      all: t.Array(t.Object({ n: t.BigInt() })),
      pair: t.Tuple([t.Date(), t.Integer()]),
      b: t.Optional(t.Bytes()),
      d: t.Nullable(t.Date()),
    });
    expectTypeOf<WireOf<typeof schema>>().toEqualTypeOf<{
      at: string;
      all: { n: string }[];
      pair: [string, number];
      b?: string;
      d: string | null;
    }>();
  });

  test("is the value itself where there is nothing to encode", () => {
    const schema = t.Object({
      a: t.Integer(),
      any: t.Any(),
      unknown: t.Unknown(),
      map: t.Record(t.String(), t.Boolean()),
      kind: t.Union([t.Literal("a"), t.Literal(1)]),
    });
    expectTypeOf<WireOf<typeof schema>>().toEqualTypeOf<StaticOf<typeof schema>>();
  });
});
