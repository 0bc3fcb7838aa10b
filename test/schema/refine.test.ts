import { describe, expect, test } from "bun:test";
import { Invalid, t, type TSchema, Validators } from "../../src/schema/index.ts";

const read = (schema: TSchema, value: unknown, validators = new Validators()) => {
  const result = validators.json(schema, "body").read(value);
  return result instanceof Invalid
    ? result.entries.map(({ loc, msg, type }) => `${loc.join(".")}: ${msg} (${type})`)
    : result;
};

const company = t.Refine(t.Email(), (email) =>
  email.endsWith("@example.com") ? undefined : "Expected a company address",
);
const Stay = t.Refine(t.Object({ from: t.Date(), to: t.Date(), guests: t.Integer({ default: 2 }) }), ({ from, to }) =>
  to > from ? true : { loc: ["to"], msg: "Expected a date after from" },
);

describe("a check of one's own", () => {
  test("runs after the type's, and only then", () => {
    expect(read(company, "ada@example.com")).toBe("ada@example.com");
    expect(read(company, "ada@other.com")).toEqual(["body: Expected a company address (value_error)"]);
    expect(read(company, "ada")).toEqual(["body: Expected string to match 'email' format (format)"]);
  });

  test("sees decoded values with their defaults, and names the place", () => {
    expect(read(Stay, { from: "2026-01-01", to: "2026-01-02", extra: 1 })).toEqual({
      from: new Date("2026-01-01"),
      to: new Date("2026-01-02"),
      guests: 2,
    });
    expect(read(Stay, { from: "2026-01-02", to: "2026-01-02" })).toEqual([
      "body.to: Expected a date after from (value_error)",
    ]);
    let seen: unknown;
    read(
      t.Refine(Stay, (value) => void (seen = value)),
      { from: "2026-01-01", to: "2026-01-02", extra: 1 },
    );
    expect(seen).toEqual({ from: new Date("2026-01-01"), to: new Date("2026-01-02"), guests: 2 });
  });

  test("may find several faults, of other types too", () => {
    const tags = t.Refine(t.Array(t.String()), (all) =>
      all.flatMap((tag, at) => (tag === "" ? [{ loc: [at], msg: "Expected a tag", type: "too_short" as const }] : [])),
    );
    expect(read(tags, ["", "a", ""])).toEqual([
      "body.0: Expected a tag (too_short)",
      "body.2: Expected a tag (too_short)",
    ]);
  });

  test("stands beside the faults of other fields in one answer", () => {
    const schema = t.Object({ email: company, stay: Stay, age: t.Integer() });
    expect(read(schema, { email: "a@b.co", stay: { from: "2026-01-02", to: "2026-01-01" }, age: "x" })).toEqual([
      "body.email: Expected a company address (value_error)",
      "body.stay.to: Expected a date after from (value_error)",
      "body.age: Expected integer (type_error)",
    ]);
  });

  test("holds wherever the schema stands: in lists, optional, nullable, in unions and recursive types", () => {
    expect(read(t.Array(company), ["a@example.com", "a@b.co"])).toEqual([
      "body.1: Expected a company address (value_error)",
    ]);
    const optional = t.Object({ email: t.Optional(company) });
    expect(read(optional, {})).toEqual({});
    expect(read(optional, { email: "a@b.co" })).toEqual(["body.email: Expected a company address (value_error)"]);
    expect(read(t.Nullable(company), null)).toBeNull();
    expect(read(t.Nullable(company), "a@b.co")).toEqual(["body: Expected a company address (value_error)"]);
    expect(read(t.Union([t.Integer(), company]), "a@b.co")).toEqual(["body: Expected a company address (value_error)"]);
    const Tree = t.Recursive((This) => t.Object({ email: company, next: t.Optional(This) }));
    expect(read(Tree, { email: "a@example.com", next: { email: "a@b.co" } })).toEqual([
      "body.next.email: Expected a company address (value_error)",
    ]);
  });

  test("runs in the order in which checks were given, all of them", () => {
    const twice = t.Refine(
      t.Refine(t.String(), () => "first"),
      () => ["second", { msg: "third" }],
    );
    expect(read(twice, "x")).toEqual([
      "body: first (value_error)",
      "body: second (value_error)",
      "body: third (value_error)",
    ]);
  });

  test("holds for query parameters", () => {
    const even = t.Refine(t.Integer({ minimum: 0 }), (n) => (n % 2 === 0 ? undefined : "Expected an even number"));
    const reader = new Validators().text({ n: even, all: t.Optional(t.Array(even)) }, "query");
    expect(reader.read(["4", ["2"]])).toEqual({ n: 4, all: [2] });
    expect(reader.read(["3", undefined])).toEqual(
      new Invalid([{ loc: ["query", "n"], msg: "Expected an even number", type: "value_error" }]),
    );
    expect(reader.read(["2", ["2", "3"]])).toEqual(
      new Invalid([{ loc: ["query", "all", 1], msg: "Expected an even number", type: "value_error" }]),
    );
  });

  test("says nothing of answers", () => {
    expect(new Validators().answer(t.Object({ email: company }), "strict").write({ email: "a@b.co" })).toEqual({
      email: "a@b.co",
    });
  });

  test("is in no document", () => {
    expect(JSON.stringify(company)).toBe(JSON.stringify(t.Email()));
  });
});
