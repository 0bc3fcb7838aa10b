export { cursor, type CursorOptions } from "./cursor.ts";
export type { OrderBy as CursorOrderBy } from "./cursor-order.ts";
export type { Envelope, Enveloped, Filled, Items, Page } from "./envelope.ts";
export { limitOffset, type LimitOffsetOptions } from "./limit-offset.ts";
export { links, type LinksOptions, type LinksSchema } from "./links.ts";
export { pageNumber, type PageNumberOptions } from "./page-number.ts";
export { PAGE, type Whole } from "./whole.ts";
export type { AnyPagination, PageContext, Paged, Pagination, SizeOptions } from "./pagination.ts";
