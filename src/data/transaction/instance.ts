import type { DynamicModule, Kysely } from "kysely";

/**
 * A Kysely instance, or anything that is one: a transaction, a database of Bolide's. TypeScript finds the tables by one property; to find
 * them in a subclass by the type of `Kysely` it compares every method, and comes to other types.
 */
export type Instance<DB> = Kysely<any> & { readonly dynamic: DynamicModule<DB> };
