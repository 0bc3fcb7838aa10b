import type { TSchema } from "@sinclair/typebox";
import { type Check, compile, emit, type PrebuiltChecks } from "./compile.ts";
import { Invalid, Report, type Source } from "./entry.ts";
import { type Form, type Judge, Judges } from "./judge.ts";
import { lower } from "./lower.ts";
import type { Node, ObjectNode } from "./node.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { type Settle, Settles, Unsettled } from "./settle.ts";
import { asObject, type Shape } from "./shape.ts";
import { type TextReader, textReader } from "./text.ts";

/** Reads a value that `JSON.parse` returned. */
export interface JsonReader {
  read(value: unknown): unknown | Invalid;
}

/** Makes the JSON-ready value of what a handler answers: plain objects, no `Date`, no `bigint`. */
export interface AnswerWriter {
  write(value: unknown): unknown | Invalid;
}

/**
 * Makes the readers and writers of one api, and holds their checks. A schema that cannot be checked as declared throws
 * a `SchemaError` here, never later; its check is compiled when the first value arrives.
 *
 * @example
 * const body = new Validators().json(t.Object({ name: t.String() }), "body");
 * body.read({ name: "Ada", admin: true }); // { name: "Ada" }
 */
export class Validators {
  readonly #prebuilt: PrebuiltChecks | undefined;
  readonly #plans: { readonly [F in Form]: Map<TSchema, Plan> } = { wire: new Map(), value: new Map() };

  /** `prebuilt` is the default export of the module that `emit` wrote; checks that are not in it are made at run time. */
  constructor(prebuilt?: PrebuiltChecks) {
    this.#prebuilt = prebuilt;
  }

  /**
   * A reader of texts: path parameters, query, headers, cookies, form fields.
   *
   * @example
   * new Validators().text({ id: t.Integer() }, "params").read(["7"]); // { id: 7 }
   */
  text(shape: Shape, source: Source): TextReader {
    return textReader(lower(asObject(shape)) as ObjectNode, source);
  }

  /**
   * A reader of JSON: checks, drops undeclared properties, decodes dates, bigints and bytes, fills in defaults. A value
   * that needs none of it is returned as it is, not copied.
   *
   * @example
   * new Validators().json(t.Object({ at: t.Date() }), "body").read({ at: "2026-11-22", x: 1 }); // { at: Date }
   */
  json(schema: TSchema, source: Source): JsonReader {
    const plan = this.#plan(schema, "wire");
    return { read: (value) => plan.run(value, source) };
  }

  /**
   * A writer of answers. `strict` checks and removes undeclared properties, `strip` only removes them (an object or
   * array where the schema has none is still `Invalid`: nothing could be removed from it), `off` leaves the value be.
   * Defaults are not filled in. `additionalProperties: false` speaks of input: here the surplus is removed, not refused.
   *
   * @example
   * new Validators().answer(t.Object({ id: t.Integer() }), "strict").write({ id: 1, password: "x" }); // { id: 1 }
   */
  answer(schema: TSchema, mode: "strict" | "strip" | "off"): AnswerWriter {
    const plan = this.#plan(schema, "value");
    if (mode === "strict") return { write: (value) => plan.run(value, "response") };
    if (mode === "strip") return { write: (value) => plan.strip(value, "response") };
    return { write: (value) => value };
  }

  /**
   * The source text of an ES module that holds every check made so far; loading it generates no code.
   *
   * @example
   * await Bun.write("checks.mjs", validators.emit());
   * new Validators((await import("./checks.mjs")).default);
   */
  emit(): string {
    return emit([...this.#plans.wire.values(), ...this.#plans.value.values()].map((plan) => plan.prepared()));
  }

  #plan(schema: TSchema, form: Form): Plan {
    const known = this.#plans[form].get(schema);
    if (known !== undefined) return known;
    const plan = new Plan(lower(schema, form === "wire"), form, this.#prebuilt);
    this.#plans[form].set(schema, plan);
    return plan;
  }
}

/** What is known of one schema in one form. Each part is made when it is first needed: 1,000 routes start in no time. */
class Plan {
  readonly #node: Node;
  readonly #form: Form;
  readonly #prebuilt: PrebuiltChecks | undefined;
  #judges: Judges | undefined;
  #check: Check | undefined;
  #judge: Judge | undefined;
  #settle: Settle | undefined;
  #strip: Settle | undefined;

  constructor(node: Node, form: Form, prebuilt: PrebuiltChecks | undefined) {
    this.#node = node;
    this.#form = form;
    this.#prebuilt = prebuilt;
  }

  prepared(): Prepared {
    return prepare(this.#node, this.#form);
  }

  run(value: unknown, source: Source): unknown {
    try {
      const check = (this.#check ??= compile(this.prepared(), this.#prebuilt) ?? this.#judged());
      return check(value) ? this.#settled(value) : this.#explained(value, source);
    } catch (error) {
      return refused(error, source);
    }
  }

  strip(value: unknown, source: Source): unknown {
    try {
      this.#strip ??= new Settles(this.#form, this.#fold(), false).of(this.#node) ?? identity;
      return this.#strip(value);
    } catch (error) {
      return refused(error, source);
    }
  }

  #settled(value: unknown): unknown {
    this.#settle ??= new Settles(this.#form, this.#fold(), true).of(this.#node) ?? identity;
    return this.#settle(value);
  }

  #judged(): Judge {
    return (this.#judge ??= this.#fold().of(this.#node));
  }

  #fold(): Judges {
    return (this.#judges ??= new Judges(this.#form));
  }

  #explained(value: unknown, source: Source): Invalid {
    const report = new Report(source);
    this.#judged()(value, report);
    // Fail closed where a global TypeSystemPolicy makes TypeBox's check stricter than the judge.
    if (report.entries.length === 0) report.add("Expected a value that matches the schema", "value_error");
    return new Invalid(report.entries);
  }
}

const identity: Settle = (value) => value;

function refused(error: unknown, source: Source): Invalid {
  if (error instanceof RangeError) {
    // The stack ran out: the value is nested deeper than a recursive schema can be followed.
    return new Invalid([{ loc: [source], msg: "Expected a value less deeply nested", type: "value_error" }]);
  }
  if (error instanceof Unsettled) {
    return new Invalid([{ loc: [source], msg: "Expected a value of the declared sort", type: "type_error" }]);
  }
  throw error;
}
