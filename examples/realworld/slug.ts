/** A title as a part of an address: letters and digits of any script, and hyphens. */
export function slugify(title: string): string {
  const bare = title.normalize("NFKD").replaceAll(/\p{Mark}/gu, "");
  const words = bare.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? ["article"];
  const slug = words
    .join("-")
    .slice(0, 200)
    .replace(/\p{Surrogate}$/u, "");
  // At /articles/feed there is something else already.
  return slug === "feed" ? "the-feed" : slug;
}

/** Another one, for a title that another article has too. */
export const otherSlug = (slug: string): string => `${slug}-${Math.random().toString(36).slice(2, 8)}`;
