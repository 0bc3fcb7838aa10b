import type { Problem, TObject } from "../../schema/index.ts";

/** What comes out of the actions: one schema for all, or one per action. `list` is that of an item. */
export interface Outputs {
  readonly list?: TObject | AnySerializer;
  readonly retrieve?: TObject | AnySerializer;
  /** Of create, update and partialUpdate. Default: that of `retrieve`. */
  readonly write?: TObject | AnySerializer;
}

/** What goes into the actions that write. */
export interface Inputs {
  readonly create?: TObject | AnySerializer;
  /** Default: that of `create`. */
  readonly update?: TObject | AnySerializer;
  readonly partialUpdate?: TObject | AnySerializer;
}

/** A serializer of which only what runs is looked at. */
export interface AnySerializer {
  readonly input: TObject;
  readonly output: TObject;
  readonly views: Readonly<Record<string, AnySerializer>>;
  readonly sent: readonly string[];
  readonly checksWhole: boolean;
  toOutput(row: any): unknown;
  fromInput(value: any): object;
  problems(value: any): readonly Problem[];
  partial(): AnySerializer;
}
