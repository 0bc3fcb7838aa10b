import { expect, test } from "bun:test";
import { chordOf, kilometresOf, pointAt } from "../../examples/places/sphere.ts";
import { fold, wordsQuery } from "../../examples/places/words.ts";

test.each([
  ["Łódź", "lodz"],
  ["Đà Nẵng", "da nang"],
  ["Straßenhaus", "strassenhaus"],
  ["Ærøskøbing", "aeroskobing"],
  ["Þorlákshöfn", "thorlakshofn"],
  ["İzmir", "izmir"],
  ["Iğdır", "igdir"],
  ["Œting", "oeting"],
  ["Ħamrun", "hamrun"],
  ["Ağdaş Şəki", "agdas seki"],
  ["Москва", "москва"],
  ["", ""],
])("%s is indexed as %s", (name, folded) => {
  expect(fold(name)).toBe(folded);
});

test.each([
  ["San Fran", undefined, 'name : ("san" "fran"*)'],
  ["zürich", "CH", 'name : ("zurich"*) AND country : "CH"'],
  ['a" OR "b', undefined, 'name : ("a" "or" "b"*)'],
  ["N'Djamena", undefined, 'name : ("n" "djamena"*)'],
  ["*-()", "CH", undefined],
])("%s in %p is asked for as %s", (text, country, query) => {
  expect(wordsQuery(text, country)).toBe(query);
});

test.each([
  ["a degree of longitude at the equator", [0, 0], [0, 1], 111.195],
  ["a degree across the antimeridian", [0, 179.5], [0, -179.5], 111.195],
  ["over the pole", [89.5, 0], [89.5, 180], 111.195],
  ["pole to pole", [90, 12], [-90, -34], 20_015.114],
  ["nothing at all", [47.37, 8.54], [47.37, 8.54], 0],
  ["Zürich to Paris", [47.36667, 8.55], [48.85341, 2.3488], 489.015],
] as const)("%s has its length in kilometres", (_, [a, b], [c, d], kilometres) => {
  const from = pointAt(a, b);
  const to = pointAt(c, d);
  const squared = (from.x - to.x) ** 2 + (from.y - to.y) ** 2 + (from.z - to.z) ** 2;
  expect(kilometresOf(squared)).toBe(kilometres);
  expect(kilometresOf(chordOf(kilometres) ** 2)).toBe(kilometres);
});
