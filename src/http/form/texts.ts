import { type Entry, MAX_ENTRIES } from "../../schema/index.ts";
import type { RawValues } from "../query.ts";
import type { FormPlan } from "./plan.ts";
import { bytesInWords } from "./upload/rules.ts";

/** Why a text could not be taken. */
export type TextFault = "too long" | "not UTF-8" | "a file";

/** The declared text fields of one form, and what could not be taken of them. */
export class Texts {
  readonly values: RawValues;
  readonly refused = new Set<string>();
  readonly entries: Entry[] = [];
  readonly #unknown = new Set<string>();
  readonly #plan: FormPlan;
  readonly #longest: number;

  constructor(plan: FormPlan, longest: number) {
    this.#plan = plan;
    this.#longest = longest;
    this.values = plan.fields.map(() => undefined);
  }

  get unknown(): readonly string[] {
    return [...this.#unknown];
  }

  declares(name: string): boolean {
    return this.#plan.fields.includes(name);
  }

  ignore(name: string): void {
    if (this.#unknown.size < MAX_ENTRIES) this.#unknown.add(name);
  }

  take(name: string, value: string): void {
    const at = this.#plan.fields.indexOf(name);
    const all = this.values[at];
    if (this.#plan.repeated[at] !== true) this.values[at] = value;
    else if (all === undefined) this.values[at] = [value];
    else (all as string[]).push(value);
  }

  refuse(name: string, fault: TextFault): void {
    if (this.refused.has(name)) return;
    this.refused.add(name);
    const loc = ["form", name];
    if (fault === "too long") {
      const msg = `Expected a text of at most ${bytesInWords(this.#longest)}`;
      this.entries.push({ loc, msg, type: "too_long", ctx: { max_size: this.#longest } });
    } else if (fault === "not UTF-8") this.entries.push({ loc, msg: "Expected text in UTF-8", type: "value_error" });
    else this.entries.push({ loc, msg: "Expected a text, not a file", type: "type_error" });
  }
}
