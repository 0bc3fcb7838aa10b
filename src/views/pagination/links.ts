import {
  t,
  type TInteger,
  type TNull,
  type TObject,
  type TOptional,
  type TString,
  type TUnion,
} from "../../schema/index.ts";
import { type Envelope, type Items, neighbourUrl } from "./envelope.ts";

/** The schema of pages in the links style, around rows. */
export type LinksSchema = TObject<{
  count: TOptional<TInteger>;
  next: TUnion<[TString, TNull]>;
  previous: TUnion<[TString, TNull]>;
  results: Items;
}>;

/** How links are written. */
export interface LinksOptions {
  /** With scheme and host, as `trustProxy` lets them be known. Default false: from the path on. */
  readonly absolute?: boolean;
}

/**
 * The envelope `{"count","next","previous","results"}`: the neighbours as URLs that keep every other query parameter, null where
 * there is none. `count` is left out where nobody counts.
 *
 * @example
 * pageNumber({ envelope: links() }); // {"count":41,"next":"/articles?page=3","previous":"/articles?page=1","results":[…]}
 */
export function links({ absolute = false }: LinksOptions = {}): Envelope<LinksSchema> {
  return (items, counted) => {
    const neighbour = t.Nullable(t.String());
    const rest = { next: neighbour, previous: neighbour, results: items };
    const schema = counted ? t.Object({ count: t.Integer(), ...rest }) : t.Object(rest);
    return {
      schema: schema as unknown as LinksSchema,
      write: (page) => ({
        ...(page.count === undefined ? {} : { count: page.count }),
        next: neighbourUrl(page, page.next, absolute),
        previous: neighbourUrl(page, page.previous, absolute),
        results: page.items,
      }),
    };
  };
}
