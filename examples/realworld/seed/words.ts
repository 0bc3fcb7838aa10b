/** What the seed's people, tags and texts are made of. */

export const FIRST_NAMES = (
  "ada alan alice amara anders anya aroha bao beatriz bram carmen chidi clara dana diego elif emil esra fatima felix " +
  "gita goran grace hana hugo imani ines ivan jamal jana jonas kai katya kofi lars leila lin luca maia malik marta " +
  "mateo mei milo nadia nils noor olga omar paulo petra priya quinn rafael rina rosa sami sara selma sofia sven tariq " +
  "tessa tomas uma vera viktor wanda xenia yara yusuf zoe"
).split(" ");

export const LAST_NAMES = (
  "abe adler almeida bauer berg blum castro chen costa diaz duval eriksen fischer fontana garcia haas hansen herrera " +
  "ito jansen kaur keller khan kim kowal kraus lang larsen lopez marino meyer moreau mori nakata novak okafor olsen " +
  "park patel petrov popa quist ramos reyes rossi sato schmid silva singh sorensen tanaka torres vance varga vogel " +
  "weber wolf yilmaz zeman"
).split(" ");

export const TAGS = (
  "accessibility api architecture astronomy baking birds books bun caching career cities climbing coffee compilers css " +
  "cycling databases debugging design dragons economics education events films forests gardening geology grammar " +
  "hardware health history journalism kysely languages law leadership linux maps mathematics music networks oceans " +
  "openapi opera parsers performance philosophy photography physics poetry postgresql privacy radio security sewing " +
  "sqlite testing tools trains training transactions travel types unicode volcanoes weather writing zig"
).split(" ");

/** `#` is a tag. */
export const TITLES = [
  "What nobody tells you about #",
  "A year of #",
  "# for people in a hurry",
  "The quiet return of #",
  "How I stopped worrying about #",
  "Seven mistakes with #, and one that paid off",
  "Notes on # and #",
  "Why # still matters",
  "Learning # the slow way",
  "# explained to my grandmother",
  "Before you start with #",
  "The small history of #",
  "An argument against #",
  "# and # belong together",
  "Letters to a beginner in #",
  "What # taught me about #",
];

export const SENTENCES = [
  "It began, as these things do, with a question that sounded simple.",
  "Most of what is written about # is either too old or too sure of itself.",
  "I kept a notebook, and after three months I read it from the start.",
  "The first attempt failed for a reason that had nothing to do with #.",
  "There is a moment at which # stops being work and becomes a habit.",
  "Measure it twice, write the number down, and only then have an opinion.",
  "My neighbour, who knows everything about #, disagrees with all of this.",
  "Nothing here is new; what is new is that it finally fits on one page.",
  "If you take one thing with you, let it be the order in which to do it.",
  "What looked like a detail of # turned out to be the whole of it.",
  "The tools have become better, and the mistakes have stayed the same.",
  "Ask somebody who has done it badly: they remember every step.",
  "By the second week the numbers had stopped moving, and I understood why.",
  "Everybody who starts with # asks this, and nobody asks it twice.",
];

export const REMARKS = [
  "Thank you so much!",
  "This is the clearest text about # that I have read.",
  "I tried it, and it works.",
  "Not sure that I agree about #, but the second half is right.",
  "Could you say more about the failed attempt?",
  "We had exactly this problem last week.",
  "Saved for later.",
  "My experience with # was the opposite.",
  "The notebook is the best part.",
  "More of this, please.",
];
