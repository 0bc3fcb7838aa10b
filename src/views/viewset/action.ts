import {
  type AnyHandler,
  type Contract,
  type Defaults,
  type Handler,
  type Method,
  type RootScope,
  type SetRoute,
} from "../../route/index.ts";
import { isSchema } from "../../schema/index.ts";

/** What an action's contract may say beyond a route's: where it is, and under which methods. */
export interface ActionContract extends Contract {
  /** Default `POST`; of the six standard actions it is their own. */
  readonly method?: Method | readonly Method[];
  /** Below the collection, or below one object where `detail` is true; default the action's name in kebab-case. */
  readonly path?: string;
  /** Whether it is about one object: `/:id/publish` rather than `/publish`. Default true. */
  readonly detail?: boolean;
}

declare const ANSWER: unique symbol;

/** An action with a contract of its own; see {@link action}. */
export interface Action<C extends ActionContract = ActionContract, R = unknown> {
  readonly contract: C;
  readonly handler: AnyHandler;
  readonly [ANSWER]?: R;
}

/** The names of the standard actions, their methods, and whether they are about one object. */
export const STANDARD = {
  list: { method: "GET", detail: false, status: 200 },
  create: { method: "POST", detail: false, status: 201 },
  retrieve: { method: "GET", detail: true, status: 200 },
  update: { method: "PUT", detail: true, status: 200 },
  partialUpdate: { method: "PATCH", detail: true, status: 200 },
  destroy: { method: "DELETE", detail: true, status: 204 },
} as const satisfies Record<string, { method: Method; detail: boolean; status: number }>;

export type StandardName = keyof typeof STANDARD;

export const STANDARD_NAMES = Object.keys(STANDARD) as StandardName[];

/**
 * An action that declares what it reads and answers, as a route does; its contract may also name its `method`, its `path`, and
 * whether it is about one object (`detail`, the default) or about the collection.
 *
 * @example
 * const publish = action({ params: { id: t.Integer() }, response: Article.public }, ({ params }) => publishArticle(params.id));
 */
export function action<const C extends ActionContract, R>(
  contract: C,
  handler: Handler<"", C, RootScope, R>,
): Action<C, R> {
  return Object.freeze({ contract, handler: handler as AnyHandler });
}

type MethodOf<K, C> = C extends { readonly method: infer M }
  ? M extends readonly (infer One extends Method)[]
    ? One
    : M & Method
  : K extends StandardName
    ? (typeof STANDARD)[K]["method"]
    : "POST";

type Kebab<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${Kebab<Tail>}`
    : `-${Lowercase<Head>}${Kebab<Tail>}`
  : "";

type Detail<K, C> = C extends { readonly detail: infer D }
  ? D
  : K extends StandardName
    ? (typeof STANDARD)[K]["detail"]
    : true;
type Tail<K extends string, C> = C extends { readonly path: infer P extends string }
  ? P
  : K extends StandardName
    ? ""
    : `/${Kebab<K>}`;
type StatusOf<K> = K extends "create" | "destroy" ? { readonly status: (typeof STANDARD)[K]["status"] } : {};

/** The route of an action by its name, its contract, the path parameter, and what its handler returns. */
export type ActionRoute<K extends string, C, L extends string, R> = SetRoute<
  MethodOf<K, C>,
  `${Detail<K, C> extends false ? "" : `/:${L}`}${Tail<K, C>}`,
  StatusOf<K> & Omit<C, "method" | "path" | "detail">,
  R
>;

/** The route of one action; what it says itself goes before the defaults. */
export function setRoute(
  name: string,
  contract: ActionContract,
  handler: AnyHandler,
  defaults: Defaults,
  lookup: string,
): SetRoute {
  const standard = STANDARD[name as StandardName] as (typeof STANDARD)[StandardName] | undefined;
  const { method = standard?.method ?? "POST", detail = standard?.detail ?? true, path, ...rest } = contract;
  const tail = path ?? (standard === undefined ? `/${kebab(name)}` : "");
  return Object.freeze({
    methods: typeof method === "string" ? [method] : method,
    path: detail ? `/:${lookup}${tail}` : tail,
    contract: { ...defaults, ...statusOf(standard?.status, rest), ...rest },
    handler,
  });
}

/** Create answers 201 and destroy 204, unless the contract declares another success. */
function statusOf(status: number | undefined, { response }: Contract): { status?: number } {
  if (status === undefined || status === 200) return {};
  const declared = response === undefined || isSchema(response) ? [] : Object.keys(response).map(Number);
  return declared.length === 0 || declared.includes(status) ? { status } : {};
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
