import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { Invalid, t, type TSchema, Validators } from "../../src/schema/index.ts";

const write = (schema: TSchema, value: unknown, mode: "strict" | "strip" | "off" = "strict") =>
  new Validators().answer(schema, mode).write(value);

const User = t.Object({ id: t.Integer(), name: t.String(), nick: t.Optional(t.String()) });

describe("a strict answer", () => {
  test("that matches is handed on untouched", () => {
    const rows = [
      { id: 1, name: "Ada" },
      { id: 2, name: "Bob", nick: "b" },
    ];
    expect(write(t.Array(User), rows)).toBe(rows);
  });

  test("loses the columns that the schema does not declare, at every level", () => {
    const row = { id: 1, name: "Ada", password: "x" };
    expect(write(User, row)).toStrictEqual({ id: 1, name: "Ada" });
    expect(write(t.Array(User), [{ id: 0, name: "" }, row])).toStrictEqual([
      { id: 0, name: "" },
      { id: 1, name: "Ada" },
    ]);
    expect(write(t.Object({ user: User }), { user: row })).toStrictEqual({ user: { id: 1, name: "Ada" } });
    expect(write(t.Nullable(User), row)).toStrictEqual({ id: 1, name: "Ada" });
    expect(write(t.Nullable(User), null)).toBeNull();
  });

  test("loses them also under additionalProperties: false, which speaks of input", () => {
    expect(
      write(t.Object({ id: t.Integer() }, { additionalProperties: false }), { id: 1, password: "x" }),
    ).toStrictEqual({ id: 1 });
  });

  test("of a class's instance is a plain object, whatever its toJSON says", () => {
    class Row {
      password = "x";
      get id() {
        return 1;
      }
      toJSON() {
        return { password: this.password };
      }
    }
    expect(JSON.stringify(write(t.Object({ id: t.Integer() }), new Row()))).toBe('{"id":1}');
    expect(JSON.stringify(write(t.Object({ id: t.Integer() }), { id: 1, toJSON: () => ({ password: "x" }) }))).toBe(
      '{"id":1}',
    );
    expect(JSON.stringify(write(t.Object({ id: t.Integer() }, { additionalProperties: true }), new Row()))).toBe(
      '{"id":1,"password":"x"}',
    );
  });

  test("of a row of bun:sqlite that matches is handed on untouched", () => {
    const row = new Database(":memory:").query("SELECT 1 AS id, 'Ada' AS name").get();
    expect(write(User, row)).toBe(row);
  });

  test("has its dates, bigints and bytes encoded", () => {
    const schema = t.Object({
      at: t.Date(),
      big: t.BigInt(),
      bytes: t.Bytes(),
      maybe: t.Nullable(t.Date()),
      all: t.Record(t.String(), t.Date()),
    });
    const value = {
      at: new Date(0),
      big: 12345678901234567890n,
      bytes: new Uint8Array([104, 105]),
      maybe: null,
      all: { a: new Date(1) },
    };
    expect(write(schema, value)).toStrictEqual({
      at: "1970-01-01T00:00:00.000Z",
      big: "12345678901234567890",
      bytes: "aGk=",
      maybe: null,
      all: { a: "1970-01-01T00:00:00.001Z" },
    });
  });

  test("that does not match is Invalid, and says where", () => {
    expect(write(t.Array(User), [{ id: 1, name: null }])).toEqual(
      new Invalid([{ loc: ["response", 0, "name"], msg: "Expected string", type: "type_error" }]),
    );
    expect(write(t.Object({ at: t.Date() }), { at: new Date(Number.NaN) })).toEqual(
      new Invalid([{ loc: ["response", "at"], msg: "Expected Date", type: "type_error" }]),
    );
    expect(write(t.Object({ n: t.Number() }), { n: Number.NaN })).toEqual(
      new Invalid([{ loc: ["response", "n"], msg: "Expected number", type: "type_error" }]),
    );
  });

  test("does not get defaults: what a client sees is what the handler answered", () => {
    expect(write(t.Object({ a: t.Integer({ default: 1 }) }), {})).toBeInstanceOf(Invalid);
  });

  test("that contains itself is Invalid, and the process lives", () => {
    const Node = t.Recursive((This) => t.Object({ next: t.Optional(This) }));
    const value: { next?: unknown } = {};
    value.next = value;
    expect(write(Node, value)).toEqual(
      new Invalid([{ loc: ["response"], msg: "Expected a value less deeply nested", type: "value_error" }]),
    );
  });
});

describe("a stripped answer", () => {
  test("loses undeclared properties and is not checked", () => {
    expect(write(User, { id: "one", password: "x" }, "strip")).toStrictEqual({ id: "one" });
    expect(write(User, 5, "strip")).toBe(5);
    expect(write(t.Object({ at: t.Date() }), { at: "today" }, "strip")).toStrictEqual({ at: "today" });
  });

  test("is never taken for exact because as many are missing as are too many", () => {
    expect(write(t.Object({ id: t.Integer(), name: t.String() }), { id: 1, password: "x" }, "strip")).toStrictEqual({
      id: 1,
    });
  });

  test("is Invalid where nothing could be stripped", () => {
    expect(write(User, [{ id: 1, password: "x" }], "strip")).toBeInstanceOf(Invalid);
    expect(write(t.Object({ at: t.Date() }), { at: { password: "x" } }, "strip")).toBeInstanceOf(Invalid);
    expect(write(t.Union([User, t.Object({ other: t.Integer() })]), { password: "x" }, "strip")).toBeInstanceOf(
      Invalid,
    );
  });
});

test("an answer under off is left alone", () => {
  const value = { anything: 1n };
  expect(write(User, value, "off")).toBe(value);
});
