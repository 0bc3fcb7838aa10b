export { prefetch } from "./prefetch.ts";
export { related } from "./related.ts";
export type { Loaded, Related, RelatedOptions, RelationsRequest } from "./request.ts";
