import type { Chance } from "./chance.ts";
import { FIRST_NAMES, LAST_NAMES, REMARKS, SENTENCES, TAGS, TITLES } from "./words.ts";

/** Different names: every first name with as many last names as it takes. */
export const userNames = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => {
    const first = FIRST_NAMES[n % FIRST_NAMES.length]!;
    const turn = Math.floor(n / FIRST_NAMES.length);
    return `${first}.${LAST_NAMES[(n * 7 + turn) % LAST_NAMES.length]}`;
  });

const filled = (template: string, topics: () => string): string => template.replaceAll("#", topics);

const sentence = (chance: Chance, topic: string): string => filled(chance.of(SENTENCES), () => topic);

export const remark = (chance: Chance, topic: string): string => filled(chance.of(REMARKS), () => topic);

/** A title, a summary and some paragraphs about two to four tags, which are returned by their numbers. */
export function text(chance: Chance) {
  const tags = chance.several(2 + chance.below(3), TAGS.length, 1.5);
  const topics = tags.map((tag) => TAGS[tag]!);
  let next = 0;
  const title = filled(chance.of(TITLES), () => topics[next++ % topics.length]!);
  const paragraphs = Array.from({ length: 3 + chance.below(4) }, () =>
    Array.from({ length: 2 + chance.below(4) }, () => sentence(chance, chance.of(topics))).join(" "),
  );
  return {
    tags,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    description: sentence(chance, topics[0]!),
    body: [`## ${topics.join(", ")}`, ...paragraphs].join("\n\n"),
  };
}
